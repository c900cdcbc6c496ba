import { expect, test } from 'vitest'

import { blankYear, type CalendarBody, missingYears, withDay } from './calendarBody'

const body = { zone: 'Asia/Shanghai', spans: [], seasons: [], weekend: [6, 7], roll_calendar_days: true, years: { 2026: blankYear() } } as CalendarBody

test('a year that nobody entered is named', () => {
  expect(missingYears(body, new Date('2026-11-22T00:00:00Z'))).toEqual([2027])
  expect(missingYears({ ...body, years: {} }, new Date('2026-11-22T00:00:00Z'))).toEqual([2026, 2027])
})

test('days of the week stay in their order', () => {
  expect(withDay([6, 7], 1, true)).toEqual([1, 6, 7])
  expect(withDay([6, 7], 6, false)).toEqual([7])
})
