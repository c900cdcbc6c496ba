import { useQuery } from '@tanstack/vue-query'
import { onScopeDispose, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type Double = components['schemas']['AlikeView']
export interface Telling { text: string; type: string | null; place: { lon: number | null; lat: number | null; words: string; area_id?: string | null } }

const pause = 600
const enough = 4

/** What is asked of the server once there are a few words and a place; else nothing. */
export function askedOf({ text, type, place }: Telling): components['schemas']['ToldBody'] | null {
  const point = place.lon !== null && place.lat !== null
  if (text.trim().length < enough || !(point || place.words.trim() || place.area_id)) return null
  return {
    text: text.trim(), place_words: place.words.trim(),
    ...(type && { type }),
    ...(point ? { lon: place.lon!, lat: place.lat! } : place.area_id ? { area_id: place.area_id } : {}),
  }
}

/** Open cases that may be what is being told now, asked while nobody types. */
export function useDoubles(telling: () => Telling) {
  const asked = ref(askedOf(telling()))
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(() => JSON.stringify(askedOf(telling())), () => {
    clearTimeout(timer)
    timer = setTimeout(() => { asked.value = askedOf(telling()) }, pause)
  })
  onScopeDispose(() => clearTimeout(timer))
  return useQuery({
    queryKey: ['doubles', 'told', asked],
    queryFn: () => unwrap(api.POST('/api/v1/doubles', { body: asked.value! })),
    enabled: () => asked.value !== null,
    staleTime: 30_000,
    retry: false,
  })
}
