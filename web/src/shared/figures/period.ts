export type Span = 'week' | 'month' | 'thisMonth' | 'lastMonth' | 'year'
export const spans: readonly Span[] = ['week', 'month', 'thisMonth', 'lastMonth', 'year']

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
