import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

import { api, unwrap } from '@/api/client'

/** Who serves an area, and what its residents are told today. */
export function useTold(area: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['serve', toValue(area)]),
    queryFn: () => unwrap(api.GET('/api/v1/public/serve/{area_code}', { params: { path: { area_code: toValue(area) } } })),
    enabled: () => toValue(area) !== '',
    staleTime: 20_000,
  })
}
