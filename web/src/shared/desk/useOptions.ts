import { computed, onScopeDispose, ref, type Ref, watch } from 'vue'

import { narrow, type Option } from './options'

const pause = 200

/** What a box of choices shows: its options narrowed, or what `search` finds; late answers to old words are dropped. */
export function useOptions(
  options: () => readonly Option[], search: ((words: string) => Promise<Option[]>) | undefined, words: Ref<string>, open: Ref<boolean>,
) {
  const found = ref<Option[]>([])
  const searching = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function look(): Promise<void> {
    const mine = (asked += 1)
    searching.value = true
    try {
      const answer = await search!(words.value.trim())
      if (mine === asked) found.value = answer
    } catch {
      if (mine === asked) found.value = []
    } finally {
      if (mine === asked) searching.value = false
    }
  }

  if (search) {
    watch([words, open], ([, isOpen]) => {
      clearTimeout(timer)
      searching.value = isOpen
      asked += 1 // what is on its way answers words that do not stand any more
      if (isOpen) timer = setTimeout(() => void look(), words.value ? pause : 0)
    }, { flush: 'sync' })
    onScopeDispose(() => clearTimeout(timer))
  }
  const shown = computed(() => (search ? found.value : narrow(options(), words.value)))
  return { shown, searching }
}
