import { expect, test } from 'vitest'

import { addDays, fieldOfMoment, localOf, momentOf, momentOfField, shiftSpan } from './zoned'

test('a day and time of the city is one moment, whatever zone the device is in', () => {
  expect(momentOf('2026-11-22', '08:30', 'Asia/Shanghai')).toBe('2026-11-22T00:30:00.000Z')
  expect(momentOf('2026-11-22', '00:10', 'Asia/Shanghai')).toBe('2026-11-21T16:10:00.000Z')
  expect(localOf('2026-11-21T16:10:00Z', 'Asia/Shanghai')).toEqual({ day: '2026-11-22', time: '00:10' })
})

test('summer time is kept', () => {
  expect(momentOf('2026-07-01', '12:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z')
  expect(momentOf('2026-12-01', '12:00', 'Europe/Berlin')).toBe('2026-12-01T11:00:00.000Z')
})

test('a night shift ends on the next day, also over the end of a month', () => {
  expect(shiftSpan('2026-11-30', '20:00', '08:00', 'Asia/Shanghai')).toEqual({ begins: '2026-11-30T12:00:00.000Z', ends: '2026-12-01T00:00:00.000Z' })
  expect(addDays('2026-11-30', 1)).toBe('2026-12-01')
})

test('a field for day and time holds the hours of the city, not of the device', () => {
  expect(fieldOfMoment('2026-11-21T16:10:00Z', 'Asia/Shanghai')).toBe('2026-11-22T00:10')
  expect(momentOfField('2026-11-22T00:10', 'Asia/Shanghai')).toBe('2026-11-21T16:10:00.000Z')
  expect(momentOfField('', 'Asia/Shanghai')).toBeNull()
})
