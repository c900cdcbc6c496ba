import { expect, it } from 'vitest'

import { daysOf, ruleOf, withRule } from './visitsBody'

it('changes one kind in its place and forgets a kind of which nothing is said', () => {
  const rows = [{ kind: 'disabled', days: 30 }, { kind: 'hardship', days: 30 }]
  expect(withRule(rows, 'disabled', { two: true })).toEqual([{ kind: 'disabled', days: 30, two: true }, { kind: 'hardship', days: 30 }])
  expect(withRule(rows, 'hardship', { days: null })).toEqual([{ kind: 'disabled', days: 30 }])
  expect(withRule(undefined, 'quarrel', { two: true })).toEqual([{ kind: 'quarrel', days: null, two: true }])
  expect(withRule(undefined, 'quarrel', { two: false })).toEqual([])
  expect(ruleOf(rows, 'dog')).toEqual({ kind: 'dog', days: null, two: false })
})

it('reads days, and nothing where there are none', () => {
  expect([daysOf('14'), daysOf(''), daysOf('x'), daysOf('0')]).toEqual([14, null, null, null])
})
