import { expect, test } from 'vitest'

import { bodyOf, lacking, type Said, type Words } from './wire'

const action = (name: string, required: string[], optional: string[] = []): Said => ({
  action: name, zh: name, en: name, primary: true,
  needs: [...required.map((field) => ({ field, required: true })), ...optional.map((field) => ({ field, required: false }))],
})
const words = (part: Partial<Words> = {}): Words => ({ id: 's-1', note: '', reason: '', unit_id: null, limit: '', ...part })

test('what is demanded is named until it is filled in', () => {
  const back = action('return', ['reason', 'note'])
  expect(lacking(back, words({ note: '  ' }))).toEqual(['reason', 'note'])
  expect(lacking(back, words({ note: 'a', reason: 'not_duty' }))).toEqual([])
})

test('only what is asked for is sent, and a limit only with the unit it is for', () => {
  expect(bodyOf(action('arrive', [], ['note']), words({ note: ' here ', reason: 'x', limit: '2WD' }), 3)).toEqual({ id: 's-1', action: 'arrive', version: 3, note: 'here' })
  expect(bodyOf(action('give_again', ['unit_id', 'note']), words({ note: 'go', unit_id: 'u', limit: '2WD' }), 1)).toEqual({
    id: 's-1', action: 'give_again', version: 1, note: 'go', unit_id: 'u', limit: '2WD',
  })
})
