import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'

const most = 100

/** How many possible doubles the rows of a list have, asked after the list is there. */
export function useDoubleCounts(ids: () => readonly string[], wanted: () => boolean) {
  const asked = computed(() => ids().slice(0, most))
  const { data } = useQuery({
    queryKey: ['doubles', 'counts', asked],
    queryFn: async () => {
      const found = await unwrap(api.GET('/api/v1/cases/doubles', { params: { query: { ids: asked.value } } }))
      return Object.fromEntries(found.map(({ id, count }) => [id, count])) as Record<string, number>
    },
    enabled: () => wanted() && asked.value.length > 0,
    staleTime: 60_000,
    retry: false,
  })
  return (id: string) => data.value?.[id] ?? 0
}
