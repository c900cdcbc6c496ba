import type { ClockPiece } from '@/api/shapes'

const length = ({ first, last }: ClockPiece) => Math.max(Date.parse(last) - Date.parse(first), 0)

/** Each piece with its share of the whole line. */
export function shares(clock: readonly ClockPiece[]): (ClockPiece & { share: number })[] {
  const whole = clock.reduce((sum, piece) => sum + length(piece), 0) || 1
  return clock.map((piece) => ({ ...piece, share: length(piece) / whole }))
}

/** Where the present stands on the line, from 0 to 1; nothing when it is not on it. */
export function nowShare(clock: readonly ClockPiece[], now: number): number | null {
  const [first, last] = [clock[0], clock[clock.length - 1]]
  if (!first || !last) return null
  const [begin, end] = [Date.parse(first.first), Date.parse(last.last)]
  return now < begin || now > end || begin === end ? null : (now - begin) / (end - begin)
}

type Say = (key: string, values: Record<string, number>) => string

export function minutesWords(minutes: number, t: Say): string {
  if (minutes < 60) return t('case.minutes', { n: minutes })
  const hours = Math.floor(minutes / 60)
  return t('case.hoursMinutes', { hours, minutes: minutes % 60 })
}
