import { beforeEach, expect, it } from 'vitest'

import { shelfOf } from '@/shared/drafts/shelf'

import { seen, unreadOf } from './marks'

const recent = ['2026-03-03T03:00:00Z', '2026-03-03T02:00:00Z', '2026-03-03T01:00:00Z']

beforeEach(() => localStorage.clear())

it('counts what came after the mark, each account for itself, and never goes back', () => {
  shelfOf('one')
  expect(unreadOf('g', recent)).toBe(3)
  seen('g', '2026-03-03T10:00:00+08:00')
  expect(unreadOf('g', recent)).toBe(1)
  seen('g', '2026-03-03T01:00:00Z')
  expect(unreadOf('g', recent)).toBe(1)
  shelfOf('two')
  expect(unreadOf('g', recent)).toBe(3)
  shelfOf('one')
  expect(unreadOf('g', recent)).toBe(1)
})
