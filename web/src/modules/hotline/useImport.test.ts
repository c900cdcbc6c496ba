import { expect, test } from 'vitest'

import { fitting, layoutOf } from './useImport'

test('fields without a column are left out of the layout', () => {
  expect(layoutOf({ number: '工单编号', text: '诉求内容', title: '' })).toEqual({ source: '12345', columns: { number: '工单编号', text: '诉求内容' } })
})

test('a saved layout brings along only columns that this file has', () => {
  expect(fitting({ number: '工单编号', phone: '来电号码' }, ['工单编号', '诉求内容'])).toEqual({ number: '工单编号' })
})
