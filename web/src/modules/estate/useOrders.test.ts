import { expect, test } from 'vitest'

import type { CaseCard } from '@/api/shapes'

import type { Todo } from '../today/useToday'
import { ofList } from './useOrders'

const card = (id: string, channel: string, light: string, task?: string) =>
  ({ id, channel, light, ...(task && { task: { light: task } }) }) as unknown as CaseCard
const todos: Todo[] = [
  { task: 'to_handle', card: card('leak', 'resident', 'red') },
  { task: 'to_assist', card: card('pump', 'worker', 'green', 'yellow') },
  { task: 'to_acknowledge', card: card('lamp', 'hotline', 'green') },
]
const ids = (...of: Parameters<typeof ofList>) => ofList(...of).map((one) => one.card.id)

test('an order that is called for is due by the time of its own task, and residents are told from staff', () => {
  expect(ids(todos, [], 'due', 'all')).toEqual(['leak', 'pump'])
  expect(ids(todos, [], 'open', 'residents')).toEqual(['leak', 'lamp'])
  expect(ids(todos, [card('old', 'worker', 'none')], 'done', 'others')).toEqual(['old'])
})
