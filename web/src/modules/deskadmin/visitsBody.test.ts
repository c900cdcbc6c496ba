import { expect, it } from 'vitest'

import { codesOf, daysOf, ruleOf, walkedEvery, withRule } from './visitsBody'

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

it('changes how often one kind of grid is walked, and reads codes as they are typed', () => {
  const rows = [{ grids: 'base' as const, days: 30 }, { grids: 'dedicated' as const, days: 7 }]
  expect(walkedEvery(rows, 'base', 14)).toEqual([{ grids: 'dedicated', days: 7 }, { grids: 'base', days: 14 }])
  expect(walkedEvery(rows, 'base', null)).toEqual([{ grids: 'dedicated', days: 7 }])
  expect(walkedEvery(undefined, 'risky', 1)).toEqual([{ grids: 'risky', days: 1 }])
  expect(codesOf(' 3705，3706、3705\n3707 ')).toEqual(['3705', '3706', '3707'])
})
