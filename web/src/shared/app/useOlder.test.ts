import { expect, test } from 'vitest'
import { ref } from 'vue'

import { useOlder } from './useOlder'

const row = (id: string) => ({ id })

test('goes on behind the first page, shows nothing twice, and ends', async () => {
  const asked: string[] = []
  let first = { items: [row('a'), row('b')], next: 'two' as string | null }
  const list = useOlder(() => first, (cursor) => {
    asked.push(cursor)
    return Promise.resolve(cursor === 'two' ? { items: [row('b'), row('c')], next: 'three' } : { items: [row('d')], next: null })
  })
  await list.more()
  await list.more()
  await list.more()
  expect(list.items.value.map((one) => one.id)).toEqual(['a', 'b', 'c', 'd'])
  expect(asked).toEqual(['two', 'three'])
  first = { items: [row('a')], next: null }
  list.forget()
  expect(list.next.value).toBe(null)
})

test('keeps its place when a page does not come', async () => {
  const list = useOlder(() => ({ items: [row('a')], next: 'two' }), () => Promise.reject(new Error('no line')))
  await list.more()
  expect(list.error.value).toBeInstanceOf(Error)
  expect(list.next.value).toBe('two')
})

test('loses nothing to those that come anew, and keeps what became of an older one', async () => {
  const first = ref({ items: [{ id: 'b', read: false }, { id: 'c', read: false }], next: 'two' as string | null })
  const list = useOlder(() => first.value, () => Promise.resolve({ items: [{ id: 'd', read: false }], next: null }))
  await list.more()
  first.value = { items: [{ id: 'a', read: false }, { id: 'b', read: true }], next: 'other' }
  list.change('d', { read: true })
  expect(list.items.value.map((one) => one.id + (one.read ? '*' : ''))).toEqual(['a', 'b*', 'c', 'd*'])
})
