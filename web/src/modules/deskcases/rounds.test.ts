import { expect, test } from 'vitest'

import type { DeskStep } from '@/api/desk'

import { corrections, rounds, touched } from './rounds'

const step = (seq: number, round: number) => ({ id: String(seq), seq, round }) as DeskStep

test('a reopened case shows its second round above the first, and every step once', () => {
  const found = rounds([step(1, 1), step(2, 1), step(3, 2), step(4, 2)])
  expect(found.map(({ round, steps }) => [round, steps.map(({ seq }) => seq)])).toEqual([[2, [4, 3]], [1, [2, 1]]])
})

test('a correction says what was and what is, in words only where words can tell it', () => {
  const data = { before: { type: 'light', area_id: 'a-1', place_words: '', asker: { name: 'x' } }, after: { type: 'water', area_id: 'a-2', place_words: 'by the gate' } }
  expect(corrections(data)).toEqual([
    { field: 'type', before: 'light', after: 'water' }, { field: 'place_words', before: '', after: 'by the gate' },
  ])
  expect(touched(data)).toEqual({ place: true, asker: true })
  expect(touched({})).toEqual({ place: false, asker: false })
})
