import type { WireRefusal, Words } from './shapes'

/** The server said no, in its own words; `code` is stable, the sentence is for the person. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly words: Words,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
    readonly requestId: string = '',
  ) {
    super(words.en || code)
    this.name = 'Refusal'
  }
}

/** No answer came at all: no network, or the server is down. Nothing was decided. */
export class Unreachable extends Error {
  override readonly name: string = 'Unreachable'
}

/** The server broke over what was sent: it may break over it again, and perhaps over nothing else. */
export class Broke extends Unreachable {
  override readonly name = 'Broke'
}

let onLeft: (delivers: boolean) => void = () => undefined

/** Called when the server says that this device's owner holds no post any more. */
export function whenLeft(react: (delivers: boolean) => void): void {
  onLeft = react
}

/** Reads a refusal from an answer's body; a body that is not ours (a proxy's page) still yields one. */
export function refusalOf(body: unknown, response: Response): Refusal {
  const requestId = response.headers.get('x-request-id') ?? ''
  if (typeof body === 'object' && body !== null && 'code' in body) {
    const wire = body as Partial<WireRefusal>
    if (wire.code === 'left_service') onLeft(wire.details?.delivers === true)
    return new Refusal(
      wire.code ?? 'unknown', wire.message ?? { zh: '', en: '' }, response.status,
      wire.details ?? {}, wire.request_id ?? requestId,
    )
  }
  return new Refusal('unknown', { zh: '', en: '' }, response.status, {}, requestId)
}
