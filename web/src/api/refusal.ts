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
  override readonly name = 'Unreachable'
}

/** Reads a refusal from an answer's body; a body that is not ours (a proxy's page) still yields one. */
export function refusalOf(body: unknown, response: Response): Refusal {
  const requestId = response.headers.get('x-request-id') ?? ''
  if (typeof body === 'object' && body !== null && 'code' in body) {
    const wire = body as Partial<WireRefusal>
    return new Refusal(
      wire.code ?? 'unknown', wire.message ?? { zh: '', en: '' }, response.status,
      wire.details ?? {}, wire.request_id ?? requestId,
    )
  }
  return new Refusal('unknown', { zh: '', en: '' }, response.status, {}, requestId)
}
