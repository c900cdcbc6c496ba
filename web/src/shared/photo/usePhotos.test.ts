import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'

import { Refusal, Unreachable } from '@/api/refusal'

import type { upload } from './upload'
import { usePhotos } from './usePhotos'

beforeEach(() => {
  URL.createObjectURL = () => 'blob:here'
  URL.revokeObjectURL = () => undefined
})

const photo = (name: string) => new File(['pixels'], name, { type: 'image/jpeg' })
let drafts = 0
function picker(send: typeof upload, draft = `draft-${(drafts += 1)}`) {
  return { draft, ...effectScope().run(() => usePhotos({ url: '/files', purpose: 'report', draft, send }))! }
}

test('files go one by one, in order', async () => {
  let open = 0
  const order: string[] = []
  const { add, sentIds } = picker(async (_url, file) => {
    open += 1
    expect(open).toBe(1)
    await Promise.resolve()
    order.push(file.name)
    open -= 1
  })
  await add([photo('a'), photo('b'), photo('c')])
  expect(order).toEqual(['a', 'b', 'c'])
  expect(sentIds.value).toHaveLength(3)
})

test('one bad file stays in sight and never blocks the others', async () => {
  const bad = new Refusal('file_broken', { zh: '', en: 'broken' }, 422)
  const { add, photos, sentIds, busy } = picker((_url, file) => (file.name === 'b' ? Promise.reject(bad) : Promise.resolve()))
  await add([photo('a'), photo('b'), photo('c')])
  expect(photos.value.map((item) => item.state)).toEqual(['sent', 'refused', 'sent'])
  expect(photos.value[1]!.error).toStrictEqual(bad)
  expect(sentIds.value).toHaveLength(2)
  expect(busy.value).toBe(false)
})

test('what the network refused goes again with the same id when the network is back', async () => {
  const seen: string[] = []
  let down = true
  const { add, retry, photos } = picker(async (_url, file) => {
    seen.push(file.id)
    if (down) throw new Unreachable()
  })
  await add([photo('a')])
  expect(photos.value[0]!.state).toBe('offline')
  down = false
  await retry()
  expect(photos.value[0]!.state).toBe('sent')
  expect(new Set(seen).size).toBe(1)
})

test('a draft that was left has its photos again, and sends only those the server lacks', async () => {
  const first = picker((_url, file) => (file.name === 'b' ? Promise.reject(new Unreachable()) : Promise.resolve()))
  await first.add([photo('a'), photo('b')])
  const sending = vi.fn(() => Promise.resolve())
  const second = picker(sending, first.draft)
  await second.restore()
  expect(second.photos.value.map((item) => item.name)).toEqual(['a', 'b'])
  expect(sending).toHaveBeenCalledTimes(1)
  await second.clear()
  const third = picker(sending, first.draft)
  await third.restore()
  expect(third.photos.value).toEqual([])
})
