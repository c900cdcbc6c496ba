import { afterEach, expect, test, vi } from 'vitest'

import { api, setCsrf, unwrap } from './client'
import { Refusal, Unreachable } from './refusal'

function answer(body: unknown, status: number, headers: Record<string, string> = {}) {
  const asked: Request[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request)
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
  })
  return asked
}
afterEach(() => vi.unstubAllGlobals())

test('a refusal keeps the sentence of the server in both languages and the request id', async () => {
  answer({ code: 'case_moved', message: { zh: '这件事已被别人处理', en: 'Someone was faster' }, request_id: 'r-7' }, 409)
  const refusal = await unwrap(api.GET('/api/v1/me')).catch((caught: unknown) => caught)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({ code: 'case_moved', status: 409, requestId: 'r-7', words: { zh: '这件事已被别人处理' } })
})

test('a page of a proxy in place of an answer is a refusal too, with the request id of the header', async () => {
  answer('<html>', 502, { 'x-request-id': 'r-8' })
  await expect(unwrap(api.GET('/api/v1/me'))).rejects.toMatchObject({ code: 'unknown', status: 502, requestId: 'r-8' })
})

test('no network is not a refusal', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
  await expect(unwrap(api.GET('/api/v1/me'))).rejects.toBeInstanceOf(Unreachable)
})

test('changes carry the token of the session, reads do not', async () => {
  setCsrf('t-1')
  const asked = answer({}, 200)
  await unwrap(api.GET('/api/v1/me'))
  await unwrap(api.DELETE('/api/v1/session'))
  expect(asked.map((request) => request.headers.get('x-csrf-token'))).toEqual([null, 't-1'])
})
