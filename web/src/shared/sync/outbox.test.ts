// The window of these tests cannot keep its own files; the machine's can be.
import { Blob as File } from 'node:buffer'

import { beforeEach, expect, test, vi } from 'vitest'

import { all, keep, NoRoom, shelfOf, type Store, transact } from '@/shared/drafts/shelf'
import { newId } from '@/shared/ids/newId'

import { exchange } from './exchange'
import { bytes, isStuck, mostBreaks, outbox, type Receipt, receipts, takeBack, type Typed, type Waiting, write } from './operations'
import { rows } from './pull'
import { clockAhead, ready } from './push'

const everything: Store[] = ['photos', 'outbox', 'receipts', 'blobs', 'rows', 'meta']
const line = { account: 'a-1', device: 'd-1', token: () => ({}) }
const quiet = { share: () => undefined, changed: async () => undefined }
const note = (record: string, label: string, more: Partial<Typed> = {}): Typed => ({ kind: 'case.note', record, label, payload: { note: label }, ...more })
const photo = (name: string, sha256: string, draft = `d-${name}`) => ({ sha256, name, purpose: 'report', draft, blob: new File([name.repeat(300_000)]) as Blob })

/** A server of few words: what it says to each operation, in order of arrival; every request is written down. */
function server(say: (op: { id: string; seq: number; record: string; payload: { note?: string } }) => Partial<Receipt>) {
  const seen: string[] = []
  const arrived = new Map<string, number>()
  let log = 'log-1'
  let broken: (asked: string) => boolean = () => false
  const json = (body: unknown, status = 200, headers = {}) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers })
  vi.stubGlobal('fetch', async (path: string, given: RequestInit) => {
    const asked = `${given.method} ${path}`
    if (broken(asked)) throw new TypeError('network')
    if (asked === 'POST /api/v1/sync') {
      const { operations } = JSON.parse(given.body as string)
      const answers = operations.map((op: { id: string; seq: number; record: string; payload: { note?: string } }) => {
        seen.push(`${op.record}:${op.seq} ${op.payload.note}`)
        return { id: op.id, record: op.record, seq: op.seq, kind: 'case.note', state: 'applied', code: '', message: null, details: {}, result: {}, received_at: '', again: false, ...say(op) }
      })
      return json({ server_time: new Date().toISOString(), log, receipts: answers })
    }
    if (asked.startsWith('GET /api/v1/sync?')) return json({ cursor: 'c', anew: false, more: false, log, server_time: new Date().toISOString(), hold_until: '', changed: [], gone: [], holds: [] })
    if (asked === 'POST /api/v1/uploads') return json({}, 201, { Location: `/api/v1/uploads/${seen.length}`, 'Upload-Offset': '0' })
    const size = arrived.get(path) ?? 0
    if (given.method === 'HEAD') return new Response(null, { headers: { 'Upload-Offset': String(size) } })
    seen.push(`piece from ${size}`)
    arrived.set(path, size + (given.body as Blob).size)
    return json(null, 204, { 'Upload-Offset': String(arrived.get(path)) })
  })
  return { seen, arrived, restored: () => { log = 'log-2' }, breaks: (when: typeof broken) => { broken = when } }
}

beforeEach(async () => {
  shelfOf('')
  await transact(everything, async (shelf) => { for (const store of everything) await shelf.empty(store) })
})

test('each record in its order, records in the order of typing, one blocked record holds no other up', () => {
  const item = (record: string, seq: number, order: number, more: Partial<Waiting> = {}) =>
    ({ id: `${record}${seq}`, order, refused: null, next: 0, operation: { record, seq, payload: {} }, ...more }) as Waiting
  const refused = { code: 'x', message: null, details: {} }
  const kept = [item('b', 2, 9), item('a', 1, 1), item('b', 1, 3, { refused }), item('a', 2, 8), item('c', 1, 5, { next: 500 }), item('d', 1, 2)]
  expect(ready(kept, 100).map(({ id }) => id)).toEqual(['a1', 'd1', 'a2'])
  expect(ready(kept, 500).map(({ id }) => id)).toEqual(['a1', 'd1', 'c1', 'a2'])
})

