import { expect, test } from 'vitest'

import type { CaseCard } from '@/api/shapes'

import { inOrder, type Todo } from './useToday'

const todo = (id: string, due_at: string | null, emergency: string[] = []): Todo =>
  ({ task: 'to_verify', card: { id, due_at, emergency } as CaseCard })

test('emergencies come first, then what is due first; what has no due time comes last', () => {
  const order = inOrder([
    todo('none', null), todo('late', '2026-11-20T00:00:00Z'), todo('soon', '2026-11-21T00:00:00Z'),
    todo('fire', '2026-11-25T00:00:00Z', ['fire']),
  ])
  expect(order.map(({ card }) => card.id)).toEqual(['fire', 'late', 'soon', 'none'])
})
