import { expect, test } from 'vitest'

import type { FieldRecord } from '@/api/shapes'

import { repeats } from './useService'

const record = (kind: string, type: string, people: number | null = null) => ({ kind, type, people, name: { zh: type, en: type } }) as unknown as FieldRecord

test('each kind is offered once, as it was last; visits, patrols and talks are not', () => {
  const offered = repeats([record('service', 'haircut', 6), record('visit', ''), record('service', 'haircut', 30), record('errand', ''), record('talk', '')])
  expect(offered.map(({ kind, type, people }) => [kind, type, people])).toEqual([['service', 'haircut', 6], ['errand', '', null]])
})
