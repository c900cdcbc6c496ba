import { computed, onScopeDispose, type Ref, ref } from 'vue'

import { Refusal } from '@/api/refusal'
import { all, drop, keep, nextOrder } from '@/shared/drafts/shelf'
import { newId } from '@/shared/ids/newId'

import { shrink } from './shrink'
import { type Purpose, upload } from './upload'

export type PhotoState = 'kept' | 'waiting' | 'sending' | 'sent' | 'refused' | 'offline'
export type MediaKind = 'image' | 'audio' | 'video' | 'other'

export interface Photo {
  id: string
  draft: string
  name: string
  purpose: Purpose
  url: string
  kind: MediaKind
  state: PhotoState
  share: number
  error: unknown
  preview: string
  order: number
}
interface Kept extends Pick<Photo, 'id' | 'draft' | 'name' | 'purpose' | 'url' | 'kind' | 'order'> { blob: Blob; sent: boolean }

export interface PhotoOptions { url: string; purpose: Purpose; draft: string; most?: number; send?: typeof upload }

/** What the photo picker needs of whoever keeps the photos. */
export interface Picker {
  photos: Ref<Photo[]>
  most: number
  add(files: Iterable<File>): Promise<void>
  remove(id: string): Promise<void>
  restore(): Promise<void>
  retry(id?: string): Promise<void>
}

export function kindOf(type: string): MediaKind {
  const [head] = type.split('/')
  return head === 'image' || head === 'audio' || head === 'video' ? head : 'other'
}

/**
 * Photos, voice and video of one draft: kept on the device at once, sent one by one; a file that is
 * refused stays in sight with its reason and holds nobody up.
 */
export function usePhotos({ url, purpose, draft, most = 9, send = upload }: PhotoOptions) {
  const photos = ref<Photo[]>([])
  const blobs = new Map<string, Blob>()
  let running: Promise<void> | null = null

  function show(kept: Kept): void {
    blobs.set(kept.id, kept.blob)
    photos.value.push({
      id: kept.id, draft: kept.draft, name: kept.name, purpose: kept.purpose, url: kept.url, kind: kept.kind,
      order: kept.order,
      state: kept.sent ? 'sent' : 'waiting', share: kept.sent ? 1 : 0, error: null, preview: URL.createObjectURL(kept.blob),
    })
  }

  async function add(files: Iterable<File>): Promise<void> {
    for (const file of [...files].slice(0, most - photos.value.length)) {
      const blob = await shrink(file)
      const kept: Kept = { id: newId(), draft, name: file.name || 'file', purpose, url, kind: kindOf(file.type), order: nextOrder(), blob, sent: false }
      show(kept)
      await keep('photos', kept.id, kept)
    }
    await sendWaiting()
  }

  async function sendOne(photo: Photo): Promise<void> {
    const blob = blobs.get(photo.id)!
    Object.assign(photo, { state: 'sending', share: 0, error: null })
    try {
      await send(photo.url, { id: photo.id, blob, name: photo.name, purpose: photo.purpose }, (share) => { photo.share = share })
      Object.assign(photo, { state: 'sent', share: 1 })
      // Removed meanwhile: this form keeps it no more.
      if (!photos.value.some(({ id: mine }) => mine === photo.id)) return
      const { id, name, kind, order } = photo
      await keep('photos', id, { id, draft, name, purpose: photo.purpose, url: photo.url, kind, order, blob, sent: true } satisfies Kept)
    } catch (error) {
      const final = error instanceof Refusal && error.status < 500 && error.status !== 429
      Object.assign(photo, { state: final ? 'refused' : 'offline', error })
    }
  }

  async function work(): Promise<void> {
    for (;;) {
      const next = photos.value.find((photo) => photo.state === 'waiting')
      if (!next) return
      await sendOne(next)
    }
  }

  /** Sends what waits; ends when every file is sent, refused or out of reach. */
  async function sendWaiting(): Promise<void> {
    running ??= work().finally(() => { running = null })
    await running
  }

  async function retry(id?: string): Promise<void> {
    for (const photo of photos.value) {
      if (id ? photo.id === id : photo.state === 'offline') Object.assign(photo, { state: 'waiting' })
    }
    await sendWaiting()
  }

  async function remove(id: string): Promise<void> {
    const gone = photos.value.find((photo) => photo.id === id)
    if (!gone) return
    photos.value = photos.value.filter((photo) => photo.id !== id)
    URL.revokeObjectURL(gone.preview)
    await drop('photos', id)
  }

  /** Brings back the files of a draft that was left. */
  async function restore(): Promise<void> {
    const kept = await all<Kept>('photos')
    const here = new Set(photos.value.map((photo) => photo.id))
    kept.filter((photo) => photo.draft === draft && !here.has(photo.id)).forEach(show)
    await sendWaiting()
  }

  async function clear(): Promise<void> {
    for (const photo of [...photos.value]) await remove(photo.id)
  }

  const sentIds = computed(() => photos.value.filter((photo) => photo.state === 'sent').map((photo) => photo.id))
  const busy = computed(() => photos.value.some((photo) => photo.state === 'waiting' || photo.state === 'sending'))
  const unsent = computed(() => photos.value.filter((photo) => photo.state === 'offline' || photo.state === 'waiting').length)

  const online = () => void retry()
  window.addEventListener('online', online)
  onScopeDispose(() => {
    window.removeEventListener('online', online)
    photos.value.forEach((photo) => URL.revokeObjectURL(photo.preview))
  })
  return { photos, most, add, retry, remove, restore, clear, sendWaiting, sentIds, busy, unsent }
}
