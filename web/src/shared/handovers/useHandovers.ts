import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type HandedItem = components['schemas']['ItemView']
export type ItemPage = components['schemas']['ItemPage']

/** Open work of those who left: what waits for me to give on or to sign for. */
export function useHandovers() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['cases', 'handovers'], queryFn: () => unwrap(api.GET('/api/v1/handovers')) })
  const count = computed(() => (query.data.value ? query.data.value.to_sign + query.data.value.to_give : 0))
  const keep = (page: ItemPage) => queries.setQueryData(['cases', 'handovers'], page)
  const give = useMutation({
    mutationFn: (body: { items: string[]; to: string }) => unwrap(api.POST('/api/v1/handovers/give', { body: { ...body, note: '' } })),
    onSuccess: keep,
  })
  const sign = useMutation({
    mutationFn: (id: string) => unwrap(api.POST('/api/v1/handovers/{item_id}/sign', { params: { path: { item_id: id } }, body: { note: '' } })),
    onSuccess: keep,
  })
  return { ...query, count, give, sign }
}

/** Who could take on every one of the chosen items. */
export function peopleForAll(items: readonly HandedItem[]): HandedItem['people'] {
  const [first, ...others] = items
  if (!first) return []
  return first.people.filter((one) => others.every((item) => item.people.some((other) => other.id === one.id)))
}
