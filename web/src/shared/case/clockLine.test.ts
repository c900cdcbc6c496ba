import { expect, test } from 'vitest'

import { minutesWords, nowShare, shares } from './clockLine'

const clock = [
  { going: 'runs' as const, first: '2026-11-20T02:00:00Z', last: '2026-11-20T03:00:00Z', zh: '', en: '' },
  { going: 'stood' as const, first: '2026-11-20T03:00:00Z', last: '2026-11-20T06:00:00Z', zh: '', en: '' },
]

test('each piece is as wide as it is long', () => {
  expect(shares(clock).map(({ share }) => share)).toEqual([0.25, 0.75])
  expect(shares([])).toEqual([])
})

test('the present stands on the line, or nowhere', () => {
  expect(nowShare(clock, Date.parse('2026-11-20T04:00:00Z'))).toBe(0.5)
  expect(nowShare(clock, Date.parse('2026-11-20T07:00:00Z'))).toBeNull()
  expect(nowShare([], 0)).toBeNull()
})

test('minutes are said as hours from an hour on', () => {
  const say = (key: string, values: Record<string, number>) => `${key} ${Object.values(values).join(' ')}`
  expect([minutesWords(59, say), minutesWords(61, say)]).toEqual(['case.minutes 59', 'case.hoursMinutes 1 1'])
})
