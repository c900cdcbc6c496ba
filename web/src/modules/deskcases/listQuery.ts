import type { LocationQuery } from 'vue-router'

import type { CaseQuery } from '@/api/desk'

/** What the list is narrowed to. It lives in the address, so that a list can be kept, sent and opened twice. */
export interface ListFilter {
  queue: string
  q: string
  state: string[]
  type: string
  channel: string
  area: string
  unit: string
  light: string
  emergency: boolean
  open: boolean
  /** A part of an indicator and its period: exactly the rows that it counts. */
  figure: string
  within: string
}

export const wide: Omit<ListFilter, 'queue'> = { q: '', state: [], type: '', channel: '', area: '', unit: '', light: '', emergency: false, open: false, figure: '', within: '' }

const text = (value: LocationQuery[string] | undefined) => String((Array.isArray(value) ? value[0] : value) ?? '')
const many = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value : [value]).filter((one): one is string => !!one)

export function readFilter(query: LocationQuery): ListFilter {
  return {
    queue: text(query.queue),
    q: text(query.q),
    state: many(query.state),
    type: text(query.type),
    channel: text(query.channel),
    area: text(query.area),
    unit: text(query.unit),
    light: text(query.light),
    emergency: query.emergency === '1',
    open: query.open === '1',
    figure: text(query.figure),
    within: text(query.within),
  }
}

/** The address of a filter: only what narrows. */
export function addressOf(filter: Partial<ListFilter>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(filter)
    .filter(([, value]) => (Array.isArray(value) ? value.length : value))
    .map(([name, value]) => [name, value === true ? '1' : (value as string | string[])]))
}

/** What the server is asked. */
export function askedOf(filter: ListFilter): CaseQuery {
  const { emergency, open, ...words } = filter
  const asked = Object.fromEntries(Object.entries(words).filter(([, value]) => value.length)) as CaseQuery
  if (emergency) asked.emergency = true
  if (open) asked.open = true
  return asked
}

/** The list as a table, by the same question. */
export function exportUrl(filter: ListFilter): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(askedOf(filter))) {
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one))
  }
  const tail = params.toString()
  return `/api/v1/cases/export.xlsx${tail ? `?${tail}` : ''}`
}

/** How many narrowings are set, not counting queue and words. */
export function narrowings(filter: ListFilter): number {
  const { state, type, channel, area, unit, light, emergency, open, figure } = filter
  return [state.length > 0, type, channel, area, unit, light, emergency, open, figure].filter(Boolean).length
}
