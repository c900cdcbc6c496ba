import { expect, it } from 'vitest'

import { alertKinds, blankRule, hasTypes, numbersOf } from './alertsBody'

it('begins every kind of rule switched off, with a code of its own and numbers within its limits', () => {
  for (const kind of alertKinds) {
    const rule = blankRule(kind, [`${kind}_1`])
    expect([rule.code, rule.active]).toEqual([`${kind}_2`, false])
    for (const field of numbersOf(kind)) {
      expect(rule[field.name]).toBeGreaterThanOrEqual(field.min)
      expect(rule[field.name]).toBeLessThanOrEqual(field.max)
    }
  }
})

it('asks for types only where cases are counted by type', () => {
  expect(hasTypes(blankRule('threshold', []))).toBe(true)
  expect(hasTypes({ ...blankRule('threshold', []), indicator: 'late' })).toBe(false)
  expect(hasTypes(blankRule('silent_grid', []))).toBe(false)
})
