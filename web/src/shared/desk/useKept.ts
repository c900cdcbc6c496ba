import { type Ref, ref, watch } from 'vue'

/** A preference of this person on this device: columns, filters, sound. */
export function useKept<T>(name: string, usual: T): Ref<T> {
  const shelf = `wg.desk.${name}`
  const kept = ref(read(shelf, usual)) as Ref<T>
  watch(kept, (value) => {
    try {
      localStorage.setItem(shelf, JSON.stringify(value))
    } catch {
      // It holds until the page is closed.
    }
  }, { deep: true, flush: 'sync' })
  return kept
}

function read<T>(shelf: string, usual: T): T {
  try {
    const found = localStorage.getItem(shelf)
    return found === null ? usual : (JSON.parse(found) as T)
  } catch {
    return usual
  }
}
