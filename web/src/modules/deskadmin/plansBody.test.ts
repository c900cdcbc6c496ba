import { expect, test } from 'vitest'

import { inOrder, moved, ownedBy, ownerOf } from './plansBody'

const step = { code: 's', zh: '抽水', en: 'Pump', role: 'grid_worker', minutes: 10 }

test('a step has one owner or the desk', () => {
  expect(ownerOf(step)).toBe('role')
  expect(ownedBy(step, 'type')).toMatchObject({ role: null, unit: null, type: '', minutes: 10 })
  expect(ownerOf(ownedBy(step, 'unit'))).toBe('unit')
  expect(ownerOf(ownedBy(step, 'desk'))).toBe('desk')
})

test('steps change places and never fall off the end', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
})

test('what is chosen stands as the whole is listed', () => {
  expect(inOrder(['1', '2', '3'], ['3'], '1', true)).toEqual(['1', '3'])
  expect(inOrder(['1', '2', '3'], ['1', '3'], '3', false)).toEqual(['1'])
})
