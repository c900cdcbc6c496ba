import { expect, test } from 'vitest'

import type { Role } from '@/api/desk'

import { blankPost, missingOf, postOf } from './postForm'

const worker: Role = { code: 'grid_worker', zh: '专职网格员', en: 'grid worker', held: 'area' }
const handler: Role = { code: 'handler', zh: '办理人员', en: 'handler', held: 'unit' }

test('a post asks for the kind of place in which its role is held', () => {
  const form = blankPost()
  expect(missingOf(form, undefined)).toEqual(['role'])
  expect(missingOf(form, worker)).toEqual(['area_id'])
  expect(missingOf(form, handler)).toEqual(['unit_id'])
  expect(missingOf({ ...form, area_id: 'a' }, worker)).toEqual([])
})

test('a place of the other kind that was chosen before is not sent', () => {
  const form = { ...blankPost(), area_id: 'a', unit_id: 'u', public: true }
  expect(postOf(form, handler)).toMatchObject({ role: 'handler', area_id: null, unit_id: 'u', public: false })
  expect(postOf(form, worker)).toMatchObject({ area_id: 'a', unit_id: null, public: true })
})

test('a secondment has a last day, and no post ends before it begins', () => {
  const form = { ...blankPost(), area_id: 'a' }
  expect(missingOf({ ...form, lent_by: 'u' }, worker)).toEqual(['ends'])
  expect(missingOf({ ...form, begins: '2026-03-02', ends: '2026-03-01' }, worker)).toEqual(['ends'])
  expect(postOf({ ...form, lent_by: 'u', ends: '2026-03-09' }, worker)).toMatchObject({ lent_by: 'u', ends: '2026-03-09', deputy: false })
  expect(postOf(form, worker)).not.toHaveProperty('begins')
})
