import { expect, test } from 'vitest'

import { forgetLast, forgetLent, keepLast, keepPosts, readLast } from './lastSeen'

test('what was seen last is there with its age, until its person signs out', () => {
  localStorage.setItem('wg.language', 'en')
  keepLast('today', { count: 3 })
  const kept = readLast<{ count: number }>('today')!
  expect(kept.value).toEqual({ count: 3 })
  expect(Date.now() - kept.at).toBeLessThan(5_000)
  forgetLast()
  expect(readLast('today')).toBeNull()
  expect(localStorage.getItem('wg.language')).toBe('en')
})

test('who gets another post keeps nothing of the former one on the device', () => {
  const me = (...posts: string[]) => ({ account: { id: 'a' }, posts: posts.map((id) => ({ id })) })
  keepPosts(me('p-1'))
  keepLast('today', { count: 3 })
  keepPosts(me('p-1'))
  expect(readLast('today')).not.toBeNull()
  keepPosts(me('p-2'))
  expect(readLast('today')).toBeNull()
})

test('a phone that is emptied keeps no list of homes or cases, and still knows whom to call', () => {
  for (const name of ['round', 'today', 'diary', 'help', 'tenant']) keepLast(name, [name])
  forgetLent()
  expect(['round', 'today', 'diary'].map((name) => readLast(name))).toEqual([null, null, null])
  expect(['help', 'tenant'].map((name) => readLast<string[]>(name)?.value)).toEqual([['help'], ['tenant']])
})
