import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { Queue } from '@/api/shapes'
import { keepLast, readLast } from '@/shared/session/lastSeen'
import { heldCases, useHeld } from '@/shared/sync/useHeld'

export const lists = ['in_grid', 'reported_by_me', 'handed_in', 'overdue'] as const
export type ListCode = (typeof lists)[number]

async function askQueues(): Promise<Queue[]> {
  const queues = await unwrap(api.GET('/api/v1/cases/queues'))
  keepLast('queues', queues)
  return queues
}

/** The lists a person holds, one of them page by page, or what a search finds. */
export function useGridCases() {
  const wanted = ref<ListCode | null>(null)
  const typed = ref('')
  const q = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  const { asOf, first } = useHeld()
  const kept = readLast<Queue[]>('queues')
  const { data: queues } = useQuery({ queryKey: ['queues'], queryFn: askQueues, ...(kept && { initialData: kept.value, initialDataUpdatedAt: 0 }) })
  const held = computed(() => lists.filter((code) => queues.value?.some((queue) => queue.code === code)))
  const chosen = computed<ListCode | null>(() => wanted.value ?? held.value[0] ?? null)
  const countOf = (code: string) => queues.value?.find((queue) => queue.code === code)?.count ?? 0

  const found = useInfiniteQuery({
    queryKey: computed(() => ['cases', 'list', q.value ? '' : chosen.value, q.value]),
    initialPageParam: '',
    queryFn: ({ pageParam }) => first(() => unwrap(api.GET('/api/v1/cases', {
      params: { query: { ...(q.value ? { q: q.value } : { queue: chosen.value ?? '' }), ...(pageParam && { cursor: pageParam }), limit: 30 } },
    })), async () => (q.value || chosen.value === 'in_grid' ? { items: await heldCases(q.value), next: null } : null)),
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: computed(() => !!q.value || !!chosen.value),
  })
  const cards = computed(() => found.data.value?.pages.flatMap((page) => page.items) ?? [])

  watch(typed, (words) => {
    clearTimeout(timer)
    timer = setTimeout(() => { q.value = words.trim().length >= 2 ? words.trim() : '' }, 350)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { held, chosen, wanted, typed, q, countOf, cards, asOf, ...found }
}
