import { expect, test } from 'vitest'

import { askedOf } from './useDoubles'

const nowhere = { lon: null, lat: null, words: '' }
const here = { lon: 118.1, lat: 37.3, words: ' east gate ' }

test('nothing is asked without words or without a place', () => {
  expect(askedOf({ text: 'abc', type: null, place: here })).toBeNull()
  expect(askedOf({ text: 'a burst pipe', type: null, place: nowhere })).toBeNull()
})

test('a point, an area or the words of a place will do, and a type goes along', () => {
  expect(askedOf({ text: ' a burst pipe ', type: 'water', place: here }))
    .toEqual({ text: 'a burst pipe', type: 'water', lon: 118.1, lat: 37.3, place_words: 'east gate' })
  expect(askedOf({ text: 'a burst pipe', type: null, place: { ...nowhere, area_id: 'x' } })).toMatchObject({ area_id: 'x' })
  expect(askedOf({ text: 'a burst pipe', type: null, place: { ...nowhere, words: 'gate' } })).toEqual({ text: 'a burst pipe', place_words: 'gate' })
})
