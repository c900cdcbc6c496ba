import { type Refusal, Unreachable } from '@/api/refusal'

import { ask, type Line } from './line'

/** A file that goes in pieces; `location` is where the server keeps what has come of it, once it was begun. */
export interface Pieces { sha256: string; purpose: string; blob: Blob; location: string }
/** To which door, as who, and who hears of it. */
export interface Way {
  line: Pick<Line, 'token'>
  door: '/api/v1/uploads' | '/api/v1/public/uploads'
  began(location: string): Promise<void>
  heard(share: number): void
}

/** Small enough that a broken line costs little, large enough that a good one is used. */
const chunk = 192_000
const protocol = { 'Tus-Resumable': '1.0.0' }

/** The server will not have this file, whatever is tried. */
export const isFinal = ({ status, code }: Refusal): boolean => [413, 415, 422].includes(status) || code === 'upload_not_awaited'

/** Where the server wants the next byte; begins the upload when it does not know it. */
async function begin({ line, door, began }: Way, file: Pieces): Promise<{ location: string; offset: number }> {
  if (file.location) {
    const known = await ask(line, 'HEAD', file.location, { headers: protocol })
    const offset = Number(known.headers.get('Upload-Offset') ?? NaN)
    if (known.status < 300 && Number.isFinite(offset)) return { location: file.location, offset }
    if (known.status === 401) throw new Unreachable()
  }
  const made = await ask(line, 'POST', door, {
    headers: { ...protocol, 'Upload-Length': String(file.blob.size), 'Upload-Metadata': `sha256 ${btoa(file.sha256)},purpose ${btoa(file.purpose)}` },
  })
  if (made.refusal) throw made.refusal
  const location = new URL(made.headers.get('Location') ?? '', globalThis.location.origin).pathname
  await began(location)
  return { location, offset: Number(made.headers.get('Upload-Offset') ?? 0) }
}

/** Sends one file piece by piece, going on where the line broke. Throws Unreachable, or the refusal. */
export async function sendPieces(way: Way, file: Pieces): Promise<void> {
  let { location, offset } = await begin(way, file)
  const { size } = file.blob
  for (let strange = 0; offset < size;) {
    way.heard(offset / size)
    const sent = await ask(way.line, 'PATCH', location, {
      bytes: file.blob.slice(offset, offset + chunk),
      headers: { ...protocol, 'Upload-Offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    })
    if (sent.refusal && [404, 409, 410, 423].includes(sent.status) && strange < 3) {
      strange += 1
      ;({ location, offset } = await begin(way, { ...file, location }))
    } else if (sent.refusal) throw sent.refusal
    else offset = Number(sent.headers.get('Upload-Offset') ?? offset + chunk)
  }
  way.heard(1)
}
