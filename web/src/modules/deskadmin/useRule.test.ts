import { expect, test } from 'vitest'

import { Refusal } from '@/api/refusal'

import { bodyFrom, problemsOf } from './useRule'

test('a document is a group of names; anything else is a fault, with the place when the text itself is broken', () => {
  expect(bodyFrom('{"a": 1}')).toEqual({ body: { a: 1 } })
  expect(bodyFrom('[1]')).toEqual({ fault: '' })
  expect((bodyFrom('{"a": }') as { fault: string }).fault).not.toBe('')
})

test('problems stand in the details of a refusal', () => {
  const problem = { path: 'types.types.3', zh: '', en: 'missing' }
  expect(problemsOf(new Refusal('rules_invalid', { zh: '', en: '' }, 422, { problems: [problem] }))).toEqual([problem])
  expect(problemsOf(new Error('x'))).toEqual([])
})
