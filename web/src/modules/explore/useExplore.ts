import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'
import { newId } from '@/shared/ids/newId'
import { cityZone } from '@/shared/time/cityClock'

import { addressOf, askedOf, type Question } from './question'

export type Kept = components['schemas']['FilterView']
const PAGE = 'explore'

/** The metrics, and the answer to the question as it stands. */
export function useExplore(question: Ref<Question>, today: Ref<string>) {
  const asked = computed(() => askedOf(question.value, today.value, cityZone.value))
  const metrics = useQuery({ queryKey: ['explore', 'metrics'], queryFn: () => unwrap(api.GET('/api/v1/studies/explorer/metrics')), staleTime: Infinity })
  const answer = useQuery({
    queryKey: ['explore', asked], placeholderData: keepPreviousData, retry: false,
    queryFn: () => unwrap(api.GET('/api/v1/studies/explorer', { params: { query: asked.value } })),
  })
  const sheet = computed(() => {
    const said = new URLSearchParams()
    for (const [name, value] of Object.entries(asked.value)) for (const one of Array.isArray(value) ? value : [value]) said.append(name, String(one))
    return `/api/v1/studies/explorer/sheet.xlsx?${said}`
  })
  return { metrics, answer, sheet }
}

/** Views under names of one's own, on every screen of one's own; some are shared with one's organisation. */
export function useViews(question: Ref<Question>) {
  const queries = useQueryClient()
  const { data } = useQuery({ queryKey: ['filters', PAGE], queryFn: () => unwrap(api.GET('/api/v1/desk/filters', { params: { query: { page: PAGE } } })) })
  const renew = () => queries.invalidateQueries({ queryKey: ['filters', PAGE] })
  const keep = useMutation({
    mutationFn: ({ name, shared }: { name: string; shared: boolean }) => {
      const known = data.value?.find((one) => one.own && one.name === name)
      return unwrap(api.PUT('/api/v1/desk/filters/{filter_id}', { params: { path: { filter_id: known?.id ?? newId() } }, body: { name, shared, address: { ...addressOf(question.value), page: PAGE } } }))
    },
    onSettled: renew,
  })
  const forget = useMutation({ mutationFn: (one: Kept) => unwrap(api.DELETE('/api/v1/desk/filters/{filter_id}', { params: { path: { filter_id: one.id } } })), onSettled: renew })
  const address = ({ address: { page, ...rest } }: Kept) => (page ? rest : {})
  return { views: computed(() => data.value ?? []), keep, forget, address }
}
