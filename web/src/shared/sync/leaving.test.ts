import { beforeEach, expect, test, vi } from 'vitest'

import { Refusal } from '@/api/refusal'
import { all, drop, keep } from '@/shared/drafts/shelf'

import { leave } from './leaving'
import { outbox, write } from './operations'

const report = (record: string) => ({ kind: 'case.report', record, payload: { text: record }, label: record })
const kept = async () => (await outbox()).map((item) => item.label)
const other = '01930000-0000-7000-8000-00000000000b'
const done = { moved: 0, uploaded: 0 }
const calls: string[] = []

beforeEach(async () => {
  calls.length = 0
  vi.stubGlobal('fetch', vi.fn(async (path: string, given: { method: string }) => { calls.push(`${given.method} ${path}`); return new Response('{}') }))
  localStorage.setItem('wg.last.today', '{}')
  localStorage.setItem('wg.draft.field.0', '{}')
  localStorage.setItem('wg.language', 'en')
  localStorage.setItem(`wg.draft.${other}.field.0`, '{}')
  await write(report('c-1'))
})

test('what was found before goes to the door of leavers, then the device is empty of his and says so', async () => {
  await keep('photos', 'p-1', { id: 'p-1', order: 1, draft: 'loose' })
  const sent: string[] = []
  expect(await leave(true, async () => {
    for (const item of await outbox()) { sent.push(item.label); await drop('outbox', item.id) }
    return { ...done, ended: 'done' }
  })).toBe(true)
  expect(sent).toEqual(['c-1'])
  expect([await kept(), await all('photos'), localStorage.getItem('wg.last.today'), localStorage.getItem('wg.draft.field.0')]).toEqual([[], [], null, null])
  expect(localStorage.getItem('wg.language')).toBe('en')
  expect(localStorage.getItem(`wg.draft.${other}.field.0`)).toBe('{}')
  expect(calls).toEqual(['DELETE /api/v1/session'])
})

test('without a line nothing is thrown away yet', async () => {
  expect(await leave(true, async () => ({ ...done, ended: 'unreachable' }))).toBe(false)
  expect(await kept()).toEqual(['c-1'])
  expect(calls).toEqual([])
})

test('what the door refuses, and what a locked account had, does not stay', async () => {
  const refused = (status: number) => async () => ({ ...done, ended: 'refused' as const, refusal: new Refusal('x', { zh: '', en: '' }, status, {}) })
  for (const opensAgain of [426, 429]) expect(await leave(true, refused(opensAgain))).toBe(false)
  expect(await kept()).toContain('c-1')
  expect(await leave(true, refused(401))).toBe(true)
  expect(await kept()).toEqual([])
  await write(report('c-2'))
  const post = vi.fn()
  expect(await leave(false, post)).toBe(true)
  expect(post).not.toHaveBeenCalled()
  expect(await kept()).toEqual([])
})
