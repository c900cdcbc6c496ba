import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onMounted, type Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'
import { useKept } from '@/shared/desk/useKept'
import { newId } from '@/shared/ids/newId'

import { addressOf, type ListFilter } from './listQuery'

export type SavedFilter = components['schemas']['FilterView']
type Kept = Pick<SavedFilter, 'name' | 'address'>

const same = (one: object, other: object) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

/** Filters under names of the person's own, on every screen of his; some he shares with his organisation. */
export function useSaved(filter: Ref<ListFilter>) {
  const queries = useQueryClient()
  const { data } = useQuery({ queryKey: ['filters'], queryFn: () => unwrap(api.GET('/api/v1/desk/filters')) })
  const saved = computed<SavedFilter[]>(() => data.value ?? [])
  const current = computed(() => saved.value.find(({ address }) => same(address, addressOf(filter.value)))?.id ?? null)
  // Those that an earlier version kept on the device alone.
  const onDevice = useKept<Kept[]>('filters', [])

  const put = (id: string, body: Kept & { shared: boolean }) =>
    unwrap(api.PUT('/api/v1/desk/filters/{filter_id}', { params: { path: { filter_id: id } }, body }))
  const renew = () => queries.invalidateQueries({ queryKey: ['filters'] })
  const keeping = useMutation({
    mutationFn: ({ name, shared }: { name: string; shared: boolean }) => {
      const known = saved.value.find((one) => one.own && one.name === name.trim())
      return put(known?.id ?? newId(), { name: name.trim(), address: addressOf(filter.value), shared })
    },
    onSettled: renew,
  })
  const sharing = useMutation({
    mutationFn: (one: SavedFilter) => put(one.id, { name: one.name, address: one.address, shared: !one.unit }),
    onSettled: renew,
  })
  const forgetting = useMutation({
    mutationFn: (one: SavedFilter) => unwrap(api.DELETE('/api/v1/desk/filters/{filter_id}', { params: { path: { filter_id: one.id } } })),
    onSettled: renew,
  })
  onMounted(async () => {
    if (!onDevice.value.length) return
    await Promise.allSettled(onDevice.value.map(({ name, address }) => put(newId(), { name, address, shared: false })))
    onDevice.value = []
    await renew()
  })
  const error = computed(() => keeping.error.value ?? sharing.error.value ?? forgetting.error.value)
  return { saved, current, error, save: keeping.mutateAsync, share: sharing.mutate, forget: forgetting.mutate }
}
