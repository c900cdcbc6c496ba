import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { plainSha256 } from './sha256'

test.each([0, 1, 55, 56, 63, 64, 65, 1000, 70_000])('the plain way agrees with the machine\'s own on %i bytes', (size) => {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + size) & 255)
  expect(plainSha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
})
