import type { LocationQuery } from 'vue-router'

import type { By } from '@/api/figures'

/** What the page shows. It lives in the address, so that a page can be kept, sent and printed again. */
export interface Shown {
  from: string
  to: string
  area: string
  by: By
  as_of: string
}

export type Span = 'week' | 'month' | 'thisMonth' | 'lastMonth' | 'year'
export const spans: readonly Span[] = ['week', 'month', 'thisMonth', 'lastMonth', 'year']

const one = (value: LocationQuery[string] | undefined) => String((Array.isArray(value) ? value[0] : value) ?? '')

export function readShown(query: LocationQuery): Shown {
  const by = one(query.by)
  return { from: one(query.from), to: one(query.to), area: one(query.area), by: by === 'unit' || by === 'desk' ? by : 'area', as_of: one(query.as_of) }
}

/** The day of a moment by the calendar of the city. */
export function dayOf(moment: number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment)
}

function shifted(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** First and last day of a usual period, both counted. */
export function spanDays(span: Span, today: string): { from: string; to: string } {
  const month = `${today.slice(0, 7)}-01`
  switch (span) {
    case 'week': return { from: shifted(today, -6), to: today }
    case 'month': return { from: shifted(today, -29), to: today }
    case 'thisMonth': return { from: month, to: today }
    case 'lastMonth': {
      const last = shifted(month, -1)
      return { from: `${last.slice(0, 7)}-01`, to: last }
    }
    case 'year': return { from: `${today.slice(0, 4)}-01-01`, to: today }
  }
}

/** A moment that is given by day and time in the city's zone, as the server wants it. */
export function momentIn(zone: string, local: string): string {
  const guess = new Date(`${local}:00Z`)
  const there = new Date(guess.toLocaleString('en-US', { timeZone: zone }))
  const here = new Date(guess.toLocaleString('en-US', { timeZone: 'UTC' }))
  return new Date(guess.getTime() - (there.getTime() - here.getTime())).toISOString()
}
