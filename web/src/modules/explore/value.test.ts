import { expect, test } from 'vitest'

import { changeWords, valueWords } from './value'

const t = (key: string, named?: Record<string, unknown>) => `${key} ${String(named?.n)}`
const count = { kind: 'flow', mean: false }
const share = { kind: 'indicator', mean: false }
const mean = { kind: 'indicator', mean: true }

test('each kind has its own words, and nothing has a dash', () => {
  expect(valueWords(12, count, t)).toBe('12')
  expect(valueWords(0.9372, share, t)).toBe('93.7%')
  expect(valueWords(2880, mean, t)).toBe('explore.days 2')
  expect(valueWords(null, share, t)).toBe('—')
})

test('a count changes in per cent, a share in points, a time in time; of nothing nothing is said', () => {
  expect(changeWords(12, 10, count, t)).toBe('+20%')
  expect(changeWords(3, 0, count, t)).toBe('—')
  expect(changeWords(0.9, 0.94, share, t)).toBe('explore.points −4')
  expect(changeWords(90, 150, mean, t)).toBe('−explore.hours 1')
  expect(changeWords(null, 0.5, share, t)).toBe('—')
})
