import { expect, test } from 'vitest'

import type { OfferedAction } from '@/api/shapes'

import { blankPlace } from '@/shared/place/usePlace'

import { bodyOf, fitsPhone, missing, photosAsked, type StepFields, whyAsked } from './stepForm'

const action = (name: OfferedAction['action'], must: string[], may: string[] = []): OfferedAction => ({
  action: name, zh: name, en: name, primary: true,
  needs: [...must.map((field) => ({ field, required: true, why: null })), ...may.map((field) => ({ field, required: false, why: null }))],
})
const form = (part: Partial<StepFields> = {}): StepFields =>
  ({ id: 's-1', note: '', answer: '', reason: '', type: '', solved: null, satisfaction: '', until: '', place: blankPlace(), ...part })

test('a step that needs a unit belongs to the desk', () => {
  expect(fitsPhone(action('dispatch', ['unit_id']))).toBe(false)
  expect(fitsPhone(action('verify', ['note'], ['files', 'solved']))).toBe(true)
})

test('demanded fields are named until they are filled', () => {
  const finish = action('finish', ['note', 'answer', 'photo_after'])
  expect(missing(finish, form({ note: ' ' }), {})).toEqual(['note', 'answer', 'photo_after'])
  expect(missing(finish, form({ note: 'a', answer: 'b' }), { photo_after: 1 })).toEqual([])
})

test('only what the step asks for is sent', () => {
  const typed = form({ note: ' fixed ', answer: 'left over', solved: true })
  expect(bodyOf(action('pass_check', [], ['note', 'files']), typed, 4)).toEqual({
    id: 's-1', action: 'pass_check', version: 4, note: 'fixed',
  })
  const place = { ...blankPlace(), lon: 118.1, lat: 37.1, words: 'south gate' }
  expect(bodyOf(action('not_here', ['reason'], ['place', 'note']), form({ reason: 'next_grid', place }), 1)).toMatchObject({ reason: 'next_grid', lon: 118.1, lat: 37.1, note: 'south gate' })
  expect(bodyOf(action('verify', ['note'], ['solved']), form({ solved: false, note: 'x' }), 1).solved).toBe(false)
})

test('where before and after are told apart, both have a place of their own', () => {
  expect(photosAsked(action('finish', ['photo_before'], ['files']))).toEqual(['files', 'photo_before'])
  expect(photosAsked(action('finish', [], ['files']))).toEqual(['photo_after'])
  expect(photosAsked(action('verify', [], ['files']))).toEqual(['files'])
})

test('the type says why it wants a photo, and nothing else is explained by it', () => {
  const why = { zh: '清理前后要能对照', en: 'Before and after must be comparable' }
  const finish = action('finish', ['note', 'photo_after'])
  finish.needs[1]!.why = why
  expect(whyAsked(finish, 'photo_after')).toEqual(why)
  expect(whyAsked(finish, 'note')).toBeNull()
})