test('what is typed is numbered for its record and goes once; the receipt stays', async () => {
  const { seen } = server(() => ({}))
  await write(note('r', 'one'), note('s', 'other'), note('r', 'two'))
  expect((await exchange(line, quiet)).moved).toBe(3)
  expect(seen).toEqual(['r:1 one', 's:1 other', 'r:2 two'])
  expect([await outbox(), (await receipts()).length]).toEqual([[], 3])
  await exchange(line, quiet)
  expect(seen).toHaveLength(3)
})

test('a line that breaks leaves all as it was, and the same goes again with the same id', async () => {
  const { seen, breaks } = server(() => ({}))
  const [kept] = await write(note('r', 'one'))
  breaks(() => true)
  expect((await exchange(line, quiet)).ended).toBe('unreachable')
  expect((await outbox()).map(({ id }) => id)).toEqual([kept!.id])
  breaks(() => false)
  await exchange(line, quiet)
  expect(seen).toEqual(['r:1 one'])
})

test('what is refused waits for its person, holds up its own record alone, and gives its number to the next', async () => {
  let taken = 0
  const { seen } = server((op) => {
    if (op.payload.note === 'bad') return { state: 'refused', code: 'no', message: { zh: '', en: 'no' } }
    if (op.record !== 'r') return {}
    if (op.seq !== taken + 1) return { state: 'later', code: 'earlier_missing', details: { expected: taken + 1 } }
    taken += 1
    return {}
  })
  const [bad] = await write(note('r', 'bad'), note('r', 'after'), note('s', 'other'))
  await exchange(line, quiet)
  expect((await outbox()).map(({ label, refused }) => [label, refused?.code])).toEqual([['bad', 'no'], ['after', undefined]])
  await takeBack(bad!.id)
  await exchange(line, quiet)
  expect(seen.slice(-1)).toEqual(['r:1 after'])
  expect(await outbox()).toEqual([])
})

test('words go first; a photo goes on from where the line broke, and one that two name is sent once', async () => {
  const { seen, arrived, breaks } = server(() => ({}))
  const named = { payload: { note: 'seen', photos: [{ sha256: 'h-1', purpose: 'report' }] } }
  await write(note('r', 'one', { ...named, photos: [photo('p', 'h-1')] }), note('s', 'two', { ...named, photos: [photo('p', 'h-1')] }))
  let pieces = 0
  breaks((asked) => asked.startsWith('PATCH') && (pieces += 1) === 2)
  expect((await exchange(line, quiet)).ended).toBe('unreachable')
  expect((await bytes()).map(({ state }) => state)).toEqual(['wanted'])
  await exchange(line, quiet)
  expect(seen).toEqual(['r:1 seen', 's:1 seen', 'piece from 0', 'piece from 192000'])
  expect([...arrived.values()]).toEqual([300_000])
  expect((await bytes()).map(({ state }) => state)).toEqual(['sent'])
})

test('a server that was put back is told everything of the last days again', async () => {
  const { seen, restored } = server(() => ({}))
  await write(note('r', 'one'))
  await exchange(line, quiet)
  restored()
  await write(note('s', 'two'))
  await exchange(line, quiet)
  expect(seen).toEqual(['r:1 one', 's:1 two', 'r:1 one'])
})

test('a pull never touches what waits, and begins anew without rows that nobody confirmed', async () => {
  await keep('rows', 'case/old', { key: 'case/old', collection: 'case', id: 'old', data: {}, epoch: '' })
  server(() => ({ state: 'later', code: 'away' }))
  await write(note('r', 'one'))
  const plain = globalThis.fetch
  vi.stubGlobal('fetch', async (path: string, given: RequestInit) => (path.startsWith('/api/v1/sync?')
    ? new Response(JSON.stringify({ cursor: 'c2', anew: true, more: false, log: 'l', server_time: new Date().toISOString(), hold_until: '', gone: [], holds: [], changed: [{ collection: 'case', id: 'new', data: { n: 1 } }] }))
    : plain(path, given)))
  await exchange(line, quiet)
  expect((await rows('case')).map(({ id }) => id)).toEqual(['new'])
  expect((await outbox()).map(({ label, later }) => [label, later])).toEqual([['one', 'away']])
})

