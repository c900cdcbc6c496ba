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
    older.value = [...older.value, ...page.items]
    end.value = page.next ?? null
  }
  function forget(): void {
    older.value = []
    end.value = undefined
  }
  return { items, next, more, busy, error, forget }
}
