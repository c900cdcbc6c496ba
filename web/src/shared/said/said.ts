import { refusalOf, type Refusal, Unreachable } from '@/api/refusal'
import type { PublicReceipt, Words } from '@/api/shapes'
import { all, nextOrder, read, type Shelf, transact } from '@/shared/drafts/shelf'

/** A photo or a recording of something that was said; its bytes lie in the store of photos under the same id. */
export interface SaidFile { id: string; name: string; purpose: string; state: 'waiting' | 'sent' | 'refused'; words: Words | null }

/**
 * What somebody without an account said: it lies on the phone before anything is sent, and goes as it was typed.
 * The body never changes after that, so that a repeat is known as one; files go after the words.
 */
export interface Said {
  id: string
  order: number
  door: 'cases' | 'mailbox/letters'
  label: string
  at: string
  body: Record<string, unknown> & { upload_token: string }
  files: SaidFile[]
  receipt: PublicReceipt | null
  refused: { code: string; words: Words; details: Record<string, unknown> } | null
  /** How often the server met this one and broke; a line that breaks is not counted. */
  broke: number
  next: number
  /** Words and files are home; the page that sees it next notes its code, and lets it go. */
  done: boolean
}
interface KeptFile { id: string; draft: string; blob: Blob; name: string; purpose: string; url: string; kind: string; order: number; sent: boolean }

/** So often the server may break over one before it is left to its person. */
export const mostBreaks = 8
const first = 2_000
const longest = 300_000
const stores = ['reports', 'photos'] as const
const draftOf = (id: string) => `said.${id}`

export const saids = (): Promise<Said[]> => all<Said>('reports')
/** What still goes by itself. */
export const goes = (item: Said): boolean => !item.refused && !item.done && item.broke < mostBreaks

/** Keeps what was said, with its files, in one transaction. Throws NoRoom: then all stands as before. */
export function keepSaid(given: Pick<Said, 'id' | 'door' | 'label' | 'body'>, fileIds: readonly string[]): Promise<Said> {
  return transact(stores, async (shelf) => {
    const files: SaidFile[] = []
    for (const id of fileIds) {
      const file = await shelf.get<KeptFile>('photos', id)
      if (!file) continue
      files.push({ id, name: file.name, purpose: file.purpose, state: 'waiting', words: null })
      // The form's picker finds it no more: it belongs to what was said.
      await shelf.put('photos', id, { ...file, draft: draftOf(given.id) })
    }
    const kept: Said = {
      ...given, body: JSON.parse(JSON.stringify(given.body)) as Said['body'], order: nextOrder(), at: new Date().toISOString(),
      files, receipt: null, refused: null, broke: 0, next: 0, done: false,
    }
    await shelf.put('reports', kept.id, kept)
    return kept
  })
}

/** Takes it off the phone. `draft`: its files go back to that form, else they go too. */
export function dropSaid(id: string, draft = ''): Promise<void> {
  return transact(stores, async (shelf) => {
    const gone = await shelf.get<Said>('reports', id)
    await shelf.drop('reports', id)
    for (const { id: fileId } of gone?.files ?? []) {
      const file = await shelf.get<KeptFile>('photos', fileId)
      if (draft && file) await shelf.put('photos', fileId, { ...file, draft })
      else await shelf.drop('photos', fileId)
    }
  })
}

async function change(id: string, news: Partial<Said>): Promise<Said | undefined> {
  return transact(['reports'], async (shelf: Shelf) => {
    const known = await shelf.get<Said>('reports', id)
    if (!known) return undefined
    const now = { ...known, ...news }
    await shelf.put('reports', id, now)
    return now
  })
}

/** Sends one file; hears the share that has gone. */
export type Upload = (file: { id: string; blob: Blob; name: string; purpose: string }, token: string, heard: (share: number) => void) => Promise<void>
export interface Told { changed(): Promise<void>; share(id: string, share: number): void; arrived(item: Said): void }

async function post(path: string, token: string, json: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'X-Device': token, 'X-Upload-Token': token }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(json) }).catch(() => { throw new Unreachable() })
  const body: unknown = await answer.json().catch(() => null)
  if (answer.ok && body) return body
  throw answer.ok ? new Unreachable() : refusalOf(body, answer)
}

