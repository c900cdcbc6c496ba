import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { expect, test, vi } from 'vitest'
import { createApp } from 'vue'

import type { RoundHome } from '@/api/shapes'

import { finds, shown, useRound } from './useRound'

const answers = vi.hoisted(() => [] as ((how: string) => void)[])
vi.mock('@/shared/fieldwork/keep', () => ({
  sendOrKeep: () => new Promise((done) => answers.push((how) => done({ how }))),
}))

const home = (id: string, more: Partial<RoundHome> = {}) => ({ id, place: '3#2u501', care: [], last_at: null, ...more }) as unknown as RoundHome
const ids = (homes: RoundHome[]) => homes.map((one) => one.id)

test('a door is found by its numbers in order', () => {
  expect(finds(home('a'), '2-501')).toBe(true)
  expect(finds(home('a'), '501-2')).toBe(false)
})

test('a call before eight in the morning is of the city\u2019s day, not of Greenwich', () => {
  const early = [home('a', { last_at: '2026-03-02T22:30:00Z' })]
  expect(ids(shown(early, 'left', '', '2026-03-03', new Set()))).toEqual([])
})

test('who was called on today is not left, but stays in sight where he was just marked', () => {
  const homes = [home('a'), home('b', { last_at: '2026-03-03T01:00:00Z' }), home('c', { care: ['disabled'] })]
  const of = (show: 'left' | 'care' | 'all', marked: string[] = []) => ids(shown(homes, show, '', '2026-03-03', new Set(marked)))
  expect(of('left')).toEqual(['a', 'c'])
  expect(of('left', ['b'])).toEqual(['a', 'b', 'c'])
  expect(of('care')).toEqual(['c'])
  expect(of('all')).toEqual(['a', 'b', 'c'])
})

test('a door that is answered late says nothing of the one that was kept after it', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
  const app = createApp({}).use(createPinia()).use(VueQueryPlugin, { queryClient: new QueryClient() })
  const { mark, keptHere } = app.runWithContext(() => useRound())
  const both = [mark(home('a'), 'in'), mark(home('b'), 'not_home')]
  answers[1]!('kept')
  await both[1]
  expect(keptHere.value).toBe(true)
  answers[0]!('sent')
  await both[0]
  expect(keptHere.value).toBe(true)
})
