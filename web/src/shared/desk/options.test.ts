import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

import { narrow, type Option } from './options'
import { useOptions } from './useOptions'

const options: Option[] = [
  { value: 'light', label: 'Street light', hint: 'City works' },
  { value: 'water', label: 'Burst pipe', hint: 'City works' },
]

test('every part of the words must be there, wherever it stands', () => {
  expect(narrow(options, 'works LIGHT').map((option) => option.value)).toEqual(['light'])
  expect(narrow(options, '').length).toBe(2)
  expect(narrow(options, 'works', 1).length).toBe(1)
})

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => vi.useRealTimers())

test('a late answer to earlier words does not replace the newer one', async () => {
  const [words, open] = [ref(''), ref(false)]
  const answers: Record<string, (found: Option[]) => void> = {}
  const search = (asked: string) => new Promise<Option[]>((done) => { answers[asked] = done })
  const { shown } = effectScope().run(() => useOptions(() => [], search, words, open))!
  words.value = 'li'
  open.value = true
  await nextTick()
  await vi.advanceTimersByTimeAsync(250)
  words.value = 'wa'
  await nextTick()
  await vi.advanceTimersByTimeAsync(250)
  answers.wa!([options[1]!])
  answers.li!([options[0]!])
  await vi.advanceTimersByTimeAsync(0)
  expect(shown.value.map((option) => option.value)).toEqual(['water'])
})
