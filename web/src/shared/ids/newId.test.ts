import { expect, test } from 'vitest'

import { newId } from './newId'

test('carries the milliseconds, the version and the variant', () => {
  const id = newId(Date.UTC(2026, 10, 21, 6, 5, 7, 89))
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 21, 6, 5, 7, 89))
})

test('ten thousand ids of one millisecond are all different', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId(1))).size).toBe(10_000)
})
