import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type DeskCard } from '@/api/desk'

import { askedOf, type ListFilter } from './listQuery'

const rows = 100

/** A list page by page; a case that moved between two pages is shown once. */
export function useCaseList(filter: Ref<ListFilter>, enabled: () => boolean) {
  const asked = computed(() => askedOf(filter.value))
  const query = useInfiniteQuery({
    queryKey: ['cases', asked],
    queryFn: async ({ pageParam }) => unwrap(desk.GET('/api/v1/cases', {
      params: { query: { ...asked.value, limit: rows, ...(pageParam && { cursor: pageParam }) } },
    })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
    placeholderData: keepPreviousData,
  })
  const cards = computed<DeskCard[]>(() => {
    const all = query.data.value?.pages.flatMap((page) => page.items) ?? []
    return [...new Map(all.map((card) => [card.id, card])).values()]
  })
  return { ...query, cards }
}

/** The queues of this person's posts, as the server gives them. */
export function useQueues() {
  return useQuery({
    queryKey: ['queues'],
    queryFn: async () => unwrap(desk.GET('/api/v1/cases/queues')),
    refetchInterval: 60_000,
  })
}
