import { expect, test } from 'vitest'

import { addressOf, askedOf, daysOf, fixed, readQuestion } from './question'

const today = '2026-11-18'

test('an empty address asks what came in in the last thirty days', () => {
  const question = readQuestion({})
  expect(daysOf(question, today)).toEqual({ from: '2026-10-20', to: today })
  expect(addressOf(question)).toEqual({ span: 'month', metric: 'received', by: 'time', every: 'day', compare: 'none' })
})

test('an address comes back as it was, with one type and with several', () => {
  for (const type of [['noise'], ['noise', 'street_lamp']]) {
    const question = readQuestion({ metric: 'close_rate', from: '2026-06-01', to: '2026-06-30', area: 'a', type, by: 'area', every: 'week', compare: 'year', as_of: '2026-07-01T08:00' })
    expect(readQuestion(addressOf(question))).toEqual(question)
    expect(askedOf(question, today, 'Asia/Shanghai')).toEqual({
      metric: 'close_rate', from: '2026-06-01', to: '2026-06-30', area: 'a', type, by: 'area', every: 'week', compare: 'year', as_of: '2026-07-01T00:00:00.000Z',
    })
  }
})

test('a kept view moves on with the days; a link stays with its own', () => {
  const question = readQuestion({ span: 'lastMonth' })
  expect(daysOf(question, '2026-12-02')).toEqual({ from: '2026-11-01', to: '2026-11-30' })
  expect(daysOf(fixed(question, today), '2026-12-02')).toEqual({ from: '2026-10-01', to: '2026-10-31' })
})

test('nonsense in an address is not asked', () => {
  expect(readQuestion({ by: 'person', compare: 'rank', every: 'hour', span: 'age' })).toMatchObject({ by: 'time', compare: 'none', every: 'day', span: 'month' })
})
