import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'

import { api, unwrap } from '@/api/client'

import { applied, type Picture, type Said, type Times } from './picture'

/** So many seconds after a source was last true its panels are dimmed. */
export const lateAfter = { cubes: 10, lists: 20 }
export interface Asked { area?: string; indicator: string; level?: string }
const again = 2_000

/** The wall's picture, kept by its live line; each source with when it was last true. */
export function useWall(asked: () => Asked) {
  const picture = shallowRef<Picture | null>(null)
  const times = shallowRef<Times | null>(null)
  const failure = shallowRef<unknown>(null)
  const lost = ref(false)
  const heard = ref(0)
  const now = ref(performance.now())
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const ticks = setInterval(() => { now.value = performance.now() }, 1_000)

  /** What is asked for; what is left open is not said. */
  const said = () => Object.fromEntries(Object.entries(asked()).filter(([, value]) => value)) as Record<string, string>

  function take(next: Picture, told: Times): void {
    picture.value = next
    times.value = told
    heard.value = now.value = performance.now()
    failure.value = null
    lost.value = false
  }

  /** The line tells no reason: the plain door does. */
  async function whyNot(): Promise<void> {
    try {
      const query = said() as { area?: string; indicator?: string }
      const next = await unwrap(api.GET('/api/v1/wall', { params: { query } }))
      if (!picture.value) take(next, next.times)
    } catch (error) {
      if (!picture.value) failure.value = error
    }
  }

  function shut(): void {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  function open(): void {
    shut()
    const query = new URLSearchParams(said())
    const line = (source = new EventSource(`/api/v1/wall/live?${query}`))
    line.addEventListener('whole', (event: MessageEvent<string>) => {
      const next = JSON.parse(event.data) as Picture
      take(next, next.times)
    })
    line.addEventListener('wall', (event: MessageEvent<string>) => {
      const word = JSON.parse(event.data) as Said
      if (picture.value) take(applied(picture.value, word), word.times)
    })
    line.addEventListener('bye', open)
    line.onerror = () => {
      lost.value = true
      shut()
      void whyNot()
      timer = setTimeout(open, again)
    }
  }

  const passed = computed(() => (now.value - heard.value) / 1_000)
  const ages = computed(() => ({
    cubes: (times.value?.cubes.age ?? 0) + passed.value,
    lists: (times.value?.lists.age ?? 0) + passed.value,
  }))
  const late = computed(() => ({ cubes: ages.value.cubes > lateAfter.cubes, lists: ages.value.lists > lateAfter.lists }))

  watch(() => JSON.stringify(asked()), open, { immediate: true })
  onScopeDispose(() => {
    shut()
    clearInterval(ticks)
  })
  return { picture, times, ages, late, lost, failure, retry: open }
}
