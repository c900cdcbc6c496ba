import { expect, test } from 'vitest'

import { axis, inRows, type Mark, overTime } from './drawing'

const mark = (part: Partial<Mark>): Mark => ({ label: 'a', value: 1, before: null, usual: null, unusual: false, ...part })
const count = { kind: 'flow', mean: false }
const share = { kind: 'indicator', mean: false }

test('an axis begins at nothing, steps by whole cases, and a share ends at all', () => {
  expect(axis(0, count)).toEqual([0, 1])
  expect(axis(7, count)).toEqual([0, 2, 4, 6, 8])
  expect(axis(1, share).at(-1)).toBe(1)
  expect(axis(0.93, share).at(-1)).toBe(1)
})

test('twice as many is twice as high, from the ground', () => {
  const { rects, height } = overTime([mark({ value: 2 }), mark({ value: 4 })], count, 600, String)
  expect(rects[1]!.height).toBeCloseTo(2 * rects[0]!.height)
  expect(rects.every((one) => Math.abs(one.y + one.height - (height - 34)) < 0.01)).toBe(true)
})

test('a share that is not there breaks its line', () => {
  const { lines } = overTime([mark({ value: 0.5 }), mark({ value: null }), mark({ value: 0.7 })], share, 600, String)
  expect(lines[0]!.d.match(/M/g)).toHaveLength(2)
})

test('rows stand in the order in which they came', () => {
  const { texts, rects } = inRows([mark({ label: '乙', value: 3 }), mark({ label: '甲', value: 9 })], 600, String)
  expect(texts.filter((one) => one.anchor === 'end').map((one) => one.words)).toEqual(['乙', '甲'])
  expect(rects[1]!.width).toBeCloseTo(3 * rects[0]!.width)
})
