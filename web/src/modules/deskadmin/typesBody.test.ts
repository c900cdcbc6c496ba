import { expect, test } from 'vitest'

import { limitOf, partsOf } from './limitText'
import { blankType, keywordsOf, rowOf, withEvidence, withHalf } from './typesBody'

test('a limit is a number and a unit, and nothing written is nothing said', () => {
  expect(partsOf('0.5UH')).toEqual({ amount: '0.5', unit: 'UH' })
  expect(limitOf(partsOf('20WD'))).toBe('20WD')
  expect(partsOf(null).amount).toBe('')
  expect(limitOf({ amount: ' ', unit: 'WD' })).toBeNull()
})

test('words of which nothing is left are no words', () => {
  expect(withHalf(null, 'zh', '有坑')).toEqual({ zh: '有坑', en: '' })
  expect(withHalf({ zh: '有坑', en: '' }, 'zh', '')).toBeNull()
})

test('a photo is asked for once, and its reason outlives a second look', () => {
  const after = withEvidence([], 'after', true)
  after[0]!.reason.zh = '要能对照'
  expect(withEvidence(after, 'after', true)).toEqual(after)
  expect(withEvidence(after, 'after', false)).toEqual([])
})

test('keywords stand once, a new type has a code of its own, a problem finds its row', () => {
  expect(keywordsOf('垃圾、乱倒，垃圾 桶满')).toEqual(['垃圾', '乱倒', '桶满'])
  const first = blankType([], null)
  expect(blankType([first], 'x').code).not.toBe(first.code)
  expect([rowOf('types.types.3.limits.handle'), rowOf('types.limits')]).toEqual([3, null])
})
