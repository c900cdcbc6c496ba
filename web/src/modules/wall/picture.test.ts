import { expect, test } from 'vitest'

import { applied, classesOf, classOf, type Picture, rowsOf, type Said } from './picture'

const old = { now: { open: 3 }, states: [{ state: 'reported', n: 3 }], values: { 7: 2, 8: 1 } } as unknown as Picture
const times = { cubes: { at: null, age: 0 }, lists: { at: null, age: 0 } }

test('a panel that is named replaces the old one, and what moved on the map is set or gone', () => {
  const next = applied(old, { now: { open: 4 }, moved: { 7: null, 9: 5 }, times } as unknown as Said)
  expect(next.now.open).toBe(4)
  expect(next.states).toBe(old.states)
  expect(next.values).toEqual({ 8: 1, 9: 5 })
  expect(old.values).toEqual({ 7: 2, 8: 1 })
})

test('another indicator brings all its values at once', () => {
  const next = applied(old, { map: { level: 'grid', indicator: 'late' }, values: { 1: 1 }, times } as unknown as Said)
  expect(next.values).toEqual({ 1: 1 })
})

test('classes are bounded by values that occur, few values have few classes', () => {
  expect(classesOf([])).toEqual([])
  expect(classesOf([2, 2, 5])).toEqual([2, 5])
  const bounds = classesOf(Array.from({ length: 100 }, (_, n) => n + 1))
  expect(bounds).toEqual([1, 21, 41, 61, 81])
  expect(classesOf([...Array<number>(50).fill(4), 5, 6, 9, 11, 16])).toEqual([4, 5, 6, 9, 11])
  expect(classOf(undefined, bounds)).toBe(0)
  expect(classOf(1, bounds)).toBe(1)
  expect(classOf(100, bounds)).toBe(5)
})

test('a figure opens its rows in the list of cases', () => {
  expect(rowsOf('wall_open', 'abc', { state: 'reported' })).toBe('/desk/?queue=all&figure=wall_open&within=abc&state=reported')
})
