import { expect, test } from 'vitest'

import { lookOf } from './stages'

const reached = (n: number) => Array.from({ length: 5 }, (_, at) => ({ reached: at < n }))

test('the last stage reached is where the matter is', () => {
  expect(lookOf(reached(3), false)).toEqual(['done', 'done', 'now', 'later', 'later'])
})
test('a finished matter has passed them all', () => {
  expect(lookOf(reached(5), true)).toEqual(['done', 'done', 'done', 'done', 'done'])
})
