import { Refusal, Unreachable } from '@/api/refusal'
import { read, transact } from '@/shared/drafts/shelf'

import type { Line } from './line'
import { type Bytes, bytes } from './operations'
import { isFinal, sendPieces } from './pieces'

type Heard = (sha256: string, share: number) => void

async function change(sha256: string, news: Partial<Bytes>): Promise<void> {
  await transact(['blobs'], async (shelf) => {
    const known = await shelf.get<Bytes>('blobs', sha256)
    if (known) await shelf.put('blobs', sha256, { ...known, ...news })
  })
}

async function uploadOne(line: Line, photo: Bytes, heard: Heard): Promise<void> {
  const { sha256 } = photo
  const way = { line, door: '/api/v1/uploads' as const, began: (location: string) => change(sha256, { location }), heard: (share: number) => heard(sha256, share) }
  try {
    await sendPieces(way, photo)
    await change(sha256, { state: 'sent', offset: photo.blob.size })
  } catch (error) {
    if (error instanceof Refusal && isFinal(error)) await change(sha256, { state: 'refused', words: { ...error.words } })
    throw error
  }
}

/** Sends the oldest that the server waits for; words typed meanwhile may go before the next. Answers how many arrived. */
export async function uploadNext(line: Line, heard: Heard): Promise<number> {
  for (const { sha256 } of (await bytes()).filter((photo) => photo.state === 'wanted')) {
    const photo = await read<Bytes>('blobs', sha256)
    if (photo?.state !== 'wanted') continue
    try {
      await uploadOne(line, photo, heard)
      return 1
    } catch (error) {
      if (error instanceof Unreachable) throw error
    }
  }
  return 0
}
