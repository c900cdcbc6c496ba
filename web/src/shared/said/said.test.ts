import { beforeEach, expect, test, vi } from 'vitest'

import { Unreachable } from '@/api/refusal'
import { keep, shelfOf } from '@/shared/drafts/shelf'

import { dropSaid, goes, keepSaid, mostBreaks, saids, sendSaid, type Told } from './said'

const body = { text: 'lamp out', upload_token: 'token' }
const quiet: Told = { changed: async () => undefined, share: () => undefined, arrived: () => undefined }
const receipt = { id: 's', number: 'N-1', code: 'AAAA-BBBB-CCCC' }
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status })
let asked: { path: string; body: unknown }[] = []
let answers: (path: string) => Response = () => json(receipt)
let shelves = 0

beforeEach(() => {
  shelfOf(`person-${(shelves += 1)}`)
  asked = []
  answers = () => json(receipt)
  vi.useRealTimers()
  vi.stubGlobal('fetch', async (path: string, given: { body: string }) => {
    asked.push({ path, body: JSON.parse(given.body) })
    return answers(path)
  })
})

async function said(id = 's', files: string[] = []) {
  for (const file of files) await keep('photos', file, { id: file, draft: 'report', blob: new Blob(['x']), name: `${file}.jpg`, purpose: 'report', url: '', kind: 'image', order: 1, sent: false })
  return keepSaid({ id, door: 'cases', label: 'lamp out', body }, files)
}

test('words go before their files, and the files are put to them', async () => {
  await said('s', ['f-1', 'f-2'])
  const order: string[] = []
  answers = (path) => { order.push(path); return json(path.endsWith('/files') ? { left_out: [] } : receipt) }
  await sendSaid(async ({ id }) => { order.push(id) }, quiet)
  expect(order).toEqual(['/api/v1/public/cases', 'f-1', 'f-2', '/api/v1/public/cases/AAAA-BBBB-CCCC/files'])
  expect((await saids()).map(({ done }) => done)).toEqual([true])
})

test('a line that breaks in the middle goes on with the files alone', async () => {
  await said('s', ['f-1'])
  answers = (path) => json(path.endsWith('/files') ? { left_out: [] } : receipt)
  expect(await sendSaid(() => Promise.reject(new Unreachable()), quiet)).toBe(false)
  expect(await sendSaid(async () => undefined, quiet)).toBe(true)
  expect(asked.map(({ path }) => path)).toEqual(['/api/v1/public/cases', '/api/v1/public/cases/AAAA-BBBB-CCCC/files'])
})

test('what the server always breaks over is left to its person, with nothing lost; others go on', async () => {
  await said('bad')
  await said('good')
  answers = () => json({ code: 'internal' }, 500)
  for (let time = 0; time < mostBreaks; time += 1) await sendSaid(async () => undefined, quiet, 'bad')
  const [bad] = await saids()
  expect([bad!.broke, goes(bad!), bad!.body.text]).toEqual([mostBreaks, false, 'lamp out'])
  answers = () => json(receipt)
  await sendSaid(async () => undefined, quiet)
  expect((await saids()).map(({ id, done }) => [id, done])).toEqual([['bad', false], ['good', true]])
})

test('a server that is away, or asked too often, is not the fault of what was said', async () => {
  await said()
  for (const status of [502, 503, 429]) {
    answers = () => json({ code: 'away', details: {} }, status)
    await sendSaid(async () => undefined, quiet, 's')
  }
  expect((await saids()).map(({ broke, refused }) => [broke, refused])).toEqual([[0, null]])
})

test('a repeat says the very same, whatever was typed since', async () => {
  const given = { ...body }
  await keepSaid({ id: 's', door: 'cases', label: '', body: given }, [])
  given.text = 'something else'
  answers = () => { throw new TypeError('cut') }
  await sendSaid(async () => undefined, quiet)
  answers = () => json(receipt)
  await sendSaid(async () => undefined, quiet, 's')
  expect(asked.map(({ body: sent }) => (sent as { text: string }).text)).toEqual(['lamp out', 'lamp out'])
})

test('what was refused goes back to its form with its files', async () => {
  await said('s', ['f-1'])
  answers = () => json({ code: 'text_too_long', message: { zh: '长', en: 'long' } }, 422)
  await sendSaid(async () => undefined, quiet)
  expect((await saids())[0]!.refused!.code).toBe('text_too_long')
  await dropSaid('s', 'report')
  expect(await saids()).toEqual([])
})

test('on a shared phone nobody sees what another one has not sent', async () => {
  await said()
  shelfOf('somebody-else')
  expect(await saids()).toEqual([])
  await sendSaid(async () => undefined, quiet)
  expect(asked).toEqual([])
})
