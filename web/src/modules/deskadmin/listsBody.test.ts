import { expect, it } from 'vitest'

import { blankRow, closed, underneath } from './listsBody'

it('knows which lists say what they rest on, and which the product knows by their codes', () => {
  expect(['decline_reasons', 'asker_modes', 'whistle_reasons', 'channels'].map(underneath)).toEqual(['ground', 'hint', null, null])
  expect(['satisfaction', 'void_reasons'].map(closed)).toEqual([true, false])
})

it('gives a new row a code of its own', () => {
  const rows = [{ code: 'own_2', zh: '甲', en: 'A' }]
  expect(blankRow(rows, 'decline_reasons')).toEqual({ code: 'own_3', zh: '', en: '', active: true, ground: null })
  expect(blankRow([], 'whistle_reasons')).toMatchObject({ code: 'own_1', arrive: '1WD' })
})
