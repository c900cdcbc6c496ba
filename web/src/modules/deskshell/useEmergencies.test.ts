import { expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'

import type { DeskCard } from '@/api/desk'

import { ringForNew, waiting } from './useEmergencies'

const card = (id: string, state = 'reported', received = '2026-11-21T02:00:00Z') => ({ id, state, received_at: received }) as DeskCard

test('only those nobody has taken wait, the longest waiting first', () => {
  const cards = [card('new', 'reported', '2026-11-21T03:00:00Z'), card('taken', 'handling'), card('old')]
  expect(waiting(cards).map(({ id }) => id)).toEqual(['old', 'new'])
})

test('it rings for a new one only: not at the first look, not when one is taken, not when it shows again', async () => {
  const cards = ref<DeskCard[] | undefined>()
  const ring = vi.fn()
  ringForNew(cards, ring)
  for (const now of [[card('a')], [card('a')], []]) {
    cards.value = now
    await nextTick()
  }
  expect(ring).not.toHaveBeenCalled()
  cards.value = [card('a'), card('b')]
  await nextTick()
  expect(ring).toHaveBeenCalledTimes(1)
  cards.value = [card('b')]
  await nextTick()
  expect(ring).toHaveBeenCalledTimes(1)
})
