import { expect, it } from 'vitest'

import { clockOf } from './useCommand'

it('counts down in minutes and seconds, and over an hour too', () => {
  expect([600, 67.4, 0, -9, 4200].map(clockOf)).toEqual(['10:00', '1:07', '0:00', '0:09', '70:00'])
})
