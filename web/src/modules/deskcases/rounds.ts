import type { DeskStep } from '@/api/desk'

export interface Round { round: number; steps: DeskStep[] }

/** Steps by round of handling, the newest first in both. */
export function rounds(steps: readonly DeskStep[]): Round[] {
  const found = new Map<number, DeskStep[]>()
  for (const step of steps) found.set(step.round, [...(found.get(step.round) ?? []), step])
  return [...found].sort(([one], [other]) => other - one)
    .map(([round, its]) => ({ round, steps: its.sort((one, other) => other.seq - one.seq) }))
}

/** What a correction changed, field by field. */
export function corrections(data: Record<string, unknown>): { field: string; before: string; after: string }[] {
  const { before, after } = data as { before?: Record<string, unknown>; after?: Record<string, unknown> }
  const plain = (value: unknown) => (value === null || value === undefined ? '' : String(value))
  return Object.entries(before ?? {}).filter(([field]) => shownFields.has(field))
    .map(([field, was]) => ({ field, before: plain(was), after: plain(after?.[field]) }))
}
const shownFields = new Set(['type', 'kind', 'level', 'place_words'])

/** Whether a correction moved the case on the map or touched the asker. */
export function touched(data: Record<string, unknown>): { place: boolean; asker: boolean } {
  const before = (data.before ?? {}) as Record<string, unknown>
  return { place: 'area_id' in before || 'lon' in before, asker: 'asker' in before }
}
