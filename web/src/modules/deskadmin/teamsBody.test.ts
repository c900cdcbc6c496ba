import { expect, it } from 'vitest'

import { freeRoles, freshCode } from './teamsBody'

it('offers a slot only roles that no other one has', () => {
  const leader = { code: 'leader', zh: '网格长', en: 'Leader', roles: ['grid_leader'] }
  const others = { code: 'others', zh: '其他', en: 'Others' }
  expect(freeRoles([leader, others], others, ['grid_leader', 'secretary'])).toEqual(['secretary'])
  expect(freeRoles([leader, others], leader, ['grid_leader', 'secretary'])).toEqual(['grid_leader', 'secretary'])
})

it('gives a new row a code of its own', () => {
  expect(freshCode([{ code: 'a' }, { code: 'own_3' }])).toBe('own_4')
})
