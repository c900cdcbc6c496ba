import { expect, it } from 'vitest'

import { nextRung } from './supervisionBody'

it('adds a rung that comes later and tells one level further up', () => {
  expect(nextRung([])).toEqual({ after: 0, level: 'unit', roles: [] })
  expect(nextRung([{ after: 50, level: 'township' }])).toEqual({ after: 100, level: 'county', roles: ['duty_leader'] })
  expect(nextRung([{ after: 200, level: 'city' }]).level).toBe('city')
})
