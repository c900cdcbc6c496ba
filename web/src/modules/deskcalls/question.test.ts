import { expect, it } from 'vitest'

import { blankWord } from '@/shared/contact/word'

import { blankQuestion, comesBack, isWhole } from './question'

it('asks for a ground only of what comes back, and for the whole of it', () => {
  expect(comesBack({ ...blankWord(), solved: true, satisfaction: 'satisfied' })).toBe(false)
  expect(comesBack({ ...blankWord(), solved: false })).toBe(true)
  expect(comesBack({ ...blankWord(), solved: true, satisfaction: 'very_dissatisfied' })).toBe(true)
  expect(isWhole(blankQuestion())).toBe(true)
  expect(isWhole({ on: true, reason: 'settled', ground: ' ' })).toBe(false)
  expect(isWhole({ on: true, reason: 'settled', ground: '（2026）鲁05民终12号' })).toBe(true)
})
