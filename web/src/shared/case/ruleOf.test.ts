import { expect, test } from 'vitest'

import { ruleOf } from './ruleOf'

test('a step of the system names its rule, and the red light is one', () => {
  expect(ruleOf({ action: 'close', data: { rule: 'auto_close' } })).toBe('auto_close')
  expect(ruleOf({ action: 'overdue', data: { due_at: '2026-11-22T00:00:00Z' } })).toBe('overdue')
  expect(ruleOf({ action: 'accept', data: {} })).toBe('')
})
