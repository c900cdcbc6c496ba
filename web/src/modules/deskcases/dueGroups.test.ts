import { expect, test } from 'vitest'

import type { DeskCard } from '@/api/desk'

import { sections } from './dueGroups'

const card = (id: string, due_at: string | null, emergency: string[] = []) => ({ id, due_at, emergency }) as DeskCard
const now = Date.parse('2026-11-21T14:30:00Z') // 22:30 in Shanghai

test('a queue is headed by what is due when, by the city\'s day and not the device\'s', () => {
  const found = sections([
    card('fire', '2026-11-22T10:00:00Z', ['fire']),
    card('late', '2026-11-21T14:00:00Z'),
    card('tonight', '2026-11-21T15:30:00Z'),
    card('after midnight', '2026-11-21T16:30:00Z'),
    card('next week', '2026-11-28T02:00:00Z'),
    card('closed', null),
  ], now, 'Asia/Shanghai')
  expect(found.map(({ group, cards }) => [group, cards.map(({ id }) => id)])).toEqual([
    ['emergency', ['fire']], ['late', ['late']], ['today', ['tonight']], ['tomorrow', ['after midnight']],
    ['later', ['next week']], ['none', ['closed']],
  ])
})
