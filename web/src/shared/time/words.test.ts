import { expect, test } from 'vitest'

import { dateWords, momentWords, shortMoment, spanUntil } from './words'

const zone = 'Asia/Shanghai'

test('a moment is written as the city writes it, in the zone of the city', () => {
  expect(momentWords('2026-11-21T06:05:00Z', zone, 'zh')).toBe('2026年11月21日 14:05')
  expect(momentWords('2026-11-21T16:30:00Z', zone, 'zh')).toBe('2026年11月22日 00:30')
  expect(momentWords('2026-11-21T06:05:00Z', zone, 'en')).toBe('21 Nov 2026 14:05')
  expect(dateWords('2026-01-05T00:00:00Z', zone, 'zh')).toBe('2026年1月5日')
})

test('a list shows today by the minute alone and other years in full', () => {
  const now = Date.parse('2026-11-21T06:05:00Z')
  expect(shortMoment('2026-11-21T01:00:00Z', zone, 'zh', now)).toBe('09:00')
  expect(shortMoment('2026-11-20T01:00:00Z', zone, 'zh', now)).toBe('11月20日 09:00')
  expect(shortMoment('2025-11-20T01:00:00Z', zone, 'zh', now)).toBe('2025年11月20日 09:00')
})

test('what is left and what has passed', () => {
  const now = Date.parse('2026-11-21T06:00:00Z')
  expect(spanUntil('2026-11-21T09:20:30Z', now)).toEqual({ days: 0, hours: 3, minutes: 20, late: false })
  expect(spanUntil('2026-11-18T05:00:00Z', now)).toEqual({ days: 3, hours: 1, minutes: 0, late: true })
})
