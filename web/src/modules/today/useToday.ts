import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { CaseCard } from '@/api/shapes'
import { keepLast, readLast } from '@/shared/session/lastSeen'

/** The queues that ask this person to do something, in the order in which equal dues are shown. */
export const tasks = ['to_verify', 'to_check', 'to_sample', 'to_acknowledge', 'to_handle', 'to_assist'] as const
export type Task = (typeof tasks)[number]
export interface Todo { task: Task; card: CaseCard }

const most = 50

/** Emergencies first, then what is due first; what has no due time comes last. */
export function inOrder(todos: readonly Todo[]): Todo[] {
  const due = ({ card }: Todo) => (card.task?.due_at ?? card.due_at ? Date.parse((card.task?.due_at ?? card.due_at)!) : Infinity)
  const alarm = ({ card }: Todo) => (card.emergency.length ? 0 : 1)
  return [...todos].sort((one, other) => alarm(one) - alarm(other) || due(one) - due(other) || 0)
}

export interface Today { todos: Todo[]; count: number }

async function load(): Promise<Today> {
  const queues = await unwrap(api.GET('/api/v1/cases/queues'))
  const wanted = tasks.filter((task) => queues.some((queue) => queue.code === task && queue.count > 0))
  const pages = await Promise.all(wanted.map(async (task) => {
    const { items } = await unwrap(api.GET('/api/v1/cases', { params: { query: { queue: task, limit: most } } }))
    return items.map((card) => ({ task, card }))
  }))
  const count = queues.filter((queue) => tasks.some((task) => task === queue.code)).reduce((sum, queue) => sum + queue.count, 0)
  const today = { todos: inOrder(pages.flat()), count }
  keepLast('today', today)
  return today
}

export function useToday() {
  const kept = readLast<Today>('today')
  const query = useQuery({
    queryKey: ['cases', 'today'],
    queryFn: load,
    // What was kept is shown at once, and never taken for the newest.
    refetchOnMount: 'always',
    ...(kept && { initialData: kept.value, initialDataUpdatedAt: kept.at }),
  })
  const todos = computed(() => query.data.value?.todos ?? [])
  const count = computed(() => query.data.value?.count ?? 0)
  return { ...query, todos, count }
}
