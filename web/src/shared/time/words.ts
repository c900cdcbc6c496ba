import type { Language } from '@/shared/i18n/i18n'

type Parts = Record<Intl.DateTimeFormatPartTypes, string>

function partsOf(moment: Date, zone: string): Parts {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value])) as Parts
  return { ...parts, month: String(Number(parts.month)), day: String(Number(parts.day)) }
}

const english = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const signs = { year: '\u5e74', month: '\u6708', day: '\u65e5' }

/** A date as the city writes it, in the city's zone. */
export function dateWords(iso: string, zone: string, language: Language): string {
  const { year, month, day } = partsOf(new Date(iso), zone)
  if (language === 'zh') return `${year}${signs.year}${month}${signs.month}${day}${signs.day}`
  return `${day} ${english[Number(month) - 1]} ${year}`
}

/** A date with its minute. */
export function momentWords(iso: string, zone: string, language: Language): string {
  const { hour, minute } = partsOf(new Date(iso), zone)
  return `${dateWords(iso, zone, language)} ${hour}:${minute}`
}

/** Day and minute, with the year only when it is not this year: for timelines and lists. */
export function shortMoment(iso: string, zone: string, language: Language, now: number): string {
  const { year, month, day, hour, minute } = partsOf(new Date(iso), zone)
  const today = partsOf(new Date(now), zone)
  if (year !== today.year) return momentWords(iso, zone, language)
  if (month === today.month && day === today.day) return `${hour}:${minute}`
  const date = language === 'zh' ? `${month}${signs.month}${day}${signs.day}` : `${day} ${english[Number(month) - 1]}`
  return `${date} ${hour}:${minute}`
}

export interface Span { days: number; hours: number; minutes: number; late: boolean }

/** What is left until `iso`, in whole minutes, or how long it has passed. */
export function spanUntil(iso: string, now: number): Span {
  const minutes = Math.trunc((Date.parse(iso) - now) / 60_000)
  const size = Math.abs(minutes)
  return {
    days: Math.floor(size / 1440),
    hours: Math.floor((size % 1440) / 60),
    minutes: size % 60,
    late: Date.parse(iso) < now,
  }
}
