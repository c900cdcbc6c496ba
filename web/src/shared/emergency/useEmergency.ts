import { onScopeDispose, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { Help } from '@/api/shapes'

const pause = 500

/** Numbers to call when the words tell of danger; asked while the person types, silent when the server cannot answer. */
export function useEmergency(text: () => string, check = ask) {
  const help = ref<Help[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function look(words: string): Promise<void> {
    const mine = (asked += 1)
    try {
      const found = await check(words)
      if (mine === asked) help.value = found
    } catch {
      // A help that cannot be asked for must not stand in the way of the report.
    }
  }

  watch(text, (words) => {
    clearTimeout(timer)
    if (words.trim().length < 2) {
      asked += 1
      help.value = []
      return
    }
    timer = setTimeout(() => void look(words), pause)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return { help }
}

async function ask(text: string): Promise<Help[]> {
  const { words, help } = await unwrap(api.POST('/api/v1/public/emergency-check', { body: { text } }))
  return words.length ? help : []
}
