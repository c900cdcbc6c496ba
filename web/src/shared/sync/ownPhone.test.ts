import { beforeEach, expect, test, vi } from 'vitest'

import { introduce, platformOf } from './ownPhone'

const line = { account: 'a', device: 'd', token: () => ({}) }
let asked: [string, unknown][] = []
let status = 200

beforeEach(() => {
  localStorage.clear()
  asked = []
  status = 200
  vi.stubGlobal('fetch', async (path: string, given: { body?: string }) => {
    asked.push([path, JSON.parse(given.body ?? 'null')])
    return new Response('{}', { status })
  })
})

test('a phone is known by its system and its browser', () => {
  const chrome = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36'
  expect(platformOf(chrome)).toBe('Android 10 · Chrome')
  expect(platformOf(`${chrome} MicroMessenger/8.0.50`)).toBe('Android 10 · WeChat')
  expect(platformOf('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1')).toBe('iPhone · Safari')
  expect(platformOf('')).toBe('')
})

test('it says so once, and again where it was not heard', async () => {
  status = 403
  await introduce(line)
  status = 200
  await introduce(line)
  await introduce(line)
  await introduce({ ...line, account: '' })
  expect(asked.map(([path]) => path)).toEqual(['/api/v1/sync/devices/d', '/api/v1/sync/devices/d'])
  await introduce({ ...line, account: 'another' })
  expect(asked).toHaveLength(3)
})
