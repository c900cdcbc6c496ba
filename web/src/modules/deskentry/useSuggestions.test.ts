import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

import type { Suggestion } from '@/api/desk'

import { useSuggestions } from './useSuggestions'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => vi.useRealTimers())

const answer = (code: string): Suggestion => ({ types: [{ code, zh: '', en: code, reasons: [], by: 'words' }], unsure: false, model: null, emergency: { groups: [], words: [], help: [] } })

test('a failure keeps what was heard before; emptied words forget it', async () => {
  const text = ref('a burst pipe')
  const look = vi.fn().mockResolvedValueOnce(answer('water')).mockRejectedValueOnce(new Error('down'))
  const { heard } = effectScope().run(() => useSuggestions(() => text.value, look))!
  await vi.advanceTimersByTimeAsync(400)
  expect(heard.value.types[0]!.code).toBe('water')
  text.value = 'a burst pipe in the cellar'
  await nextTick()
  await vi.advanceTimersByTimeAsync(400)
  expect(heard.value.types[0]!.code).toBe('water')
  text.value = ''
  await nextTick()
  expect(heard.value.types).toEqual([])
})
