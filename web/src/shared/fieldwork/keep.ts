import type { Receipt, Typed } from '@/shared/sync/operations'
import { hold, tell } from '@/shared/sync/outbox'

export type Kept = { how: 'kept' } | { how: 'sent'; result: Receipt['result']; state: Receipt['state']; message: Receipt['message'] }
type Record = Pick<Typed, 'kind' | 'record' | 'label' | 'id' | 'done_at' | 'photos'> & { payload: object }

/** Keeps a record of the field on the phone, says so, and sends it when there is a line. Throws the server's refusal. */
export async function sendOrKeep({ payload, ...typed }: Record, held: () => void = () => undefined): Promise<Kept> {
  const ids = await hold({ done_at: new Date().toISOString(), ...typed, payload: { ...payload } })
  held()
  const [outcome] = await tell(ids)
  if (outcome?.how === 'refused') throw outcome.refusal
  return outcome?.how === 'sent' ? { how: 'sent', result: outcome.receipt.result, state: outcome.receipt.state, message: outcome.receipt.message } : { how: 'kept' }
}
