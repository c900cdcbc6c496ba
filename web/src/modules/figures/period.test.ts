import { expect, test } from 'vitest'

import { dayOf, momentIn, spanDays } from '@/shared/figures/period'

import { readShown } from './period'

test('usual periods are days of the city, both counted', () => {
  expect(spanDays('week', '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' })
  expect(spanDays('month', '2026-03-03')).toEqual({ from: '2026-02-02', to: '2026-03-03' })
  expect(spanDays('thisMonth', '2026-03-03')).toEqual({ from: '2026-03-01', to: '2026-03-03' })
  expect(spanDays('lastMonth', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(spanDays('year', '2026-03-03')).toEqual({ from: '2026-01-01', to: '2026-03-03' })
})

test('a day and a moment are the city’s, wherever the reader is', () => {
  expect(dayOf(Date.parse('2026-11-21T16:30:00Z'), 'Asia/Shanghai')).toBe('2026-11-22')
  expect(momentIn('Asia/Shanghai', '2026-11-22T00:30')).toBe('2026-11-21T16:30:00.000Z')
})

test('an address with nonsense in it shows the table by area', () => {
  expect(readShown({ by: 'person', from: ['2026-01-01'] })).toEqual({ from: '2026-01-01', to: '', area: '', by: 'area', as_of: '' })
})
