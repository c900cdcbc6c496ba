import type { LocationQuery } from 'vue-router'

import type { paths } from '@/api/schema'
import { momentIn, type Span, spanDays, spans } from '@/shared/figures/period'

export type Asked = NonNullable<paths['/api/v1/studies/explorer']['get']['parameters']['query']>
export const bys = ['time', 'area', 'type'] as const
export const everies = ['day', 'week', 'month'] as const
export const compares = ['none', 'before', 'year', 'usual', 'beside'] as const

/** The whole question. It lives in the address, so that it can be kept, sent and asked again; with a span the days move on. */
export interface Question {
  metric: string
  span: Span | ''
  from: string
  to: string
  area: string
  type: string[]
  by: (typeof bys)[number]
  every: (typeof everies)[number]
  compare: (typeof compares)[number]
  as_of: string
}

const all = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value : [value]).filter((one): one is string => !!one)
const one = (value: LocationQuery[string] | undefined) => all(value)[0] ?? ''
function known<T extends string>(list: readonly T[], value: string): T | null {
  return list.find((each) => each === value) ?? null
}

export function readQuestion(query: LocationQuery): Question {
  const from = one(query.from)
  const to = one(query.to)
  return {
    metric: one(query.metric) || 'received', span: known(spans, one(query.span)) ?? (from || to ? '' : 'month'), from, to, area: one(query.area),
    type: all(query.type), by: known(bys, one(query.by)) ?? 'time', every: known(everies, one(query.every)) ?? 'day',
    compare: known(compares, one(query.compare)) ?? 'none', as_of: one(query.as_of),
  }
}

/** The days it speaks of. */
export function daysOf(question: Question, today: string): { from: string; to: string } {
  return question.span ? spanDays(question.span, today) : { from: question.from || question.to, to: question.to || today }
}

/** What stands in the address: what says nothing is left out, and a span stands for its days. */
export function addressOf(question: Question): Record<string, string | string[]> {
  const { span, from, to, ...rest } = question
  return Object.fromEntries(Object.entries({ ...(span ? { span } : { from, to }), ...rest }).filter(([, value]) => value.length))
}

/** The same with its days written down, which asks of the same days for good. */
export function fixed(question: Question, today: string): Question {
  return { ...question, span: '', ...daysOf(question, today) }
}

/** What the server is asked. */
export function askedOf(question: Question, today: string, zone: string): Asked {
  const { metric, area, type, by, every, compare, as_of } = question
  return { metric, ...daysOf(question, today), by, every, compare, ...(area && { area }), ...(type.length && { type }), ...(as_of && { as_of: momentIn(zone, as_of) }) } as Asked
}
