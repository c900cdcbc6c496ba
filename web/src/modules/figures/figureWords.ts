import type { Figure } from '@/api/figures'
import { percent } from '@/shared/figures/percent'

type Say = (key: string, named?: Record<string, unknown>) => string

/** A share in per cent with one decimal, a mean in minutes, hours or days; a dash where there is nothing to divide by. */
export function valueWords(figure: Figure | undefined, t: Say): string {
  if (!figure) return '—'
  if (figure.minutes !== null && figure.minutes !== undefined) return spanWords(figure.minutes, t)
  return figure.share === null || figure.share === undefined ? '—' : percent(figure.share)
}

function spanWords(minutes: number, t: Say): string {
  if (minutes < 60) return t('figures.minutes', { n: Math.round(minutes) })
  if (minutes < 2880) return t('figures.hours', { n: Math.round(minutes / 6) / 10 })
  return t('figures.days', { n: Math.round(minutes / 144) / 10 })
}

/** How far a figure is from an earlier one: points of per cent, or time; nothing where either is missing. */
export function changeWords(now: Figure, then: Figure | undefined, t: Say): string {
  if (!then) return '—'
  if (now.minutes !== null && now.minutes !== undefined) {
    if (then.minutes === null || then.minutes === undefined) return '—'
    const minutes = now.minutes - then.minutes
    return (minutes > 0 ? '+' : minutes < 0 ? '−' : '±') + spanWords(Math.abs(minutes), t)
  }
  if (now.share === null || now.share === undefined || then.share === null || then.share === undefined) return '—'
  const points = Math.round((now.share - then.share) * 1000) / 10
  return t('figures.points', { n: points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '±0' })
}

/** The list of exactly the rows that a part of a figure counts. */
export function rowsOf(code: string, part: string, within: string | null | undefined) {
  return { path: '/', query: { queue: 'all', figure: `${code}:${part}`, within: within ?? '' } }
}
