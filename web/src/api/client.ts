import createClient, { type Middleware } from 'openapi-fetch'

import type { paths } from './paths'
import { deviceHeaders } from './device'
import { refusalOf, Unreachable } from './refusal'

const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
let csrf = ''
let onSignedOut: () => void = () => undefined
let shut = false

/** The token of the session; every change carries it. */
export function setCsrf(token: string): void {
  csrf = token
}

export function csrfHeader(): Record<string, string> {
  return csrf ? { 'X-CSRF-Token': csrf } : {}
}

/** Called when the server no longer knows the session. */
export function whenSignedOut(react: () => void): void {
  onSignedOut = react
}

/** While somebody signs out nothing more is asked in his name: it would only be refused, and lead the page astray. */
export function shutDoors(now: boolean): void {
  shut = now
}

const doorkeeper: Middleware = {
  onRequest({ request, schemaPath }) {
    if (changes.has(request.method) && csrf) request.headers.set('X-CSRF-Token', csrf)
    if (schemaPath.includes('/public/')) {
      for (const [name, value] of Object.entries(deviceHeaders())) request.headers.set(name, value)
    }
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !schemaPath.includes('/session') && !schemaPath.endsWith('/me')) onSignedOut()
  },
  onError() {
    return new Unreachable()
  },
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  // Looked up at each call, so that tests and the service worker may replace it.
  fetch: (request) => (shut && !request.url.endsWith('/api/v1/session') ? Promise.reject(new TypeError('signing out')) : globalThis.fetch(request)),
})
api.use(doorkeeper)

interface Answer<T> { data?: T; error?: unknown; response: Response }

/** The data of an answer; otherwise throws the Refusal (or Unreachable) in it. */
export async function unwrap<T>(answer: Answer<T> | Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (response.ok) return data as T
  throw refusalOf(error, response)
}
