import { expect, it } from 'vitest'

import type { LoopMove } from '@/api/desk'

import { lawOf, leadsOn, toggled } from './workflowBody'

const move = (action: string, sources: string[], target: string | null, more: Partial<LoopMove> = {}): LoopMove => ({
  action, sources, target, name: { zh: action, en: action }, by: 'desk', roles: ['acceptor'], only: [], needs: [], may: ['note'], essential: false, active: true, ...more,
})
const moves = [
  move('remark', ['reported', 'handling'], null, { by: 'anybody', needs: ['note'] }),
  move('self_handle', ['reported'], 'handled', { by: 'reporter', roles: ['grid_worker'], needs: ['note'], may: ['files'] }),
  move('self_handle', ['verifying'], 'handled', { by: 'grid', roles: ['grid_worker'], needs: ['note'], may: ['note', 'files', 'answer'] }),
  move('accept', ['reported'], 'accepted', { essential: true }),
]

it('puts the moves of one step together, and offers what its form has a place for', () => {
  expect(lawOf(moves, 'self_handle')).toEqual({
    action: 'self_handle', from: [{ source: 'reported', target: 'handled' }, { source: 'verifying', target: 'handled' }],
    roles: ['grid_worker'], by: ['reporter', 'grid'], needs: ['note'], essential: false, more: ['answer', 'files', 'photo_before', 'photo_after'],
  })
  expect(lawOf(moves, 'accept')?.more).toEqual(['note'])
  expect(lawOf(moves, 'report')).toBeNull()
})

it('tells what leads on before what only stays', () => {
  expect(leadsOn(moves, 'reported').map((one) => one.action)).toEqual(['self_handle', 'accept', 'remark'])
})

it('adds and takes away', () => {
  expect(toggled(undefined, 'a', true)).toEqual(['a'])
  expect(toggled(['a', 'b'], 'a', false)).toEqual(['b'])
})
