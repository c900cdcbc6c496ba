import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { CaseCard } from '@/api/shapes'

import { inOrder, type Todo } from '../today/useToday'

const queues = ['to_acknowledge', 'to_handle', 'to_assist'] as const
export const lists = ['open', 'due', 'done'] as const
export type ListName = (typeof lists)[number]
export type From = 'all' | 'residents' | 'others'
const most = 100

/** What residents told themselves, by whatever way; the rest came from people at work. */
const byResidents = new Set(['resident', 'phone', 'visit', 'letter', 'mailbox', 'hotline', 'petition', 'grid_chat'])
const lightOf = (card: CaseCard) => card.task?.light ?? card.light

export function ofList(todos: readonly Todo[], done: readonly CaseCard[], list: ListName, from: From): { task: string; card: CaseCard }[] {
  const wanted = list === 'done' ? done.map((card) => ({ task: '', card })) : list === 'due' ? todos.filter(({ card }) => ['yellow', 'red'].includes(lightOf(card))) : todos
  return wanted.filter(({ card }) => from === 'all' || byResidents.has(card.channel) === (from === 'residents'))
}

/** The orders of one's own company: open, due soon or late, done. */
export function useOrders(unit: () => string) {
  const list = ref<ListName>('open')
  const from = ref<From>('all')
  const open = useQuery({
    queryKey: ['cases', 'orders', 'open'],
    queryFn: async (): Promise<Todo[]> => {
      const pages = await Promise.all(queues.map(async (queue) => {
        const { items } = await unwrap(api.GET('/api/v1/cases', { params: { query: { queue, limit: most } } }))
        return items.map((card) => ({ task: queue, card: card as CaseCard }))
      }))
      return inOrder(pages.flat())
    },
  })
  const whole = useQuery({
    queryKey: ['cases', 'orders', 'all'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/cases', { params: { query: { unit_id: unit(), limit: most } } }))).items as CaseCard[],
    enabled: computed(() => list.value === 'done' && !!unit()),
  })
  const todos = computed(() => open.data.value ?? [])
  const done = computed(() => {
    const here = new Set(todos.value.map(({ card }) => card.id))
    return (whole.data.value ?? []).filter((card) => !here.has(card.id))
  })
  const items = computed(() => ofList(todos.value, done.value, list.value, from.value))
  const due = computed(() => ofList(todos.value, [], 'due', 'all').length)
  const asked = computed(() => (list.value === 'done' ? whole : open))
  return {
    list, from, items, todos, due,
    pending: computed(() => asked.value.isPending.value), error: computed(() => asked.value.error.value), refetch: () => asked.value.refetch(),
  }
}
