/** How far the city's clock is ahead of UTC at a moment, in milliseconds. */
function ahead(at: number, zone: string): number {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).formatToParts(at).map(({ type, value }) => [type, Number(value)])) as Record<string, number>
  return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second) - Math.floor(at / 1000) * 1000
}

/** The moment at which the city's clock shows this day and time. */
export function momentOf(day: string, time: string, zone: string): string {
  const plain = Date.parse(`${day}T${time}:00Z`)
  const guess = plain - ahead(plain, zone)
  return new Date(plain - ahead(guess, zone)).toISOString()
}

/** The city's day and time of a moment. */
export function localOf(iso: string, zone: string): { day: string; time: string } {
  const at = Date.parse(iso)
  const local = new Date(at + ahead(at, zone)).toISOString()
  return { day: local.slice(0, 10), time: local.slice(11, 16) }
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Begin and end of a shift; an end not after its beginning is the next day's. */
export function shiftSpan(day: string, from: string, to: string, zone: string): { begins: string; ends: string } {
  return { begins: momentOf(day, from, zone), ends: momentOf(to > from ? day : addDays(day, 1), to, zone) }
}

/** What a field for day and time holds, as a moment of the city; nothing while it is empty. */
export function momentOfField(value: string, zone: string): string | null {
  const [day, time] = value.split('T')
  return day && time ? momentOf(day, time.slice(0, 5), zone) : null
}

/** A moment as a field for day and time holds it. */
export function fieldOfMoment(iso: string, zone: string): string {
  const { day, time } = localOf(iso, zone)
  return `${day}T${time}`
}
