import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type App, createApp, defineComponent } from 'vue'

import { Unreachable } from '@/api/refusal'
import { keep, shelfOf } from '@/shared/drafts/shelf'
import { keepLast, readLast } from '@/shared/session/lastSeen'
import { useSession } from '@/shared/session/session'

import { write } from './operations'
import { loadOutbox, looked, now, sending } from './outbox'
import { expire } from './pull'
import { heldCase, useHeld } from './useHeld'
import { useSync } from './useSync'

const fetched = Date.parse('2026-03-03T01:00:00Z')
const standing = { cursor: 'c', log: 'l', holds: [], pulled_at: fetched, hold_until: '2999-01-01T00:00:00Z' }
const lost = () => Promise.reject(new Unreachable())
let app: App

function mounted(queryClient: QueryClient): void {
  app = createApp(defineComponent({ setup: () => useSync(), render: () => null })).use(createPinia()).use(VueQueryPlugin, { queryClient })
  app.mount(document.createElement('div'))
}

/** The app is opened where nothing answers, and only after a while is it clear that nothing does. */
async function opened() {
  let fail: (error: TypeError) => void = () => undefined
  const line = new Promise<Response>((_done, failed) => { fail = failed })
  vi.stubGlobal('fetch', () => line)
  shelfOf('')
  now.value = { ...now.value, pulled_at: 0 }
  looked.value = false
  mounted(new QueryClient())
  const known = app.runWithContext(() => useSession()).load().catch(() => undefined)
  await vi.waitFor(() => expect(looked.value).toBe(true))
  return { fails: async () => { fail(new TypeError('network')); await known } }
}

beforeEach(async () => {
  localStorage.setItem('wg.me', JSON.stringify({ account: { id: 'a-1' }, posts: [] }))
  shelfOf('a-1')
  await keep('meta', 'standing', standing)
  await keep('rows', 'case/k', { key: 'case/k', order: 0, collection: 'case', id: 'k', data: { id: 'k' }, epoch: '' })
})
afterEach(() => app?.unmount())

test('a phone that learns late whose it is shows what this person has, not the blank of nobody', async () => {
  const { fails } = await opened()
  expect(now.value.pulled_at).toBe(0)
  await fails()
  await vi.waitFor(() => expect(now.value.pulled_at).toBe(fetched))
})

test('what was lent too long ago is given up although the line was slow to fail', async () => {
  keepLast('round', { homes: ['3-2-101'] })
  await keep('meta', 'standing', { ...standing, hold_until: '2026-03-04T01:00:00Z' })
  const { fails } = await opened()
  await fails()
  await vi.waitFor(async () => expect(await heldCase('k')).toBeNull())
  expect(readLast('round')).toBeNull()
})

test('a clock that is days wrong neither empties a phone early nor lets it keep what it was lent', async () => {
  const days = (n: number) => n * 86_400
  const until = (n: number) => new Date(Date.now() + days(n) * 1000).toISOString()
  for (const [clock_ahead, hold_until, stays] of [[days(9), until(-3), true], [days(9), until(-10), false], [days(-9), until(8), false], [days(-9), until(10), true]] as const) {
    await keep('meta', 'standing', { ...standing, clock_ahead, hold_until })
    await keep('rows', 'case/k', { key: 'case/k', order: 0, collection: 'case', id: 'k', data: { id: 'k' }, epoch: '' })
    expect([clock_ahead, await expire(Date.now())]).toEqual([clock_ahead, !stays])
  }
})

test('what is shown from the phone says how old it is, whatever else has been read by then', async () => {
  now.value = { ...now.value, pulled_at: 0 }
  const { asOf, first } = useHeld()
  expect(await first(lost, () => heldCase('k'))).toEqual({ id: 'k' })
  expect(asOf.value).not.toBe('')
  await first(() => Promise.resolve(null), () => heldCase('k'))
  expect(asOf.value).toBe('')
  await expect(first(lost, () => heldCase('x'))).rejects.toThrow(Unreachable)
})

test('what is read while the phone changes hands is read again of the new one', async () => {
  shelfOf('')
  const reading = loadOutbox()
  shelfOf('a-1')
  await reading
  expect(now.value.pulled_at).toBe(fetched)
})

/** A server that takes whatever it is sent, and has nothing new. */
function taking() {
  const receipt = ({ id, record, seq }: { id: string; record: string; seq: number }) => ({ id, record, seq, kind: 'case.note', state: 'applied', code: '', message: null, details: {}, result: {}, received_at: '', again: false })
  const server_time = new Date().toISOString()
  vi.stubGlobal('fetch', async (asked: string | Request, given: RequestInit = {}) => {
    const path = typeof asked === 'string' ? asked : new URL(asked.url).pathname
    if (path === '/api/v1/me') return Response.json({ account: { id: 'a-1' }, posts: [], csrf: 't' })
    if (path === '/api/v1/sync') return Response.json({ server_time, log: 'l', receipts: JSON.parse(given.body as string).operations.map(receipt) })
    if (path.startsWith('/api/v1/sync?')) return Response.json({ cursor: 'c', anew: false, more: false, log: 'l', server_time, hold_until: standing.hold_until, changed: [], gone: [], holds: [] })
    return Response.json({ code: 'not_found', message: { zh: '', en: '' }, details: {} }, { status: 404 })
  })
}

test('a round that two waited for makes the page ask again once, and the next round does so anew', async () => {
  taking()
  const queries = new QueryClient()
  const asked = vi.spyOn(queries, 'invalidateQueries')
  const say = (words: string) => write({ kind: 'case.note', record: 'r', label: words, payload: { note: words } })
  const heard = (times: number) => vi.waitFor(() => expect([asked.mock.calls.length, sending.value]).toEqual([times, false]))
  await say('one')
  mounted(queries)
  window.dispatchEvent(new Event('online'))
  await heard(1)
  await say('two')
  window.dispatchEvent(new Event('online'))
  await heard(2)
})
