import { expect, test } from 'vitest'

import { boxOf } from './load'

test('the box lies around rings and around many polygons', () => {
  expect(boxOf([[[118, 37], [119, 37], [119, 38], [118, 37]]])).toEqual([118, 37, 119, 38])
  expect(boxOf([[[[118, 37], [119, 38]]], [[[117, 36.5], [117.5, 36.9]]]])).toEqual([117, 36.5, 119, 38])
})
test('without a ring there is no box', () => {
  const [west, , east] = boxOf(null)
  expect(west).toBeGreaterThan(east)
})
