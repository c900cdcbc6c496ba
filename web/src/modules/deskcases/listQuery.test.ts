import { expect, test } from 'vitest'

import { addressOf, askedOf, exportUrl, narrowings, readFilter, wide } from './listQuery'

const filter = { ...wide, queue: 'to_accept', q: 'pothole', state: ['reported', 'handling'], emergency: true }

test('an address read back is the same filter', () => {
  expect(readFilter(addressOf(filter))).toEqual(filter)
  expect(readFilter({})).toEqual({ ...wide, queue: '' })
})

test('an address holds only what narrows', () => {
  expect(addressOf({ ...wide, queue: 'overdue' })).toEqual({ queue: 'overdue' })
})

test('the server is asked for what is set, and the table by the same question', () => {
  expect(askedOf(filter)).toEqual({ queue: 'to_accept', q: 'pothole', state: ['reported', 'handling'], emergency: true })
  expect(exportUrl(filter)).toBe('/api/v1/cases/export.xlsx?q=pothole&state=reported&state=handling&queue=to_accept&emergency=true')
  expect(exportUrl({ ...wide, queue: '' })).toBe('/api/v1/cases/export.xlsx')
})

test('queue and words are not counted as narrowings', () => {
  expect(narrowings(filter)).toBe(2)
})
