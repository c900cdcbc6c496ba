import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

import { useNote } from './useNote'

const sent = vi.hoisted(() => ({ how: 'kept', said: [] as { day: string; words: string; was: string }[] }))
vi.mock('@/shared/fieldwork/keep', () => ({
  sendOrKeep: ({ payload }: { payload: { day: string; words: string; was: string } }) => {
    sent.said.push(payload)
    return Promise.resolve({ how: sent.how })
  },
}))

const day = ref('2026-03-03')
const stands = ref<string | undefined>('')
const opened = () => effectScope().run(() => useNote(day, () => stands.value, () => 'note'))!

beforeEach(() => {
  localStorage.clear()
  sent.how = 'kept'
  sent.said = []
  stands.value = ''
  day.value = '2026-03-03'
})

test('what arrives while somebody types changes none of his words, and each day has its own', async () => {
  const { note } = opened()
  note.value = '腿有点疼'
  stands.value = 'from elsewhere'
  await nextTick()
  expect(note.value).toBe('腿有点疼')
  day.value = '2026-03-02'
  await nextTick()
  expect(note.value).toBe('from elsewhere')
})

test('without a line it stays on the phone, outlives the page, and says what it was typed over', async () => {
  stands.value = '早上'
  const { note, save, state } = opened()
  note.value = '早上，晚上'
  await save()
  expect([state.value, sent.said]).toEqual(['kept', [{ day: '2026-03-03', words: '早上，晚上', was: '早上' }]])
  stands.value = undefined
  const again = opened()
  expect([again.note.value, again.state.value]).toEqual(['早上，晚上', 'kept'])
  again.note.value = '早上，晚上，夜里'
  await again.save()
  expect(sent.said[1]!.was).toBe('早上，晚上')
  stands.value = '别处的\n\n早上，晚上，夜里'
  await nextTick()
  expect([again.note.value, again.state.value]).toEqual(['别处的\n\n早上，晚上，夜里', ''])
})
