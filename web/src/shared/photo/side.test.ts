import { expect, test } from 'vitest'

import { sideOf } from './side'

test('before and after are told once something shows it after, and other pictures are of neither', () => {
  const [first, last, chat] = [{ purpose: 'before' }, { purpose: 'after' }, { purpose: 'other' }]
  expect(sideOf(first, [first])).toBeNull()
  expect([first, last, chat].map((one) => sideOf(one, [first, last, chat]))).toEqual(['before', 'after', null])
  expect(sideOf(undefined, [last])).toBeNull()
})
