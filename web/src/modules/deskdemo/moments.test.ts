import { expect, test } from 'vitest'

import { localToIso } from './moments'

test('what the field says is the city\'s time', () => {
  expect(localToIso('2026-11-22T08:30', 'Asia/Shanghai')).toBe('2026-11-22T00:30:00.000Z')
  expect(localToIso('2026-03-29T12:00', 'Europe/Berlin')).toBe('2026-03-29T10:00:00.000Z')
})
