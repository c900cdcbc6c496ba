import { expect, test } from 'vitest'

import type { Figure } from '@/api/figures'
import { percent } from '@/shared/figures/percent'

import { changeWords, valueWords } from './figureWords'

const t = (key: string, named?: Record<string, unknown>) => `${key} ${String(named?.n)}`
const figure = (part: Partial<Figure>): Figure => ({ code: 'x', numerator: 1, denominator: 2, left_out: {}, aside: 0, share: null, minutes: null, ...part })

test('what is not all is never shown as all, and something never as nothing', () => {
  expect(percent(0.9996)).toBe('99.9%')
  expect(percent(1)).toBe('100%')
  expect(percent(0.0001)).toBe('0.1%')
  expect(percent(0)).toBe('0%')
  expect(percent(0.9372)).toBe('93.7%')
})

test('without anything to divide by there is a dash', () => {
  expect(valueWords(figure({}), t)).toBe('—')
  expect(changeWords(figure({ share: 0.5 }), figure({}), t)).toBe('—')
  expect(changeWords(figure({ share: 0.5 }), undefined, t)).toBe('—')
})

test('changes are points of per cent, or time', () => {
  expect(changeWords(figure({ share: 0.955 }), figure({ share: 0.94 }), t)).toBe('figures.points +1.5')
  expect(changeWords(figure({ share: 0.9 }), figure({ share: 0.94 }), t)).toBe('figures.points −4')
  expect(changeWords(figure({ minutes: 90 }), figure({ minutes: 150 }), t)).toBe('−figures.hours 1')
  expect(valueWords(figure({ minutes: 2880 }), t)).toBe('figures.days 2')
})
