import { expect, test } from 'vitest'

import type { CaseType } from '@/api/shapes'
import { blankPlace } from '@/shared/place/usePlace'

import { bodyOf, faults, type FieldForm } from './useFieldReport'

const form = (part: Partial<FieldForm> = {}): FieldForm =>
  ({ id: 'c-1', stepId: 's-1', text: '', type: '', settled: false, how: '', place: blankPlace(), ...part })
const rubbish = { code: 'rubbish', zh: 'rubbish', en: 'rubbish' } as CaseType
const photos = { before: ['b-1'], after: ['a-1'], unsent: 0 }
const at = '2026-11-21T06:00:00.000Z'

test('a type alone is a report, and so is a sentence alone', () => {
  expect(faults(form({ type: 'rubbish' }))).toEqual({})
  expect(faults(form({ text: 'x' }))).toEqual({})
  expect(faults(form())).toEqual({ text: 'field.nothing' })
})

test('without words the name of the type is what is said', () => {
  expect(bodyOf(form({ type: 'rubbish' }), rubbish, photos, 'worker', at)).toEqual({
    id: 'c-1', channel: 'worker', text: 'rubbish', type: 'rubbish', files: ['b-1'], found_at: at, locale: 'zh',
  })
})

test('settled on the spot carries how, and the photos from after, under an id of its own', () => {
  expect(faults(form({ type: 'rubbish', settled: true }))).toEqual({ how: 'field.howMissing' })
  const body = bodyOf(form({ text: 'x', settled: true, how: 'swept ' }), null, photos, 'worker', at)
  expect(body.self_handle).toEqual({ id: 's-1', note: 'swept', files: ['a-1'] })
})
