import { useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { language } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'

interface Telling { text: string; lon: number | null; lat: number | null; words: string }
const pause = 800
const enough = 4

/** What is asked once there are a few words and a place; else nothing. */
export function askedOf({ text, lon, lat, words }: Telling) {
  const point = lon !== null && lat !== null
  if (text.trim().length < enough || !(point || words.trim())) return null
  return { text: text.trim(), place_words: words.trim(), ...(point && { lon, lat }) }
}

/** Released matters nearby, asked while nobody types, and following one of them. */
export function useReleased(telling: () => Telling) {
  const asked = ref(askedOf(telling()))
  const busy = ref<string | null>(null)
  const error = ref<unknown>(null)
  const ids = new Map<string, string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(() => JSON.stringify(askedOf(telling())), () => {
    clearTimeout(timer)
    timer = setTimeout(() => { asked.value = askedOf(telling()) }, pause)
  })
  onScopeDispose(() => clearTimeout(timer))
  const query = useQuery({
    queryKey: ['released', asked],
    queryFn: () => unwrap(api.POST('/api/v1/public/doubles', { body: asked.value! })),
    enabled: () => asked.value !== null,
    staleTime: 30_000,
    retry: false,
  })

  /** Before anything is said: what is nearest to the place. */
  const near = useQuery({
    queryKey: computed(() => ['released', 'near', telling().lon, telling().lat]),
    queryFn: () => unwrap(api.GET('/api/v1/public/nearest', { params: { query: { lon: telling().lon!, lat: telling().lat! } } })),
    enabled: () => telling().lon !== null && telling().lat !== null && telling().text.trim().length < enough,
    staleTime: 30_000,
    retry: false,
  })
  const alike = computed(() => (asked.value ? query.data.value ?? [] : []))
  const unsaid = computed(() => telling().text.trim().length < enough)
  const cards = computed(() => (unsaid.value && telling().lon !== null ? near.data.value ?? [] : alike.value))

  async function follow(id: string, phone: string): Promise<string | null> {
    busy.value = id
    error.value = null
    // One id for each: a repeat after a lost answer gets the same code.
    if (!ids.has(id)) ids.set(id, newId())
    try {
      const body = { id: ids.get(id)!, case_id: id, phone: phone.replace(/[\s-]/g, ''), locale: language.value }
      return (await unwrap(api.POST('/api/v1/public/follows', { body }))).code
    } catch (caught) {
      error.value = caught
      return null
    } finally {
      busy.value = null
    }
  }
  return { cards, unsaid, follow, busy, error }
}
