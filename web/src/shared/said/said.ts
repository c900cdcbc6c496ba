import { Broke, Refusal, refusalOf, Unreachable } from '@/api/refusal'
import type { PublicReceipt, Words } from '@/api/shapes'
import { all, nextOrder, read, type Shelf, transact } from '@/shared/drafts/shelf'
import { sha256 } from '@/shared/photo/sha256'
import type { Shelved } from '@/shared/photo/useKeptPhotos'
import { isFinal, sendPieces } from '@/shared/sync/pieces'

/** A photo or a recording of something that was said; its bytes lie in the store of photos under the same id. */
export interface SaidFile { id: string; sha256: string; name: string; purpose: string; state: 'waiting' | 'sent' | 'refused'; words: Words | null; location: string }

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
export function keepSaid(given: Pick<Said, 'id' | 'door' | 'label' | 'body'>, photos: readonly Shelved[]): Promise<Said> {
  return transact(stores, async (shelf) => {
    const files: SaidFile[] = []
    for (const file of photos) {
      const { id, sha256, name, purpose } = file
      files.push({ id, sha256, name, purpose, state: 'waiting', words: null, location: '' })
      // The form's picker finds it no more: it belongs to what was said.
      await shelf.put('photos', id, { ...file, draft: draftOf(given.id) })
    }
    const body = JSON.parse(JSON.stringify({ ...given.body, photos: files.map(({ sha256, purpose }) => ({ sha256, purpose })) })) as Said['body']
    const kept: Said = {
      ...given, body, order: nextOrder(), at: new Date().toISOString(),
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
      const file = await shelf.get<Shelved>('photos', fileId)
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

const doors = { cases: '/api/v1/public/cases', 'mailbox/letters': '/api/v1/public/mailbox/letters' }

async function sendWords(item: Said, told: Told): Promise<void> {
  const receipt = (await post(doors[item.door], item.body.upload_token, item.body)) as PublicReceipt
  // What the server has already, of an earlier report or try, is not sent again.
  const files = item.files.map((file) => (receipt.awaits.includes(file.sha256) ? file : { ...file, state: 'sent' as const }))
  const now = await change(item.id, { receipt, files, broke: 0, next: 0, done: files.every(({ state }) => state === 'sent') })
  if (now) told.arrived(now)
}

/** Files as a release before this one kept them: without a hash, and its words did not name them. */
type Older = Omit<SaidFile, 'sha256' | 'location'> & Partial<SaidFile>

/** Brings what an earlier release kept into the shape of this one; its words go once more, as a repeat that names its files. */
async function broughtUp(item: Said): Promise<Said | undefined> {
  if (item.files.every((file: Older) => file.sha256 !== undefined)) return item
  const files: SaidFile[] = []
  for (const file of item.files as Older[]) {
    const kept = file.state === 'waiting' && !file.sha256 ? await read<Shelved>('photos', file.id) : undefined
    const hash = kept ? await sha256(kept.blob) : (file.sha256 ?? '')
    files.push({ ...file, sha256: hash, location: '', state: hash || file.state !== 'waiting' ? file.state : 'refused' })
  }
  const photos = files.filter(({ state }) => state === 'waiting').map(({ sha256: hash, purpose }) => ({ sha256: hash, purpose }))
  return change(item.id, { files, receipt: null, body: { ...item.body, photos } })
}

async function changeFile(id: string, fileId: string, news: Partial<SaidFile>): Promise<Said | undefined> {
  return transact(['reports'], async (shelf) => {
    const known = await shelf.get<Said>('reports', id)
    if (!known) return undefined
    const now = { ...known, files: known.files.map((file) => (file.id === fileId ? { ...file, ...news } : file)) }
    await shelf.put('reports', id, now)
    return now
  })
}

async function sendFile(item: Said, file: SaidFile, told: Told): Promise<void> {
  const { upload_token: token } = item.body
  const kept = await read<Shelved>('photos', file.id)
  const way = {
    line: { token: () => ({ 'X-Upload-Token': token, 'X-Device': token }) }, door: '/api/v1/public/uploads' as const,
    began: async (location: string) => { await changeFile(item.id, file.id, { location }) },
    heard: (share: number) => told.share(file.id, share),
  }
  try {
    if (kept) await sendPieces(way, { ...file, blob: kept.blob })
    await changeFile(item.id, file.id, { state: kept ? 'sent' : 'refused' })
  } catch (error) {
    // The server broke over this one: that is counted, so that it does not go round for ever.
    if (error instanceof Broke) throw new Refusal('internal', { zh: '', en: '' }, 500)
    if (!(error instanceof Refusal && isFinal(error))) throw error
    await changeFile(item.id, file.id, { state: 'refused', words: { ...error.words } })
  }
}

/** What is home is done; a file that could not be taken stays in sight until its person has seen why. */
async function closed(id: string): Promise<void> {
  const item = (await saids()).find((one) => one.id === id)
  if (!item || item.files.some(({ state }) => state === 'waiting')) return
  const bad = item.files.find(({ state }) => state === 'refused')
  await change(id, bad ? { refused: { code: 'files', words: bad.words ?? { zh: '', en: '' }, details: {} } } : { done: true })
}

/** Does one part of something; a refusal is that one's, a line that breaks is everybody's. */
async function tried(item: Said, part: () => Promise<void>, told: Told): Promise<void> {
  try {
    await part()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await stopped(item, error)
  }
  await told.changed()
}

const due = (item: Said, only: string) => (only ? item.id === only : goes(item) && item.next <= Date.now()) && !item.refused && !item.done

/** The words of all that waits, in the order in which they were said. */
async function allWords(told: Told, only = ''): Promise<void> {
  for (const kept of await saids()) {
    const item = due(kept, only) ? await broughtUp(kept) : undefined
    if (item && !item.receipt) await tried(item, () => sendWords(item, told), told)
  }
}

/** Sends words alone, now. Answers whether the line held. */
export async function sayNow(id: string, told: Told): Promise<boolean> {
  return held(() => allWords(told, id))
}

/** Sends what waits: all words, then one photo, then words that were said meanwhile, then the next. Answers whether the line held. */
export async function sendSaid(told: Told, only = ''): Promise<boolean> {
  return held(async () => {
    const seen = new Set<string>()
    for (;;) {
      await allWords(told, only)
      // One that the server did not take this time has its turn with the next run.
      const item = (await saids()).find((one) => one.receipt && due(one, only) && one.files.some(({ id, state }) => state === 'waiting' && !seen.has(id)))
      const file = item?.files.find(({ id, state }) => state === 'waiting' && !seen.has(id))
      if (!item || !file) return
      seen.add(file.id)
      await tried(item, () => sendFile(item, file, told), told)
      await closed(item.id)
      await told.changed()
    }
  })
}

async function held(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof Unreachable) return false
    throw error
  }
}
