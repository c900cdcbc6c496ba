import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

import type { Help } from '@/api/shapes'

import { useEmergency } from './useEmergency'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => vi.useRealTimers())

const fire: Help[] = [{ name: { zh: '', en: 'Fire' }, number: '119' }]

test('asks once the person pauses, not at every key', async () => {
  const text = ref('')
  const check = vi.fn(async () => fire)
  const { help } = effectScope().run(() => useEmergency(() => text.value, check))!
  for (const typed of ['a f', 'a fi', 'a fire']) {
    text.value = typed
    await nextTick()
    vi.advanceTimersByTime(100)
  }
  expect(check).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(500)
  expect(check).toHaveBeenCalledExactlyOnceWith('a fire')
  expect(help.value).toEqual(fire)
})

test('a slow answer to old words does not overwrite the newer one', async () => {
  const text = ref('gas leak')
  const answers: ((help: Help[]) => void)[] = []
  const { help } = effectScope().run(() => useEmergency(() => text.value, () => new Promise((done) => answers.push(done))))!
  await vi.advanceTimersByTimeAsync(600)
  text.value = 'grass'
  await nextTick()
  await vi.advanceTimersByTimeAsync(600)
  answers[1]!([])
  answers[0]!(fire)
  await vi.advanceTimersByTimeAsync(0)
  expect(help.value).toEqual([])
})

test('a server out of reach leaves the report alone', async () => {
  const { help } = effectScope().run(() => useEmergency(() => 'fire', () => Promise.reject(new Error('down'))))!
  await vi.advanceTimersByTimeAsync(600)
  expect(help.value).toEqual([])
})
