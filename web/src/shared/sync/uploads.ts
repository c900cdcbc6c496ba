import { Unreachable } from '@/api/refusal'
import { read, transact } from '@/shared/drafts/shelf'

import { ask, type Line } from './line'
import { type Bytes, bytes } from './operations'

/** Small enough that a broken line costs little, large enough that a good one is used. */
const chunk = 192_000
const door = '/api/v1/uploads'
const protocol = { 'Tus-Resumable': '1.0.0' }

type Heard = (sha256: string, share: number) => void

async function change(sha256: string, news: Partial<Bytes>): Promise<void> {
  await transact(['blobs'], async (shelf) => {
    const known = await shelf.get<Bytes>('blobs', sha256)
    if (known) await shelf.put('blobs', sha256, { ...known, ...news })
  })
}

/** Where the server wants the next byte; begins the upload when it does not know it. -1: refused for good. */
async function begin(line: Line, photo: Bytes): Promise<{ location: string; offset: number }> {
  if (photo.location) {
    const known = await ask(line, 'HEAD', photo.location, { headers: protocol })
    const offset = Number(known.headers.get('Upload-Offset') ?? NaN)
    if (known.status < 300 && Number.isFinite(offset)) return { location: photo.location, offset }
    if (known.status === 401) throw new Unreachable()
  }
  const made = await ask(line, 'POST', door, {
    headers: { ...protocol, 'Upload-Length': String(photo.blob.size), 'Upload-Metadata': `sha256 ${btoa(photo.sha256)},purpose ${btoa(photo.purpose)}` },
  })
  if (made.refusal) return await refused(photo, made.refusal)
  const location = new URL(made.headers.get('Location') ?? '', globalThis.location.origin).pathname
  await change(photo.sha256, { location })
  return { location, offset: Number(made.headers.get('Upload-Offset') ?? 0) }
}

async function refused(photo: Bytes, refusal: NonNullable<Awaited<ReturnType<typeof ask>>['refusal']>): Promise<never> {
  if ([413, 415, 422].includes(refusal.status)) await change(photo.sha256, { state: 'refused', words: { ...refusal.words } })
  throw refusal
}

/** Sends one file piece by piece, going on where the line broke; `heard` is told the share that has arrived. */
async function uploadOne(line: Line, photo: Bytes, heard: Heard): Promise<void> {
  let { location, offset } = await begin(line, photo)
  const { size } = photo.blob
  for (let strange = 0; offset < size;) {
    heard(photo.sha256, offset / size)
    const sent = await ask(line, 'PATCH', location, {
      bytes: photo.blob.slice(offset, offset + chunk),
      headers: { ...protocol, 'Upload-Offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    })
    if (sent.refusal && [404, 409, 410, 423].includes(sent.status) && strange < 3) {
      strange += 1
      ;({ location, offset } = await begin(line, { ...photo, location }))
    } else if (sent.refusal) await refused(photo, sent.refusal)
    else offset = Number(sent.headers.get('Upload-Offset') ?? offset + chunk)
  }
  await change(photo.sha256, { state: 'sent', offset: size })
  heard(photo.sha256, 1)
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
