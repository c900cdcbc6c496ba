import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'

import { useDraft } from './useDraft'

beforeEach(() => { vi.useFakeTimers(); localStorage.clear() })
afterEach(() => vi.useRealTimers())

const inPage = <T>(make: () => T) => {
  const page = effectScope()
  return { page, draft: page.run(make)! }
}
const blank = () => ({ text: '', files: [] as string[] })

test('what was typed is there after the page was left without sending', async () => {
  const first = inPage(() => useDraft('report', blank))
  first.draft.form.text = 'pothole'
  await nextTick()
  first.page.stop()
  const second = inPage(() => useDraft('report', blank))
  expect(second.draft.form.text).toBe('pothole')
  expect(second.draft.restored.value).toBe(true)
})

test('what was typed is saved while the page stays open', async () => {
  const { draft } = inPage(() => useDraft('report', blank))
  draft.form.files.push('f-1')
  await nextTick()
  vi.advanceTimersByTime(400)
  expect(JSON.parse(localStorage.getItem('wg.draft.report')!)).toEqual({ text: '', files: ['f-1'] })
})

test('a draft that was sent does not come back', async () => {
  const { page, draft } = inPage(() => useDraft('report', blank))
  draft.form.text = 'pothole'
  await nextTick()
  draft.clear()
  await vi.runAllTimersAsync()
  page.stop()
  expect(inPage(() => useDraft('report', blank)).draft.form.text).toBe('')
})

test('a field added since the draft was kept gets its blank value', () => {
  localStorage.setItem('wg.draft.report', '{"text":"old"}')
  const { draft } = inPage(() => useDraft('report', blank))
  expect(draft.form).toEqual({ text: 'old', files: [] })
})
