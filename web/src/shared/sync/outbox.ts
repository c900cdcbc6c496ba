import { computed, ref } from 'vue'

import { sendKept } from '@/api/client'
import { Refusal } from '@/api/refusal'
import type { Words } from '@/api/shapes'
import { all, drop, keep, nextOrder } from '@/shared/drafts/shelf'
import { upload } from '@/shared/photo/upload'

/** Photos of a draft that belong to a waiting item, and the list in its body that names them. */
export interface Attached { draft: string; into: 'files' | 'self_handle.files' }

/** A write that could not be sent: kept on the device until the server has it. Its id makes a repeat harmless. */
export interface Waiting {
  id: string
  order: number
  path: string
  body: Record<string, unknown>
  attached: Attached[]
  label: string
  refused: Words | null
}

interface KeptPhoto { id: string; draft: string; order: number; url: string; name: string; purpose: string; blob: Blob; sent: boolean }

export const waiting = ref<Waiting[]>([])
export const sending = ref(false)
/** What still will be sent by itself; refused items wait for a person. */
export const toSend = computed(() => waiting.value.filter((item) => !item.refused).length)

export async function loadOutbox(): Promise<void> {
  waiting.value = await all<Waiting>('outbox')
}

/** Keeps a write for later. Answers whether it will survive the app being closed. */
export async function keepForLater(item: Omit<Waiting, 'order' | 'refused'>): Promise<boolean> {
  const kept: Waiting = { ...item, order: nextOrder(), refused: null }
  const lasting = await keep('outbox', kept.id, kept)
  await loadOutbox()
  return lasting
}

export async function discard(id: string): Promise<void> {
  const item = waiting.value.find((known) => known.id === id)
  await drop('outbox', id)
  for (const { draft } of item?.attached ?? []) await dropPhotos(draft)
  await loadOutbox()
}

async function photosOf(draft: string): Promise<KeptPhoto[]> {
  return (await all<KeptPhoto>('photos')).filter((photo) => photo.draft === draft)
}
async function dropPhotos(draft: string): Promise<void> {
  for (const photo of await photosOf(draft)) await drop('photos', photo.id)
}

/** The ids of a draft's photos, after those the server lacks were sent; a photo it refuses is left out. */
async function sendPhotos(draft: string, send: typeof upload): Promise<string[]> {
  const ids: string[] = []
  for (const photo of await photosOf(draft)) {
    try {
      if (!photo.sent) await send(photo.url, photo, () => undefined)
      ids.push(photo.id)
    } catch (error) {
      if (!(error instanceof Refusal) || isPassing(error)) throw error
    }
  }
  return ids
}

/** Refusals that a later try may overcome. */
export function isPassing(error: Refusal): boolean {
  return error.status >= 500 || error.status === 429 || error.status === 401
}

function withFiles(item: Waiting, into: Attached['into'], ids: string[]): Record<string, unknown> {
  if (into === 'files') return { ...item.body, files: ids }
  return { ...item.body, self_handle: { ...(item.body.self_handle as object), files: ids } }
}

async function sendOne(item: Waiting, post: typeof sendKept, send: typeof upload): Promise<void> {
  let body = item.body
  for (const { draft, into } of item.attached) body = withFiles({ ...item, body }, into, await sendPhotos(draft, send))
  await post(item.path, body)
}

/** Sends what waits, oldest first; stops when the server is out of reach, passes over what it refuses. */
export async function flush(post: typeof sendKept = sendKept, send: typeof upload = upload): Promise<number> {
  if (sending.value) return 0
  sending.value = true
  let done = 0
  try {
    await loadOutbox()
    for (const item of waiting.value.filter((each) => !each.refused)) {
      try {
        await sendOne(item, post, send)
      } catch (error) {
        if (!(error instanceof Refusal) || isPassing(error)) break
        await keep('outbox', item.id, { ...item, body: { ...item.body }, attached: [...item.attached], refused: { ...error.words } })
        continue
      }
      done += 1
      await discard(item.id)
    }
  } finally {
    sending.value = false
    await loadOutbox()
  }
  return done
}
