import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'

import { blankEntry, bodyOf, faults, isWhole, useEntry } from './useEntry'

beforeEach(() => localStorage.clear())
afterEach(() => vi.unstubAllGlobals())

test.each(['13805460001', '138 0546 0001', '+8613805460001', '0546-1234567', '8331234', '12345'])('%s is a whole number', (phone) => {
  expect(isWhole(phone)).toBe(true)
})
test.each(['', '138', '1380546000', '23805460001', '138054600011'])('%s is not', (phone) => {
  expect(isWhole(phone)).toBe(false)
})

test('of somebody who wants to stay unknown nothing is sent, whatever was typed before', () => {
  const form = { ...blankEntry(), text: 'x', phone: '13805460001', name: 'Li', mode: 'anonymous' as const }
  expect(bodyOf(form, []).asker).toEqual({ mode: 'anonymous' })
  expect(faults({ ...form, phone: '138' })).toEqual({})
})

test('a confidential asker must be reachable; a place may be unknown', () => {
  expect(faults({ ...blankEntry(), text: 'x', mode: 'confidential' })).toEqual({ phone: 'deskentry.phoneNeeded' })
  const body = bodyOf({ ...blankEntry(), text: ' x ' }, ['f-1'])
  expect(body).toMatchObject({ text: 'x', channel: 'phone', kind: 'help', files: ['f-1'] })
  expect('lon' in body || 'area_id' in body || 'place_words' in body).toBe(false)
})

test('what the server refuses stands beside its field and the words are still there', async () => {
  vi.stubGlobal('fetch', async () => new Response(
    JSON.stringify({ code: 'unknown_type', message: { zh: '', en: 'no such type' }, details: { field: 'type' } }),
    { status: 422, headers: { 'content-type': 'application/json' } },
  ))
  const { form, send, wrong, error } = effectScope().run(() => useEntry())!
  form.text = 'a burst pipe'
  expect(await send([])).toBe(null)
  expect(Object.keys(wrong.value)).toEqual(['type'])
  expect(error.value).toBe(null)
  expect(form.text).toBe('a burst pipe')
})
