import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type AlertCard = components['schemas']['AlertCard']
export type AlertView = components['schemas']['AlertView']
export type EndBody = components['schemas']['AlertEnding']
export type Box = 'open' | 'ended'

/** Cards of one's ground, newest first. */
export function useAlerts(box: Ref<Box>) {
  const query = useInfiniteQuery({
    queryKey: computed(() => ['alerts', 'list', box.value]),
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/alerts', { params: { query: { box: box.value, cursor: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  })
  const items = computed<AlertCard[]>(() => query.data.value?.pages.flatMap((page) => page.items) ?? [])
  return { ...query, items }
}

/** One card, and what whoever holds it may do. */
export function useAlert(id: () => string) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: computed(() => ['alerts', 'one', id()]),
    queryFn: () => unwrap(api.GET('/api/v1/alerts/{alert_id}', { params: { path: { alert_id: id() } } })),
    enabled: computed(() => !!id()),
  })
  const at = () => ({ params: { path: { alert_id: id() } } })
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['alerts'] })
  const acknowledge = useMutation({ mutationFn: () => unwrap(api.POST('/api/v1/alerts/{alert_id}/acknowledge', at())), onSuccess })
  const end = useMutation({ mutationFn: (body: EndBody) => unwrap(api.POST('/api/v1/alerts/{alert_id}/end', { ...at(), body })), onSuccess })
  return { ...query, acknowledge, end }
}

export function useAlertRules() {
  return useQuery({ queryKey: ['alerts', 'rules'], queryFn: () => unwrap(api.GET('/api/v1/alerts/rules')) })
}
