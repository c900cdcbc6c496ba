import type { components } from '@/api/schema'
import { percent } from '@/shared/figures/percent'

type Wire = components['schemas']
export type Explored = Wire['ExploreView']
export type Line = Wire['ExploreLine']
export type Row = Wire['ExploreRow']
export type Cell = Wire['ExploreCell']
export type Metric = Wire['MetricView']
type Say = (key: string, named?: Record<string, unknown>) => string
export interface Shape { kind: string; mean: boolean }

export const isCount = ({ kind }: Shape) => kind === 'flow' || kind === 'stock' || kind === 'fact'

/** A count, a share in per cent, or a mean time; a dash where there is nothing to divide by. */
export function valueWords(value: number | null | undefined, shape: Shape, t: Say): string {
  if (value === null || value === undefined) return '—'
  if (shape.mean) return spanWords(value, t)
  return isCount(shape) ? String(value) : percent(value)
}

function spanWords(minutes: number, t: Say): string {
  if (minutes < 60) return t('explore.minutes', { n: Math.round(minutes) })
  if (minutes < 2880) return t('explore.hours', { n: Math.round(minutes / 6) / 10 })
  return t('explore.days', { n: Math.round(minutes / 144) / 10 })
}

/** How far a value is from an earlier one: per cent of a count, points of a share, time of a mean. */
export function changeWords(now: number | null | undefined, then: number | null | undefined, shape: Shape, t: Say): string {
  if (now === null || now === undefined || then === null || then === undefined) return '—'
  const sign = now > then ? '+' : now < then ? '−' : '±'
  if (shape.mean) return sign + spanWords(Math.abs(now - then), t)
  if (!isCount(shape)) return t('explore.points', { n: `${sign}${Math.abs(Math.round((now - then) * 1000) / 10)}` })
  return then ? `${sign}${Math.abs(Math.round((1000 * (now - then)) / then) / 10)}%` : '—'
}

/** The list of exactly the rows that a part of a figure counts. */
export function rowsOf(figure: string, within: string | null | undefined) {
  return figure && within ? { path: '/', query: { queue: 'all', figure, within } } : null
}
