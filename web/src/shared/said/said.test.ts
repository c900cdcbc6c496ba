import { Blob as File } from 'node:buffer'

import { beforeEach, expect, test, vi } from 'vitest'

import { keep, read, shelfOf } from '@/shared/drafts/shelf'
import type { Shelved } from '@/shared/photo/useKeptPhotos'

import { dropSaid, goes, keepSaid, mostBreaks, saids, sayNow, sendSaid, type Told } from './said'

const body = { text: 'lamp out', upload_token: 'token' }
const quiet: Told = { changed: async () => undefined, share: () => undefined, arrived: () => undefined }
const receipt = { id: 's', number: 'N-1', code: 'AAAA-BBBB-CCCC', awaits: [] as string[] }
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status })
let asked: { method: string; path: string; body: unknown }[] = []
let answers: (path: string, method: string) => Response = () => json(receipt)
let shelves = 0

/** A server of uploads that keeps what comes; `breaks`: how many pieces are lost with their answers. */
function uploading(breaks = 0) {
  const came: Record<string, number> = {}
  const at = (path: string) => path.split('/').at(-1)!
  const whole = 400_000
  answers = (path, method) => {
    if (path.endsWith('/cases')) return json({ ...receipt, awaits: Object.keys(came).length ? [] : ['hash-1', 'hash-2'] })
    if (method === 'POST') return new Response(null, { status: 201, headers: { Location: `${path}/u-${asked.length}`, 'Upload-Offset': '0' } })
    if (method === 'PATCH') {
      came[at(path)] = Math.min(whole, (came[at(path)] ?? 0) + 192_000)
      if (breaks > 0) { breaks -= 1; throw new TypeError('cut') }
    }
    return new Response(null, { status: method === 'PATCH' ? 204 : 200, headers: { 'Upload-Offset': String(came[at(path)] ?? 0) } })
  }
}

beforeEach(() => {
  shelfOf(`person-${(shelves += 1)}`)
  asked = []
  answers = () => json(receipt)
  vi.useRealTimers()
  vi.stubGlobal('fetch', async (path: string, given: { method: string; body?: unknown }) => {
    asked.push({ method: given.method, path, body: typeof given.body === 'string' ? JSON.parse(given.body) : given.body })
    return answers(path, given.method)
  })
})

const shelved = (n: number): Shelved =>
  ({ id: `f-${n}`, draft: 'report', order: n, name: `${n}.jpg`, purpose: 'report', kind: 'image', sha256: `hash-${n}`, blob: new File([new Uint8Array(400_000)]) as Blob })
const said = (id = 's', ...files: number[]) => keepSaid({ id, door: 'cases', label: 'lamp out', body }, files.map(shelved))
const methods = () => asked.map(({ method, path }) => `${method} ${path.includes('uploads') ? 'upload' : 'words'}`)

test('words go before their files and name them; the files follow in pieces', async () => {
  await said('s', 1, 2)
  uploading()
  expect(await sendSaid(quiet)).toBe(true)
  const piece = ['PATCH upload', 'PATCH upload', 'PATCH upload']
  expect(methods()).toEqual(['POST words', 'POST upload', ...piece, 'POST upload', ...piece])
  expect((asked[0]!.body as { photos: unknown }).photos).toEqual([{ sha256: 'hash-1', purpose: 'report' }, { sha256: 'hash-2', purpose: 'report' }])
  expect((await saids()).map(({ done }) => done)).toEqual([true])
})

test('a line that breaks in the middle of a photo goes on with the next byte of it', async () => {
  await said('s', 1)
  uploading(1)
  expect(await sendSaid(quiet)).toBe(false)
  expect((await saids())[0]!.receipt!.number).toBe('N-1')
  asked = []
  expect(await sendSaid(quiet)).toBe(true)
  // Asked first: the piece whose answer was lost had arrived.
  expect(methods()).toEqual(['HEAD upload', 'PATCH upload', 'PATCH upload'])
  expect((await saids())[0]!.done).toBe(true)
})

test('what was said while a photo is on its way goes before the next photo', async () => {
  await said('s', 1, 2)
  uploading()
  const usual = answers
  let late: Promise<unknown> | null = null
  answers = (path, method) => {
    if (method === 'PATCH') late ??= keepSaid({ id: 'later', door: 'cases', label: '', body }, [])
    return usual(path, method)
  }
  await sendSaid(quiet)
  expect(methods().lastIndexOf('POST words')).toBeLessThan(methods().lastIndexOf('POST upload'))
  expect((await saids()).map(({ done }) => done)).toEqual([true, true])
})

