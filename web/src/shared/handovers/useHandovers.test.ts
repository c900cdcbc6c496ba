import { expect, test } from 'vitest'

import { type HandedItem, peopleForAll } from './useHandovers'

const item = (...ids: string[]) => ({ people: ids.map((id) => ({ id })) }) as HandedItem

test('only whoever could take on all of them is offered', () => {
  expect(peopleForAll([item('a', 'b'), item('b', 'c')]).map((one) => one.id)).toEqual(['b'])
  expect(peopleForAll([item('a'), item('c')])).toEqual([])
  expect(peopleForAll([])).toEqual([])
})
