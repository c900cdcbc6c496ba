import { expect, test } from 'vitest'

import type { CaseType } from '@/api/shapes'
import type { Purpose } from '@/shared/photo/upload'
import { blankPlace } from '@/shared/place/usePlace'

import { faults, type FieldForm, operationsOf, payloadOf, type Taken } from './useFieldReport'

const form = (part: Partial<FieldForm> = {}): FieldForm =>
  ({ id: 'c-1', stepId: 's-1', text: '', type: '', settled: false, how: '', company: false, callId: 'k-1', place: blankPlace(), ...part })
const rubbish = { code: 'rubbish', zh: 'rubbish', en: 'rubbish' } as CaseType
const photo = (sha256: string, purpose: Purpose): Taken => [{ sha256, purpose, name: 'a', blob: new Blob(), draft: 'd' }]
const photos = { before: photo('b-1', 'before'), after: photo('a-1', 'after') }
const at = '2026-11-21T06:00:00.000Z'

test('a type alone is a report, and so is a sentence alone', () => {
  expect(faults(form({ type: 'rubbish' }))).toEqual({})
  expect(faults(form({ text: 'x' }))).toEqual({})
  expect(faults(form())).toEqual({ text: 'field.nothing' })
})

test('without words the name of the type is what is said', () => {
  expect(payloadOf(form({ type: 'rubbish' }), rubbish, photos.before, 'worker')).toEqual({
    channel: 'worker', text: 'rubbish', type: 'rubbish', photos: [{ sha256: 'b-1', purpose: 'before' }], locale: 'zh',
  })
})

test('settled on the spot carries how, and the photos from after, under an id of its own', () => {
  expect(faults(form({ type: 'rubbish', settled: true }))).toEqual({ how: 'field.howMissing' })
  const [report, step] = operationsOf(form({ text: 'x', settled: true, how: 'swept ' }), null, photos, 'worker', at)
  expect([report!.kind, report!.record, report!.found_at]).toEqual(['case.report', 'c-1', at])
  expect(step).toMatchObject({ kind: 'case.step', id: 's-1', record: 'c-1', payload: { action: 'self_handle', note: 'swept', photos: [{ sha256: 'a-1', purpose: 'after' }] } })
})
