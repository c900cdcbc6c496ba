import { expect, test } from 'vitest'

import type { Notice } from '@/api/shapes'

import { placeOf } from './place'

const notice = (more: Partial<Notice>) => ({ code: 'case_handled', body: {}, case_id: null, ...more }) as Notice
const ofCase = (id: string) => `/case/${id}`

test('a notice leads to what it speaks of', () => {
  expect(placeOf(notice({ case_id: 'c' }), ofCase)).toBe('/case/c')
  expect(placeOf(notice({ case_id: 'c', body: { whistle: 'w' } }), ofCase)).toBe('/whistles/w')
  expect(placeOf(notice({ code: 'work_given' }), ofCase)).toBe('/handovers')
  expect(placeOf(notice({ code: 'mailbox_missed', body: { mailbox: 'mailbox_missed' } }), ofCase)).toBe('/mailbox')
  expect(placeOf(notice({ code: 'patrol_planned' }), ofCase)).toBe('/patrols')
  expect(placeOf(notice({}), ofCase)).toBeNull()
})