test('a file that cannot be taken says why and holds up no other', async () => {
  await said('s', 1, 2)
  uploading()
  const usual = answers
  answers = (path, method) => (method === 'PATCH' && path.endsWith('u-2') ? json({ code: 'file_not_accepted', message: { zh: '不是照片', en: 'no picture' } }, 422) : usual(path, method))
  await sendSaid(quiet)
  const [item] = await saids()
  expect(item!.files.map(({ state, words }) => [state, words?.en ?? ''])).toEqual([['refused', 'no picture'], ['sent', '']])
  expect([item!.refused!.code, item!.done]).toEqual(['files', false])
})

test('words alone go at once, their photos in their turn', async () => {
  await said('s', 1)
  uploading()
  await sayNow('s', quiet)
  expect(methods()).toEqual(['POST words'])
})

test('what the server always breaks over is left to its person, with nothing lost; others go on', async () => {
  await said('bad')
  await said('good')
  answers = () => json({ code: 'internal' }, 500)
  for (let time = 0; time < mostBreaks; time += 1) await sendSaid(quiet, 'bad')
  const [bad] = await saids()
  expect([bad!.broke, goes(bad!), bad!.body.text]).toEqual([mostBreaks, false, 'lamp out'])
  answers = () => json(receipt)
  await sendSaid(quiet)
  expect((await saids()).map(({ id, done }) => [id, done])).toEqual([['bad', false], ['good', true]])
})

test('a server that is away, or asked too often, is not the fault of what was said', async () => {
  await said()
  for (const status of [502, 503, 429]) {
    answers = () => json({ code: 'away', details: {} }, status)
    await sendSaid(quiet, 's')
  }
  expect((await saids()).map(({ broke, refused }) => [broke, refused])).toEqual([[0, null]])
})

test('a repeat says the very same, whatever was typed since', async () => {
  const given = { ...body }
  await keepSaid({ id: 's', door: 'cases', label: '', body: given }, [])
  given.text = 'something else'
  answers = () => { throw new TypeError('cut') }
  await sendSaid(quiet)
  answers = () => json(receipt)
  await sendSaid(quiet, 's')
  expect(asked.map(({ body: sent }) => (sent as { text: string }).text)).toEqual(['lamp out', 'lamp out'])
})

test('what was refused goes back to its form with its files', async () => {
  await said('s', 1)
  answers = () => json({ code: 'text_too_long', message: { zh: '长', en: 'long' } }, 422)
  await sendSaid(quiet)
  expect((await saids())[0]!.refused!.code).toBe('text_too_long')
  await dropSaid('s', 'report')
  expect(await saids()).toEqual([])
  expect((await read<Shelved>('photos', 'f-1'))?.draft).toBe('report')
})

test('what an earlier release kept goes with its photos, whether its words had arrived or not', async () => {
  // As the release before this one kept it: files by id alone, words that name none of them.
  const older = (id: string, more: object) => keep('reports', id, {
    id, order: id === 'kept' ? 1 : 2, door: 'cases', label: 'lamp out', at: '2026-11-20T08:00:00Z', body: { ...body, id }, receipt: null, refused: null,
    broke: 0, next: 0, done: false, files: [{ id: `${id}-f`, name: '1.jpg', purpose: 'report', state: 'waiting', words: null }], ...more,
  })
  for (const id of ['kept', 'half']) {
    await keep('photos', `${id}-f`, { id: `${id}-f`, draft: `said.${id}`, order: 1, name: '1.jpg', purpose: 'report', url: '/files', kind: 'image', sent: false, blob: new File([id]) })
  }
  await older('kept', {})
  await older('half', { receipt })
  const named = (sent: unknown) => (sent as { photos?: { sha256: string }[] }).photos?.map(({ sha256: hash }) => hash) ?? []
  uploading()
  const usual = answers
  answers = (path, method) => (path.endsWith('/cases') ? json({ ...receipt, awaits: named(asked.at(-1)!.body) }) : usual(path, method))
  expect(await sendSaid(quiet)).toBe(true)
  const words = asked.filter(({ path }) => path.endsWith('/cases')).map(({ body: sent }) => sent as { id: string; text: string })
  expect(words.map(({ id, text }) => [id, text])).toEqual([['kept', 'lamp out'], ['half', 'lamp out']])
  expect(words.map((sent) => named(sent)[0])).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)])
  expect(asked.filter(({ method }) => method === 'PATCH')).toHaveLength(2)
  expect((await saids()).map(({ done }) => done)).toEqual([true, true])
})

test('on a shared phone nobody sees what another one has not sent', async () => {
  await said()
  shelfOf('somebody-else')
  expect(await saids()).toEqual([])
  await sendSaid(quiet)
  expect(asked).toEqual([])
})