test('each account has a store of its own on a shared phone', async () => {
  shelfOf('a-1')
  await write(note('r', 'mine'))
  shelfOf('a-2')
  expect(await outbox()).toEqual([])
  await write(note('q', 'theirs'))
  shelfOf('a-1')
  expect((await outbox()).map(({ label }) => label)).toEqual(['mine'])
})

test('a full device keeps nothing of the new and all of the old, and says so', async () => {
  await write(note('r', 'old'))
  await keep('photos', 'd-p', { id: 'd-p', order: 1 })
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function full(this: IDBObjectStore, value: unknown) {
    if ((value as { blob?: Blob }).blob) throw new DOMException('no room', 'QuotaExceededError')
    return IDBObjectStore.prototype.add.call(this, value, newId())
  })
  await expect(write(note('r', 'new', { photos: [photo('p', 'h', 'd-p')] }))).rejects.toThrow(NoRoom)
  put.mockRestore()
  expect((await outbox()).map(({ label }) => label)).toEqual(['old'])
  expect(await all('photos')).toHaveLength(1)
})

test('the phone knows by how much its clock is wrong', () => {
  expect(clockAhead('2026-05-06T01:00:00Z', Date.parse('2026-05-06T03:00:00Z'), Date.parse('2026-05-06T03:00:02Z'))).toBe(7201)
})

/** As if every gap had passed. */
const due = () => transact(['outbox'], async (shelf) => {
  for (const item of await shelf.all<Waiting>('outbox')) await shelf.put('outbox', item.id, { ...item, next: 0 })
})

test('what the server always breaks over comes so often and no oftener, stays whole, and holds up its own record alone', async () => {
  const behind = { state: 'later' as const, code: 'earlier_missing', details: { expected: 1 } }
  const { seen } = server(({ payload: { note: said } }) => (said === 'bad' ? { state: 'later', code: 'broken' } : said === 'after' ? behind : {}))
  await write(note('r-1', 'bad'), note('r-1', 'after'), note('r-2', 'good'))
  const gaps: number[] = []
  for (let time = 0; time < mostBreaks + 4; time += 1) {
    await exchange(line, quiet, false)
    gaps.push(Math.round(((await outbox())[0]!.next - Date.now()) / 1000))
    await due()
  }
  expect(seen.filter((one) => one.endsWith('bad'))).toHaveLength(mostBreaks)
  expect(gaps.slice(0, 4)).toEqual([6, 18, 54, 162])
  expect(Math.max(...gaps)).toBeLessThanOrEqual(3600)
  const [bad, after] = await outbox()
  expect([isStuck(bad!), bad!.operation.payload, isStuck(after!)]).toEqual([true, { note: 'bad' }, false])
  expect((await receipts()).map(({ label }) => label)).toEqual(['good'])
})

test('where the server breaks over a whole batch each goes alone, and only the one is to blame', async () => {
  server(() => ({}))
  const whole = globalThis.fetch
  const sent: string[][] = []
  vi.stubGlobal('fetch', async (path: string, given: RequestInit) => {
    const { operations } = JSON.parse(given.body as string) as { operations: { payload: { note: string } }[] }
    sent.push(operations.map(({ payload }) => payload.note))
    return sent.at(-1)!.includes('bad') ? new Response('', { status: 500 }) : whole(path, given)
  })
  await write(note('r-1', 'one'), note('r-2', 'bad'), note('r-3', 'two'))
  await exchange(line, quiet, false)
  expect(sent.slice(0, 4)).toEqual([['one', 'bad', 'two'], ['one'], ['bad'], ['two']])
  expect((await outbox()).map(({ label, broke }) => [label, broke])).toEqual([['bad', 1]])
})

test('a server that breaks over everything is to blame itself', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 500 }))
  await write(note('r-1', 'one'), note('r-2', 'two'))
  expect((await exchange(line, quiet, false)).ended).toBe('unreachable')
  expect((await outbox()).map(({ broke }) => broke ?? 0)).toEqual([0, 0])
})
