import { expect, it } from 'vitest'

import { quietFor } from './quietBody'

it('counts quiet hours over midnight', () => {
  expect(quietFor({ first: '22:00', last: '07:00' })).toEqual({ hours: 9, minutes: 0 })
  expect(quietFor({ first: '12:30', last: '14:00' })).toEqual({ hours: 1, minutes: 30 })
})
