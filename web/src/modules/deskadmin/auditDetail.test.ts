import { expect, test } from 'vitest'

import { entries } from './auditDetail'

test('a list stays a list, what is empty falls away, an id is told apart', () => {
  expect(entries({ usernames: ['a', 'b'], count: 2, q: '', action: null, account_id: '01a200c4-9e15-77e4-b818-92bb4564be67', public: false })).toEqual([
    { key: 'usernames', values: ['a', 'b'], ids: false },
    { key: 'count', values: ['2'], ids: false },
    { key: 'account_id', values: ['01a200c4-9e15-77e4-b818-92bb4564be67'], ids: true },
    { key: 'public', values: ['false'], ids: false },
  ])
})
