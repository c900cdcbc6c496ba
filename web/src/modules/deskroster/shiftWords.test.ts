import { expect, test } from 'vitest'

import type { Shift } from '@/api/desk'

import { holderOf, spanWords } from './shiftWords'

const shift = (stands: Shift['stands'] = []): Shift => ({
  id: 's', duty: 'on_duty', begins: '2026-11-24T00:30:00Z', ends: '2026-11-25T00:30:00Z', note: '', account: { id: 'a', name: '郑洁', phone: '' }, stands,
})
const other = { id: 'b', name: '冯涛', phone: '' }

test('a stretch names the day of its end where it is another', () => {
  expect(spanWords(shift(), 'Asia/Shanghai')).toBe('11/24 08:30–11/25 08:30')
})

test('whoever stands in for the whole has the shift, whoever takes a part does not', () => {
  const part = { account: other, begins: '2026-11-24T02:00:00Z', ends: '2026-11-24T04:00:00Z', kind: 'stand_in' }
  expect(holderOf(shift([part])).name).toBe('郑洁')
  expect(holderOf(shift([{ ...part, begins: shift().begins, ends: shift().ends }])).name).toBe('冯涛')
})
