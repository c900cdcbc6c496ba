import type { Words } from '@/api/shapes'
import { all, nextOrder, type Shelf, transact } from '@/shared/drafts/shelf'
import { newId } from '@/shared/ids/newId'

/** One thing that a person did, as docs/sync.md sends it. */
export interface Operation {
  id: string
  v: 1
  kind: string
  record: string
  seq: number
  made_at: string
  found_at: string | null
  done_at: string | null
  clock_ahead: number | null
  based_on: Record<string, unknown> | null
  payload: Record<string, unknown>
}
export interface PhotoRef { sha256: string; purpose: string }

export type ReceiptState = 'applied' | 'repeated' | 'merged' | 'conflict' | 'proposal' | 'refused' | 'later'
export interface Receipt {
  id: string
  record: string
  kind: string
  seq: number
  state: ReceiptState
  code: string
  message: Words | null
  details: Record<string, unknown>
  result: { number?: string; awaits?: string[] } & Record<string, unknown>
  received_at: string
  again: boolean
  signature?: string
}

/** An operation that waits on the device; a refused one waits for its person. */
export interface Waiting {
  id: string
  order: number
  label: string
  operation: Operation
  refused: Pick<Receipt, 'code' | 'message' | 'details'> | null
  /** What the server said when it could not decide yet. */
  later: string
  tries: number
  next: number
  /** How often the server broke over it; at `mostBreaks` it is left to its person. */
  broke?: number
  /** He has told the administrator of it. */
  told?: boolean
}

/** So often the server may break over one, with gaps that grow to an hour, before it stays here. */
export const mostBreaks = 8
export const isStuck = (item: Pick<Waiting, 'broke'>): boolean => (item.broke ?? 0) >= mostBreaks
/** What the server has decided; kept three days, with the operation, should the server be put back. */
export interface Settled { id: string; order: number; label: string; at: number; operation: Operation; receipt: Receipt }
/** The bytes of a photo or a recording, known by their hash. */
export interface Bytes {
  sha256: string
  order: number
  record: string
  name: string
  purpose: string
  size: number
  blob: Blob
  state: 'idle' | 'wanted' | 'sent' | 'refused'
  location: string
  offset: number
  words: Words | null
}
/** What the phone learnt last about the server and its own clock. */
export interface Standing {
  cursor: string
  log: string
  clock_ahead: number | null
  hold_until: string
  holds: Holding[]
  pulled_at: number
  epoch: string
  stop: '' | 'too_old' | 'too_new' | 'locked' | 'another' | 'sign_in'
}
export interface Holding extends Words { collection: string; count: number }

export const blankStanding = (): Standing =>
  ({ cursor: '', log: '', clock_ahead: null, hold_until: '', holds: [], pulled_at: 0, epoch: '', stop: '' })

export async function standing(shelf: Shelf): Promise<Standing> {
  return { ...blankStanding(), ...(await shelf.get<Partial<Standing>>('meta', 'standing')) }
}
export async function stand(shelf: Shelf, news: Partial<Standing>): Promise<Standing> {
  const now = { ...(await standing(shelf)), ...news }
  await shelf.put('meta', 'standing', now)
  return now
}

const shelf = 'wg.install'
let install = ''

/** The id of this installation of the app; it names nobody. */
export function installation(): string {
  try {
    install ||= localStorage.getItem(shelf) ?? newId()
    localStorage.setItem(shelf, install)
  } catch {
    install ||= newId()
  }
  return install
}

export interface Typed {
  kind: string
  record: string
  label: string
  payload: Record<string, unknown>
  photos?: (Pick<Bytes, 'sha256' | 'name' | 'purpose' | 'blob'> & { draft: string })[]
  based_on?: Operation['based_on']
  found_at?: string | null
  done_at?: string | null
  id?: string
}

async function writeOne(tx: Shelf, typed: Typed, clock_ahead: number | null): Promise<Waiting> {
  const { kind, record, payload, label, photos = [] } = typed
  const seq = ((await tx.get<number>('meta', `seq/${record}`)) ?? 0) + 1
  const id = typed.id ?? newId()
  const operation: Operation = {
    id, v: 1, kind, record, seq, made_at: new Date().toISOString(), found_at: typed.found_at ?? null,
    done_at: typed.done_at ?? null, clock_ahead, based_on: typed.based_on ?? null,
    // A plain copy: what a form is still bound to cannot be kept.
    payload: JSON.parse(JSON.stringify(payload)) as Record<string, unknown>,
  }
  const kept: Waiting = { id, order: nextOrder(), label, operation, refused: null, later: '', tries: 0, next: 0 }
  await tx.put('outbox', id, kept)
  await tx.put('meta', `seq/${record}`, seq)
  for (const { draft, ...photo } of photos) {
    const known = await tx.get<Bytes>('blobs', photo.sha256)
    const { size } = photo.blob
    if (!known) await tx.put('blobs', photo.sha256, { ...photo, size, order: nextOrder(), record, state: 'idle', location: '', offset: 0, words: null } satisfies Bytes)
    await tx.drop('photos', draft)
  }
  return kept
}

/** Keeps what a person did, with its photos, in one transaction. Throws NoRoom; then all stands as before. */
export function write(...typed: Typed[]): Promise<Waiting[]> {
  return transact(['outbox', 'blobs', 'photos', 'meta'], async (tx) => {
    const { clock_ahead } = await standing(tx)
    // The service worker has no other place to learn it from.
    await tx.put('meta', 'device', installation())
    const kept: Waiting[] = []
    for (const one of typed) kept.push(await writeOne(tx, one, clock_ahead))
    return kept
  })
}

/** The photos that an operation names. */
export function photosOf({ payload }: Operation): PhotoRef[] {
  return (payload.photos as PhotoRef[] | undefined) ?? []
}

/** Takes one back before the server has it: its number is free again, its photos go unless another names them. */
export function takeBack(id: string): Promise<void> {
  return transact(['outbox', 'receipts', 'blobs', 'meta'], async (tx) => {
    const gone = await tx.get<Waiting>('outbox', id)
    if (!gone) return
    await tx.drop('outbox', id)
    const { record, seq } = gone.operation
    if ((await tx.get<number>('meta', `seq/${record}`)) === seq) await tx.put('meta', `seq/${record}`, seq - 1)
    const rest = [...(await tx.all<Waiting>('outbox')), ...(await tx.all<Settled>('receipts'))]
    const named = new Set(rest.flatMap(({ operation }) => photosOf(operation).map((photo) => photo.sha256)))
    for (const { sha256 } of photosOf(gone.operation)) if (!named.has(sha256)) await tx.drop('blobs', sha256)
  })
}

export const outbox = (): Promise<Waiting[]> => all<Waiting>('outbox')
export const receipts = (): Promise<Settled[]> => all<Settled>('receipts')
export const bytes = (): Promise<Bytes[]> => all<Bytes>('blobs')
