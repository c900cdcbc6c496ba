import { expect, test } from 'vitest'

import { contrast, mixed, readable, rgb } from './colour'

test('black on white is 21 to 1', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21)
})

test.each(['#ffd000', '#7fd0ff', '#e60012', '#ffffff', '#1a5fa8'])('white text reads on %s once made readable', (brand) => {
  expect(contrast(rgb(readable(brand, '#000000'))!, [255, 255, 255])).toBeGreaterThanOrEqual(4.5)
})

test('a colour dark enough stays as the city chose it; nonsense falls back', () => {
  expect(readable('#1a5fa8', '#000000')).toBe('#1a5fa8')
  expect(readable('blue', '#1a5fa8')).toBe('#1a5fa8')
})

test('a colour is mixed with white and black', () => {
  expect(mixed('#1a5fa8', 'white', 1)).toBe('#ffffff')
  expect(mixed('#1a5fa8', 'white', 0)).toBe('#1a5fa8')
  expect(mixed('#204060', 'black', 0.5)).toBe('#102030')
})
