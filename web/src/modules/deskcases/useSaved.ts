import { computed, type Ref } from 'vue'

import { useKept } from '@/shared/desk/useKept'

import { addressOf, type ListFilter } from './listQuery'

export interface SavedFilter { name: string; address: Record<string, string | string[]> }

const same = (one: object, other: object) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

/** Filters kept on this device under names of the person's own. */
export function useSaved(filter: Ref<ListFilter>) {
  const saved = useKept<SavedFilter[]>('filters', [])
  const current = computed(() => saved.value.find(({ address }) => same(address, addressOf(filter.value)))?.name ?? null)

  function save(name: string): void {
    const plain = name.trim().slice(0, 20)
    if (!plain) return
    saved.value = [...saved.value.filter((one) => one.name !== plain), { name: plain, address: addressOf(filter.value) }]
  }
  function forget(name: string): void {
    saved.value = saved.value.filter((one) => one.name !== name)
  }
  return { saved, current, save, forget }
}
