import { computed, type Ref, ref, watch } from 'vue'

/** Walking a list by keys. A case that has left the list leaves its place: the next one stands there. */
export function useSelection(ids: Ref<readonly string[]>, selected: Ref<string | null>, select: (id: string) => void) {
  const place = ref(-1)

  watch([ids, selected], () => {
    const at = selected.value ? ids.value.indexOf(selected.value) : -1
    if (at >= 0) place.value = at
  }, { immediate: true })

  const inList = computed(() => !!selected.value && ids.value.includes(selected.value))

  function go(to: number): boolean {
    const id = ids.value[to]
    if (id === undefined) return false
    select(id)
    return true
  }

  /** The next one; false at the end of what is loaded. */
  const next = () => go(inList.value ? place.value + 1 : Math.max(place.value, 0))
  const previous = () => go(Math.max(place.value - 1, 0))
  const nextId = computed(() => ids.value[inList.value ? place.value + 1 : Math.max(place.value, 0)] ?? null)
  return { next, previous, nextId, inList }
}
