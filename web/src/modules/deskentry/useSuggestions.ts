import { onScopeDispose, ref, watch } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type Suggestion } from '@/api/desk'

const pause = 350
const nothing: Suggestion = { types: [], unsure: false, model: null, emergency: { groups: [], words: [], help: [] } }

async function ask(text: string): Promise<Suggestion> {
  return unwrap(desk.GET('/api/v1/suggestions', { params: { query: { text } } }))
}

/** Types and danger heard in the words, while they are typed. The last good answer stays when the server is away. */
export function useSuggestions(text: () => string, look = ask) {
  const heard = ref<Suggestion>(nothing)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function listen(words: string): Promise<void> {
    const mine = (asked += 1)
    try {
      const answer = await look(words)
      if (mine === asked) heard.value = answer
    } catch {
      // A guess that cannot be had must not disturb the call.
    }
  }

  watch(text, (words) => {
    clearTimeout(timer)
    if (words.trim().length < 2) {
      asked += 1
      heard.value = nothing
      return
    }
    timer = setTimeout(() => void listen(words.trim()), pause)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return { heard }
}
