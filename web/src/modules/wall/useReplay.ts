import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

import type { Picture } from './picture'

export type Day = components['schemas']['DayView']
const last = 23
/** A wall does not stand on yesterday: it goes back to now by itself some seconds after a day has ended. */
const restSeconds = 60

/** What came in from midnight until the end of an hour, by place. */
export function until(day: Day, hour: number): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const frame of day.frames.slice(0, hour + 1)) for (const [pos, n] of Object.entries(frame)) sums[pos] = (sums[pos] ?? 0) + n
  return sums
}

/** A day over again: its frames are fetched once, and the map steps through them. */
export function useReplay(of: () => Picture | null) {
  const on = ref('')
  const hour = ref(0)
  const playing = ref(false)
  const failed = ref(false)
  const day = shallowRef<Day | null>(null)
  let rested = 0

  const where = computed(() => { const now = of(); return now ? { area: now.area.id, level: now.map.level } : null })

  async function fetchDay(): Promise<void> {
    if (!on.value || !where.value) return
    const wanted = on.value
    try {
      const query = { day: wanted, area: where.value.area, level: where.value.level as 'grid' }
      const found = await unwrap(api.GET('/api/v1/wall/day', { params: { query } }))
      if (wanted === on.value) day.value = found
      failed.value = false
    } catch {
      failed.value = true
    }
  }

  function begin(wanted: string): void {
    on.value = wanted
    hour.value = 0
    playing.value = true
    day.value = null
  }
  function back(): void {
    on.value = ''
    playing.value = false
    day.value = null
  }

  const beat = setInterval(() => {
    if (!day.value) return
    if (playing.value && hour.value < last) hour.value += 1
    else playing.value = false
    rested = hour.value === last ? rested + 1 : 0
    if (rested >= restSeconds) back()
  }, 1_000)
  onScopeDispose(() => clearInterval(beat))
  watch(() => [on.value, JSON.stringify(where.value)], fetchDay)

  /** The picture with the day's values on the map, and of other things of the map nothing: they are of now. */
  const shown = computed<Picture | null>(() => {
    const now = of()
    if (!now || !day.value || day.value.level !== now.map.level) return now
    return { ...now, values: until(day.value, hour.value), map: { ...now.map, indicator: 'received' }, latest: [], emergencies: [] }
  })
  const scale = computed(() => (day.value ? Object.values(until(day.value, last)) : undefined))
  const total = computed(() => day.value?.totals.slice(0, hour.value + 1).reduce((sum, n) => sum + n, 0) ?? 0)
  return { on, hour, playing, day, failed, shown, scale, total, begin, back }
}
