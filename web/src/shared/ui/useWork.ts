import { ref } from 'vue'

/** Something that a page waits for: whether it runs, and what it came to grief with. */
export function useWork() {
  const busy = ref(false)
  const error = ref<unknown>(null)

  /** Gives what the work gives; null if it failed, or if other work still runs. */
  async function during<T>(work: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null
    busy.value = true
    error.value = null
    try {
      return await work()
    } catch (caught) {
      error.value = caught
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, error, during }
}
