import { expect, test } from 'vitest'
import { nextTick, ref } from 'vue'

import { useSelection } from './useSelection'

function walk(...start: string[]) {
  const ids = ref(start)
  const selected = ref<string | null>(null)
  return { ids, selected, ...useSelection(ids, selected, (id) => { selected.value = id }) }
}

test('next begins at the top and stops at the end', async () => {
  const { next, selected } = walk('a', 'b')
  for (const wanted of ['a', 'b']) {
    expect(next()).toBe(true)
    await nextTick()
    expect(selected.value).toBe(wanted)
  }
  expect(next()).toBe(false)
  expect(selected.value).toBe('b')
})

test('when the case in hand has left the list, next is the one that took its place', async () => {
  const { ids, next, previous, selected, nextId } = walk('a', 'b', 'c')
  selected.value = 'b'
  await nextTick()
  ids.value = ['a', 'c']
  await nextTick()
  expect(nextId.value).toBe('c')
  next()
  await nextTick()
  expect(selected.value).toBe('c')
  previous()
  await nextTick()
  expect(selected.value).toBe('a')
})
