import { computed, onScopeDispose, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { desk } from '@/api/desk'
import type { Place } from '@/api/shapes'
import type { Point } from '@/shared/map/points'

/** Where it is, as the desk takes it down: words, a point, an area; any of them may be missing. */
export interface DeskPlace {
  words: string
  lon: number | null
  lat: number | null
  area_id: string | null
  names: string[]
}
export const blankDeskPlace = (): DeskPlace => ({ words: '', lon: null, lat: null, area_id: null, names: [] })

const pause = 250

/** Suggests places of the gazetteer for the words and finds the grid of a point; works on the form it is given. */
export function useDeskPlace(form: DeskPlace) {
  const found = ref<Place[]>([])
  const outside = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let settled = form.words

  async function setPoint(point: Point): Promise<void> {
    Object.assign(form, { lon: point.lon, lat: point.lat, area_id: null, names: [] })
    outside.value = false
    try {
      const { area } = await unwrap(desk.GET('/api/v1/areas/locate', { params: { query: point } }))
      if (form.lon !== point.lon || form.lat !== point.lat) return
      outside.value = area === null
      if (area) Object.assign(form, { area_id: area.id, names: area.names })
    } catch {
      // The server finds the area when the matter is sent.
    }
  }

  function choose(place: Place): void {
    settled = place.name
    Object.assign(form, { words: place.name, lon: place.lon, lat: place.lat, area_id: place.area_id, names: place.names })
    found.value = []
    outside.value = false
  }

  function chooseArea(id: string | null, names: string[]): void {
    Object.assign(form, { lon: null, lat: null, area_id: id, names })
    outside.value = false
  }

  function unknown(): void {
    Object.assign(form, { lon: null, lat: null, area_id: null, names: [] })
    outside.value = false
  }

  async function look(words: string): Promise<void> {
    const mine = (asked += 1)
    try {
      const { items } = await unwrap(api.GET('/api/v1/places', { params: { query: { q: words } } }))
      if (mine === asked) found.value = items.slice(0, 7)
    } catch {
      if (mine === asked) found.value = []
    }
  }

  watch(() => form.words, (words) => {
    clearTimeout(timer)
    if (words === settled || words.trim().length < 2) {
      asked += 1
      found.value = []
      return
    }
    timer = setTimeout(() => void look(words.trim()), pause)
  })
  onScopeDispose(() => clearTimeout(timer))

  const point = computed<Point | null>({
    get: () => (form.lon === null || form.lat === null ? null : { lon: form.lon, lat: form.lat }),
    set: (at) => { if (at) void setPoint(at) },
  })
  const words = computed({ get: () => form.words, set: (typed) => { form.words = typed } })
  return { words, found, outside, point, choose, chooseArea, unknown, close: () => { found.value = [] } }
}
