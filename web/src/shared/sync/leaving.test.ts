import { beforeEach, expect, test, vi } from 'vitest'

import { Refusal, Unreachable } from '@/api/refusal'
import { all, keep } from '@/shared/drafts/shelf'

import { leave } from './leaving'
import { keepForLater } from './outbox'

const report = (id: string) => ({ id, path: '/api/v1/cases', body: { id }, attached: [], label: id })
const kept = async () => (await all<{ id: string; order: number }>('outbox')).map((item) => item.id)
const calls: string[] = []

beforeEach(async () => {
  calls.length = 0
  vi.stubGlobal('fetch', vi.fn(async (path: string, given: { method: string }) => { calls.push(`${given.method} ${path}`); return new Response('{}') }))
  localStorage.setItem('wg.last.today', '{}')
  localStorage.setItem('wg.draft.field.0', '{}')
  localStorage.setItem('wg.language', 'en')
  await keepForLater(report('c-1'))
})

test('what was found before goes to the door of leavers, then the device is empty and says so', async () => {
  await keep('photos', 'p-1', { id: 'p-1', order: 1, draft: 'loose' })
  const sent: string[] = []
  expect(await leave(true, async (path) => { sent.push(path) })).toBe(true)
  expect(sent).toEqual(['/api/v1/session/found'])
  expect([await kept(), await all('photos'), localStorage.getItem('wg.last.today'), localStorage.getItem('wg.draft.field.0')]).toEqual([[], [], null, null])
  expect(localStorage.getItem('wg.language')).toBe('en')
  expect(calls).toEqual(['DELETE /api/v1/session'])
})

test('without a line nothing is thrown away yet', async () => {
  expect(await leave(true, () => Promise.reject(new Unreachable()))).toBe(false)
  expect(await kept()).toEqual(['c-1'])
  expect(calls).toEqual([])
})

test('what the door refuses, and what a locked account had, does not stay', async () => {
  const no = new Refusal('found_after_leaving', { zh: '', en: '' }, 422)
  expect(await leave(true, () => Promise.reject(no))).toBe(true)
  expect(await kept()).toEqual([])
  await keepForLater(report('c-2'))
  const post = vi.fn(async () => undefined)
  expect(await leave(false, post)).toBe(true)
  expect(post).not.toHaveBeenCalled()
  expect(await kept()).toEqual([])
})