/** Not this one's fault: asked too often, or the server (or what stands before it) is away. Only a 500 is about this one. */
const again = ({ status }: Refusal) => status === 429 || status > 500
const pause = (times: number) => Math.min(longest, first * 2 ** times)

/** What a refusal does to something: later, broken once more, or for good. */
async function stopped(item: Said, refusal: Refusal): Promise<void> {
  if (again(refusal)) await change(item.id, { next: Date.now() + Math.max(pause(item.broke), Number(refusal.details.retry_after ?? 0) * 1000) })
  else if (refusal.status === 500) await change(item.id, { broke: item.broke + 1, next: Date.now() + pause(item.broke) })
  else await change(item.id, { refused: { code: refusal.code, words: { ...refusal.words }, details: { ...refusal.details } } })
}

async function sendFiles(item: Said, upload: Upload, told: Told): Promise<void> {
  const { upload_token: token } = item.body
  const files = item.files.map((file) => ({ ...file }))
  for (const file of files.filter(({ state }) => state === 'waiting')) {
    const kept = await read<KeptFile>('photos', file.id)
    try {
      if (kept) await upload({ id: file.id, blob: kept.blob, name: file.name, purpose: file.purpose }, token, (share) => told.share(file.id, share))
      file.state = kept ? 'sent' : 'refused'
    } catch (error) {
      const refusal = error as Refusal
      if (!('status' in refusal) || refusal.status >= 500 || again(refusal)) throw error
      Object.assign(file, { state: 'refused', words: { ...refusal.words } })
    }
    await change(item.id, { files })
    await told.changed()
  }
  const sent = files.filter(({ state }) => state === 'sent').map(({ id }) => id)
  if (sent.length) await post(`/api/v1/public/cases/${item.receipt!.code}/files`, token, { files: sent, upload_token: token })
}

async function sendOne(item: Said, upload: Upload, told: Told): Promise<void> {
  const doors = { cases: '/api/v1/public/cases', 'mailbox/letters': '/api/v1/public/mailbox/letters' }
  let now: Said | undefined = item
  if (!item.receipt) {
    const receipt = (await post(doors[item.door], item.body.upload_token, item.body)) as PublicReceipt
    now = await change(item.id, { receipt, broke: 0, next: 0 })
    if (!now) return
    told.arrived(now)
    await told.changed()
  }
  await sendFiles(now, upload, told)
  const left = (await saids()).find(({ id }) => id === item.id)
  // A file that could not be taken stays in sight until its person has seen why.
  if (!left?.files.some(({ state }) => state === 'refused')) await change(item.id, { done: true })
  else await change(item.id, { refused: { code: 'files', words: left.files.find(({ words }) => words)?.words ?? { zh: '', en: '' }, details: {} } })
}

/** Sends what waits, the words of all before anybody's files grow old. Answers whether the line held. */
export async function sendSaid(upload: Upload, told: Told, only = ''): Promise<boolean> {
  try {
    for (const item of await saids()) {
      const wanted = only ? item.id === only : goes(item) && item.next <= Date.now()
      if (!wanted || item.refused || item.done) continue
      try {
        await sendOne(item, upload, told)
      } catch (error) {
        if (!(error instanceof Error && 'status' in error)) throw error
        await stopped(item, error as Refusal)
      }
      await told.changed()
    }
    return true
  } catch (error) {
    if (error instanceof Unreachable) return false
    throw error
  } finally {
    await told.changed()
  }
}

/** Where no page is open there is nobody to show a share to. */
export const uploadPlainly: Upload = async (file, token) => {
  const form = new FormData()
  form.set('id', file.id)
  form.set('purpose', file.purpose)
  form.set('file', file.blob, file.name)
  const answer = await fetch('/api/v1/public/files', { method: 'POST', headers: { 'X-Upload-Token': token, 'X-Device': token }, body: form })
    .catch(() => { throw new Unreachable() })
  if (!answer.ok) throw refusalOf(await answer.json().catch(() => null), answer)
}
