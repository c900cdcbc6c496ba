import { expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'

import type { Alarm, DeskCard } from '@/api/desk'

import { ringForNew, type Waiting, waiting } from './useAlarms'

const open = (case_id: string, raised_at: string) => ({ case_id, raised_at, title: '', place_words: 'gate', names: [], groups: [] }) as unknown as Alarm
const card = (id: string, received_at: string, more: Partial<DeskCard> = {}) =>
  ({ id, received_at, state: 'reported', version: 1, title: id, place: { words: '', names: ['Grid 1'] }, ...more }) as DeskCard
const alarm = (case_id: string) => ({ case_id }) as Waiting

test('an emergency that nobody has touched stands there before its alarm does, the longest waiting first, each once', () => {
  const found = waiting([open('old', '2026-11-21T02:00:00Z')], [card('new', '2026-11-21T03:00:00Z'), card('old', '2026-11-21T02:00:00Z')])
  expect(found.map((one) => [one.case_id, one.open, one.place])).toEqual([['old', true, 'gate'], ['new', false, 'Grid 1']])
})

test('without an alarm, one that somebody has in hand is not waiting', () => {
  const at = '2026-11-21T03:00:00Z'
  expect(waiting([], [card('taken', at, { version: 2 }), card('sent', at, { state: 'handling', version: 5 })])).toEqual([])
})

test('it rings for a new one only: not at the first look, not when one is taken, not when it shows again', async () => {
  const alarms = ref<Waiting[] | undefined>()
  const ring = vi.fn()
  ringForNew(alarms, ring)
  for (const now of [[alarm('a')], [alarm('a')], []]) {
    alarms.value = now
    await nextTick()
  }
  expect(ring).not.toHaveBeenCalled()
  alarms.value = [alarm('a'), alarm('b')]
  await nextTick()
  expect(ring).toHaveBeenCalledTimes(1)
  alarms.value = [alarm('b')]
  await nextTick()
  expect(ring).toHaveBeenCalledTimes(1)
})
