import { computed, reactive, ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { Refusal } from '@/api/refusal'
import type { Place } from '@/api/shapes'
import { locate } from '@/shared/map/locate'
import type { Point } from '@/shared/map/points'

/** Where a matter is: a point, words, a chosen area, or several of these; all may be missing. */
export interface PlaceForm {
  words: string
  lon: number | null
  lat: number | null
  area_id: string | null
  area_code: string | null
  names: string[]
  from: 'none' | 'here' | 'map' | 'words' | 'code'
}

export function blankPlace(): PlaceForm {
  return { words: '', lon: null, lat: null, area_id: null, area_code: null, names: [], from: 'none' }
}

export type PlaceNote = '' | 'finding' | 'denied' | 'unavailable' | 'outside' | 'rough'

/** Metres beyond which a person is asked to look whether the place is right. */
const rough = 50

/** Finds the grid of a point and places by their words; works on the form it is given. */
export function usePlace(form: PlaceForm) {
  const note = ref<PlaceNote>('')
  const metres = ref(0)
  const found = ref<Place[]>([])
  const state = reactive({ searching: false })
  let search: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let chosenWords = form.words

  async function setPoint(point: Point, from: PlaceForm['from']): Promise<void> {
    Object.assign(form, { ...point, from, names: [], area_id: null, area_code: null })
    try {
      const { area } = await unwrap(api.GET('/api/v1/public/locate', { params: { query: { lon: point.lon, lat: point.lat } } }))
      if (form.lon !== point.lon || form.lat !== point.lat) return
      if (area) Object.assign(form, { area_id: area.id, area_code: area.code, names: area.names })
      note.value = area ? '' : 'outside'
    } catch (error) {
      note.value = error instanceof Refusal ? 'outside' : ''
    }
  }

  async function useHere(): Promise<void> {
    note.value = 'finding'
    const answer = await locate()
    if (typeof answer === 'string') note.value = answer
    else {
      await setPoint(answer.point, 'here')
      metres.value = Math.round(answer.accuracy)
      if (!note.value && answer.accuracy > rough) note.value = 'rough'
    }
  }

  function choose(place: Place): void {
    chosenWords = place.name
    Object.assign(form, {
      words: place.name, lon: place.lon, lat: place.lat, area_id: place.area_id, names: place.names, from: 'words',
    })
    found.value = []
    note.value = ''
  }

  function clear(): void {
    Object.assign(form, blankPlace())
    note.value = ''
  }

  async function look(words: string): Promise<void> {
    const mine = (asked += 1)
    state.searching = true
    try {
      const { items } = await unwrap(api.GET('/api/v1/public/places', { params: { query: { q: words } } }))
      if (mine === asked) found.value = items.slice(0, 6)
    } catch {
      found.value = []
    } finally {
      state.searching = false
    }
  }

  watch(() => form.words, (words) => {
    clearTimeout(search)
    if (words === chosenWords || words.trim().length < 2) {
      found.value = []
      return
    }
    search = setTimeout(() => void look(words.trim()), 350)
  })

  const point = computed<Point | null>({
    get: () => (form.lon === null || form.lat === null ? null : { lon: form.lon, lat: form.lat }),
    set: (at) => { if (at) void setPoint(at, 'map') },
  })
  const words = computed({ get: () => form.words, set: (typed) => { form.words = typed } })
  return { note, metres, found, state, point, words, useHere, choose, clear }
}

/** True when the device may be asked for its place without a question to the person. */
export async function mayLocateSilently(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false
  }
}
