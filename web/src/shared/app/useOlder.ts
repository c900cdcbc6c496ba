import { computed, type Ref, ref } from 'vue'

import { useWork } from '@/shared/ui/useWork'

interface Page<T> { items: readonly T[]; next?: string | null }

/** A list that goes on: the first page is the query's own and stays fresh, older ones are fetched at a touch. */
export function useOlder<T extends { id: string }>(first: () => Page<T> | undefined, ask: (cursor: string) => Promise<Page<T>>) {
  const older = ref([]) as Ref<T[]>
  const end = ref<string | null>()
  const { busy, error, during } = useWork()
  const next = computed(() => (end.value === undefined ? (first()?.next ?? null) : end.value))
  const items = computed(() => {
    const fresh = first()?.items ?? []
    const known = new Set(fresh.map((one) => one.id))
    return [...fresh, ...older.value.filter((one) => !known.has(one.id))]
  })

  const more = async (): Promise<void> => {
    const from = next.value
    if (!from) return
    const page = await during(() => ask(from))
    if (!page) return
    // What new ones push off the first page stays: the next page does not begin with it.
    older.value = [...(end.value === undefined ? (first()?.items ?? []) : older.value), ...page.items]
    end.value = page.next ?? null
  }
  /** An older one has changed; those of the first page come anew by themselves. */
  function change(id: string, part: Partial<T>): void {
    older.value = older.value.map((one) => (one.id === id ? { ...one, ...part } : one))
  }
  function forget(): void {
    older.value = []
    end.value = undefined
  }
  return { items, next, more, busy, error, change, forget }
}
