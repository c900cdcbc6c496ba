import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { become, me } from './me'

const somebody = { account: 'a', mask: '137****0031' }
const went = vi.fn()

beforeEach(() => {
  localStorage.clear()
  me.value = null
  went.mockReset()
  vi.stubGlobal('location', { assign: went })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('the page that is left tells of nobody, and its work ends with it', async () => {
  const goneOn = vi.fn()
  void become(somebody, '/r/mine').then(goneOn)
  await Promise.resolve()
  expect(went).toHaveBeenCalledWith('/r/mine')
  expect([me.value, goneOn.mock.calls.length]).toEqual([null, 0])
  expect(JSON.parse(localStorage.getItem('wg.me') ?? '')).toEqual(somebody)
})

test('where nothing can be kept he is signed in for this page alone', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new Error('forbidden') })
  await become(somebody, '/r/mine')
  expect(me.value).toEqual(somebody)
  expect(went).not.toHaveBeenCalled()
})
