import { computed, onScopeDispose, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { CaseType, Help } from '@/api/shapes'
import { useTenant } from '@/shared/session/tenant'

const shelf = 'wg.types'
const pause = 400
const few = 6

function used(): string[] {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? '[]') as string[]
  } catch {
    return []
  }
}

/** Types to choose from: what the words point to, what this phone used lately, and all by class. */
export function useTypes(text: () => string) {
  const { tenant } = useTenant()
  const lately = ref(used())
  const suggested = ref<string[]>([])
  const help = ref<readonly Help[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  const leaves = computed(() => tenant.value?.types.filter((type) => type.leaf) ?? [])
  const byCode = (code: string): CaseType | null => leaves.value.find((type) => type.code === code) ?? null
  const known = (codes: readonly string[]) => codes.map(byCode).filter((type): type is CaseType => !!type)

  const usual = computed(() => {
    const first = known(lately.value)
    return [...first, ...leaves.value.filter((type) => !first.includes(type))].slice(0, few)
  })
  const groups = computed(() => (tenant.value?.types ?? []).filter((type) => !type.leaf)
    .map((parent) => ({ parent, types: leaves.value.filter((type) => type.parent === parent.code) }))
    .filter((group) => group.types.length > 0))

  function remember(code: string): void {
    lately.value = [code, ...lately.value.filter((known) => known !== code)].slice(0, few)
    try {
      localStorage.setItem(shelf, JSON.stringify(lately.value))
    } catch {
      // The order holds for this visit.
    }
  }

  async function look(words: string): Promise<void> {
    try {
      const found = await unwrap(api.GET('/api/v1/suggestions', { params: { query: { text: words } } }))
      if (words !== text().trim()) return
      suggested.value = found.types.map((type) => type.code)
      help.value = found.emergency.words.length ? found.emergency.help : []
    } catch {
      // Suggestions are a convenience: without them the worker chooses alone.
    }
  }

  watch(text, (typed) => {
    clearTimeout(timer)
    const words = typed.trim()
    if (words.length < 2) {
      suggested.value = []
      help.value = []
    } else timer = setTimeout(() => void look(words), pause)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))

  return { suggested: computed(() => known(suggested.value)), usual, groups, help, byCode, remember }
}
