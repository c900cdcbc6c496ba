import type { Words } from '@/api/shapes'

export interface Span { first: string; last: string }
export interface Season extends Words { first: string; last: string; spans: Span[] }
export interface Holiday extends Words { first: string; last: string }
export interface MakeUp extends Words { day: string }
export interface Year { source: string; holidays: Holiday[]; make_up: MakeUp[] }
/** Null is as in the city; what the form does not show is kept as it stands. */
export interface OwnHours extends Words { spans?: Span[] | null; weekend?: number[] | null; public_holidays?: boolean }
export interface CalendarBody { zone: string; spans: Span[]; seasons: Season[]; weekend: number[]; roll_calendar_days: boolean; years: Record<string, Year>; own?: Record<string, OwnHours> }

/** The years of which the calendar says nothing, from this one to the next. */
export function missingYears(body: CalendarBody, today: Date): number[] {
  const now = today.getFullYear()
  return [now, now + 1].filter((year) => !(String(year) in body.years))
}

export const blankYear = (): Year => ({ source: '', holidays: [], make_up: [] })

/** A day of the week is off, or worked; Monday is 1. */
export function withDay(weekend: readonly number[], day: number, off: boolean): number[] {
  return [...weekend.filter((one) => one !== day), ...(off ? [day] : [])].sort((one, other) => one - other)
}
