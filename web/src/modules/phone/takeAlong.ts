import { read } from '@/shared/drafts/shelf'
import type { Bytes, Waiting } from '@/shared/sync/operations'

function give(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** All that was typed, as a file of this phone. */
export function saveWords({ operation, label }: Waiting): void {
  give(new Blob([JSON.stringify({ label, ...operation }, null, 2)], { type: 'application/json' }), `${operation.id}.json`)
}

/** The photos and recordings that belong to it. */
export async function savePhotos(hashes: readonly string[]): Promise<void> {
  for (const hash of hashes) {
    const photo = await read<Bytes>('blobs', hash)
    if (photo) give(photo.blob, photo.name)
  }
}
