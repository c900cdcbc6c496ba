import { expect, test } from 'vitest'

import { dueBy } from './round'

test('homes are due by the day and until somebody was there on it', () => {
  const homes = [
    { due_on: '2026-03-03', last_at: null },
    { due_on: '2026-02-20', last_at: '2026-02-01T02:00:00Z' },
    { due_on: '2026-03-04', last_at: null },
    { due_on: '2026-03-01', last_at: '2026-03-02T22:30:00Z' }, // half past six of the third in the city
  ]
  expect(dueBy(homes, '2026-03-03', 'Asia/Shanghai')).toBe(2)
})
