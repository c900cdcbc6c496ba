import { expect, test } from 'vitest'

import { stretchesOf, ticked } from './patrol'

const plan = { stretches: [{ begins: 'A', ends: 'B', walked: false }, { begins: 'B', ends: 'C', walked: true }, { begins: 'C', ends: 'D', walked: false }] }

test('only planned stretches that nobody has walked yet are said, in the order of the plan', () => {
  expect(ticked(plan, ['C → D', 'B → C', 'X → Y', 'A → B'])).toEqual([{ begins: 'A', ends: 'B' }, { begins: 'C', ends: 'D' }])
  expect(ticked(null, ['A → B'])).toEqual([])
})

test('a line is one stretch, from and to', () => {
  expect(stretchesOf('文汇路口—为民市场\n为民市场 到 北门\n\n')).toEqual({ stretches: [{ begins: '文汇路口', ends: '为民市场' }, { begins: '为民市场', ends: '北门' }], wrong: [] })
  expect(stretchesOf('北门')).toEqual({ stretches: [], wrong: ['北门'] })
  expect(stretchesOf('A-B-C').wrong).toEqual(['A-B-C'])
})
