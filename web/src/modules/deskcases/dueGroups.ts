import type { DeskCard } from '@/api/desk'

export type DueGroup = 'emergency' | 'late' | 'today' | 'tomorrow' | 'later' | 'none'

/** The city's day of a moment, as 2026-11-21. */
export function dayOf(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

function groupOf(card: DeskCard, now: number, zone: string): DueGroup {
  if (card.emergency.length) return 'emergency'
  if (!card.due_at) return 'none'
  const due = Date.parse(card.due_at)
  if (due < now) return 'late'
  const day = dayOf(due, zone)
  if (day === dayOf(now, zone)) return 'today'
  return day === dayOf(now + 86_400_000, zone) ? 'tomorrow' : 'later'
}

export interface Section { group: DueGroup; cards: DeskCard[] }

/** A queue, which comes most urgent first, under headings of what is due when. The order stays. */
export function sections(cards: readonly DeskCard[], now: number, zone: string): Section[] {
  const found: Section[] = []
  for (const card of cards) {
    const group = groupOf(card, now, zone)
    const last = found.at(-1)
    if (last?.group === group) last.cards.push(card)
    else found.push({ group, cards: [card] })
  }
  return found
}
