import { beforeEach, expect, test, vi } from 'vitest'

import { Refusal, Unreachable } from '@/api/refusal'
import { all, drop, keep } from '@/shared/drafts/shelf'

import { discard, flush, keepForLater, toSend, waiting } from './outbox'

const photo = vi.fn(async () => undefined)
const report = (id: string) => ({ id, path: '/api/v1/cases', body: { id, text: id }, attached: [], label: id })

beforeEach(async () => {
  for (const item of await all<{ id: string; order: number }>('outbox')) await drop('outbox', item.id)
  photo.mockClear()
})

test('what was kept goes out oldest first and is gone then', async () => {
  for (const id of ['c-2', 'c-1', 'c-3']) await keepForLater(report(id))
  const sent: unknown[] = []
  expect(await flush(async (_path, body) => { sent.push((body as { id: string }).id) }, photo)).toBe(3)
  expect(sent).toEqual(['c-2', 'c-1', 'c-3'])
  expect(waiting.value).toEqual([])
})

test('without network everything stays, in order', async () => {
  await keepForLater(report('c-1'))
  await keepForLater(report('c-2'))
  const post = vi.fn(() => Promise.reject(new Unreachable()))
  expect(await flush(post, photo)).toBe(0)
  expect(post).toHaveBeenCalledTimes(1)
  expect(waiting.value.map((item) => item.id)).toEqual(['c-1', 'c-2'])
})

test('what the server refuses waits for a person and does not block the next', async () => {
  await keepForLater(report('c-1'))
  await keepForLater(report('c-2'))
  const no = new Refusal('case_moved', { zh: '', en: 'moved on' }, 409)
  expect(await flush((_path, body) => ((body as { id: string }).id === 'c-1' ? Promise.reject(no) : Promise.resolve()), photo)).toBe(1)
  expect(waiting.value.map((item) => [item.id, item.refused?.en])).toEqual([['c-1', 'moved on']])
  expect(toSend.value).toBe(0)
  await discard('c-1')
  expect(waiting.value).toEqual([])
})

test('photos go first, those the server has already are not sent again, and the body names them', async () => {
  const kept = { draft: 'd-1', url: '/files', name: 'a', purpose: 'after', blob: new Blob(['x']) }
  await keep('photos', 'p-1', { ...kept, id: 'p-1', order: 1, sent: true })
  await keep('photos', 'p-2', { ...kept, id: 'p-2', order: 2, sent: false })
  await keepForLater({ ...report('c-1'), body: { id: 'c-1', self_handle: { note: 'done' } }, attached: [{ draft: 'd-1', into: 'self_handle.files' }] })
  const bodies: unknown[] = []
  await flush(async (_path, body) => { bodies.push(body) }, photo)
  expect(photo).toHaveBeenCalledTimes(1)
  expect(bodies).toEqual([{ id: 'c-1', self_handle: { note: 'done', files: ['p-1', 'p-2'] } }])
  expect(await all('photos')).toEqual([])
})
