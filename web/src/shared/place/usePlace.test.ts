import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, reactive } from 'vue'

import { blankPlace, usePlace } from './usePlace'

const grid = { id: 'a-1', code: '37', names: ['East', 'Grid 1'] }
let answers: ((body: unknown) => void)[] = []

beforeEach(() => {
  vi.useFakeTimers()
  answers = []
  vi.stubGlobal('fetch', () => new Promise<Response>((done) => {
    answers.push((body) => done(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })))
  }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function place() {
  const form = reactive(blankPlace())
  return { form, ...effectScope().run(() => usePlace(form))! }
}
const settle = () => vi.advanceTimersByTimeAsync(0)

test('a point on the map finds its grid', async () => {
  const { form, point, note } = place()
  point.value = { lon: 118.1, lat: 37.3 }
  await settle()
  answers[0]!({ area: grid, micro_grid: null, above: [] })
  await settle()
  expect(form).toMatchObject({ lon: 118.1, area_code: '37', names: ['East', 'Grid 1'], from: 'map' })
  expect(note.value).toBe('')
})

test('a point outside the city is kept, and said', async () => {
  const { form, point, note } = place()
  point.value = { lon: 100, lat: 30 }
  await settle()
  answers[0]!({ area: null, micro_grid: null, above: [] })
  await settle()
  expect(form).toMatchObject({ lon: 100, lat: 30, area_code: null })
  expect(note.value).toBe('outside')
})

test('the slow answer to an earlier touch does not overwrite the later one', async () => {
  const { form, point } = place()
  point.value = { lon: 1, lat: 1 }
  await settle()
  point.value = { lon: 2, lat: 2 }
  await settle()
  answers[1]!({ area: { ...grid, code: 'second' } })
  await settle()
  answers[0]!({ area: { ...grid, code: 'first' } })
  await settle()
  expect(form.area_code).toBe('second')
})

test('words are looked up once the person pauses, and a chosen place is not looked up again', async () => {
  const { form, found, choose } = place()
  form.words = 'garage'
  await nextTick()
  expect(answers).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(400)
  answers[0]!({ items: [{ id: 'p-1', name: 'Garage A', kind: 'garage', aliases: [], lon: 118, lat: 37, area_id: 'a-1', names: [], synthetic: true }] })
  await settle()
  expect(found.value).toHaveLength(1)
  choose(found.value[0]!)
  await vi.advanceTimersByTimeAsync(400)
  expect(answers).toHaveLength(1)
  expect(form).toMatchObject({ words: 'Garage A', lon: 118, from: 'words' })
})

test('a position that is only roughly known says by how much', async () => {
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (done: PositionCallback) => done({ coords: { longitude: 118.1, latitude: 37.3, accuracy: 60 } } as GeolocationPosition) } })
  const { note, metres, useHere } = place()
  const going = useHere()
  await settle()
  answers[0]!({ area: grid, micro_grid: null, above: [] })
  await going
  expect([note.value, metres.value]).toEqual(['rough', 60])
})
