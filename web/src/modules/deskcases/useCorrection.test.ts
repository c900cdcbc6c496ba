import { expect, test } from 'vitest'

import type { DeskCase } from '@/api/desk'

import { bodyOf, changes, formOf } from './useCorrection'

const current = {
  id: 'c-1', version: 4, type: 'light', kind: 'help', level: 'normal',
  place: { words: 'gate', lon: 118.1, lat: 37.2, area_id: 'a-1', names: ['x'], state: 'located' },
  steps: [],
  asker: { mode: 'open', name_masked: 'L*', phone_masked: '138****0000' },
} as unknown as DeskCase

test('an untouched form changes nothing, a note alone neither', () => {
  const form = { ...formOf(current), note: 'why' }
  expect(changes(bodyOf(current, form, 4))).toBe(false)
})

test('the place that the worker named who gave it back stands in the form', () => {
  const step = { action: 'not_here', data: { lon: 118.15, lat: 37.1, area_id: 'a-2', names: ['y'] } }
  const returned = { ...current, steps: [{ action: 'verify', data: {} }, step, { action: 'remark', data: {} }] } as unknown as DeskCase
  expect(bodyOf(returned, { ...formOf(returned), id: 's' }, 4)).toEqual({ id: 's', version: 4, lon: 118.15, lat: 37.1 })
})

test('only what differs is sent', () => {
  const form = { ...formOf(current), id: 's-1', type: 'water', asker_phone: '138 0546-0000' }
  expect(bodyOf(current, form, 4)).toEqual({ id: 's-1', version: 4, type: 'water', asker_phone: '13805460000' })
})

test('a new point is sent as a point; a chosen area only without one', () => {
  const form = formOf(current)
  const moved = { ...form, id: 's', place: { ...form.place, lon: 118.2, lat: 37.3, area_id: 'a-2' } }
  expect(bodyOf(current, moved, 4)).toEqual({ id: 's', version: 4, lon: 118.2, lat: 37.3 })
  const named = { ...form, id: 's', place: { ...form.place, area_id: 'a-2' } }
  expect(bodyOf(current, named, 4)).toEqual({ id: 's', version: 4, area_id: 'a-2' })
})
