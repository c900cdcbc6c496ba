import { computed, onScopeDispose, ref } from 'vue'

import { all, drop, nextOrder, transact } from '@/shared/drafts/shelf'
import { newId } from '@/shared/ids/newId'

import { sha256 } from './sha256'
import { bare } from './shrink'
import { kindOf, type MediaKind, type Photo, type Picker } from './usePhotos'
import type { Purpose } from './upload'

/** A photo on the shelf of a draft, ready to go with the operation that names it. */
export interface Shelved { id: string; draft: string; order: number; name: string; purpose: Purpose; kind: MediaKind; sha256: string; blob: Blob }

/**
 * Photos, voice and video of one draft that go with an operation or a report: drawn small and bare, hashed and kept on
 * the phone at once; the words are sent first, these after them. Throws nothing away when there is no room.
 */
export function useKeptPhotos({ purpose, draft, most = 9 }: { purpose: Purpose; draft: string; most?: number }) {
  const photos = ref<Photo[]>([])
  const blobs = new Map<string, Shelved>()
  const trouble = ref<unknown>(null)
  const working = ref(0)

  function show(kept: Shelved): void {
    if (blobs.has(kept.id)) return
    blobs.set(kept.id, kept)
    const { id, name, kind, order } = kept
    photos.value.push({ id, draft, name, purpose, url: '', kind, order, state: 'kept', share: 0, error: null, preview: URL.createObjectURL(kept.blob) })
  }

  async function addOne(file: File): Promise<void> {
    const blob = await bare(file)
    const hash = await sha256(blob)
    if ([...blobs.values()].some((known) => known.sha256 === hash)) return
    const kept: Shelved = { id: newId(), draft, order: nextOrder(), name: file.name || 'file', purpose, kind: kindOf(file.type), sha256: hash, blob }
    show(kept)
    await transact(['photos'], (shelf) => shelf.put('photos', kept.id, kept))
  }

  async function add(files: Iterable<File>): Promise<void> {
    working.value += 1
    trouble.value = null
    try {
      for (const file of [...files].slice(0, most - photos.value.length)) await addOne(file)
    } catch (error) {
      // It stays in sight and goes along if it is sent before the page is closed.
      trouble.value = error
    } finally {
      working.value -= 1
    }
  }

  async function remove(id: string): Promise<void> {
    const gone = photos.value.find((photo) => photo.id === id)
    if (!gone) return
    photos.value = photos.value.filter((photo) => photo.id !== id)
    blobs.delete(id)
    URL.revokeObjectURL(gone.preview)
    await drop('photos', id)
  }

  async function restore(): Promise<void> {
    const kept = (await all<Shelved>('photos')).filter((photo) => photo.draft === draft)
    for (const photo of kept) {
      if (!photo.sha256) {
        // An earlier release kept it without a hash.
        photo.sha256 = await sha256(photo.blob)
        await transact(['photos'], (shelf) => shelf.put('photos', photo.id, photo))
      }
      show(photo)
    }
  }

  const shelved = (): Shelved[] => photos.value.map(({ id }) => blobs.get(id)!)

  /** What an operation takes along; the shelf is emptied in the same transaction that keeps the operation. */
  const taken = () => shelved().map((photo) =>
    ({ sha256: photo.sha256, name: photo.name, purpose: photo.purpose, blob: photo.blob, draft: photo.id }))

  /** Forgets what went along with an operation. */
  function forget(): void {
    photos.value.forEach((photo) => URL.revokeObjectURL(photo.preview))
    photos.value = []
    blobs.clear()
  }

  async function clear(): Promise<void> {
    for (const photo of [...photos.value]) await remove(photo.id)
  }

  onScopeDispose(() => photos.value.forEach((photo) => URL.revokeObjectURL(photo.preview)))
  const picker: Picker = { photos, most, add, remove, restore, retry: async () => undefined }
  return { ...picker, shelved, taken, forget, clear, trouble, busy: computed(() => working.value > 0) }
}
