import { Refusal } from '@/api/refusal'
import { newId } from '@/shared/ids/newId'
import { ask } from '@/shared/sync/line'
import { discardReceipt, line } from '@/shared/sync/outbox'

export { type Conflict, shown } from '@/shared/conflicts/useFieldWords'
export interface Decision { choices?: Record<string, 'mine' | 'theirs'>; choice?: 'take' | 'drop'; note: string }

/** Decides one; who decided already and otherwise is told so. */
export async function decide(id: string, decision: Decision): Promise<void> {
  const { refusal } = await ask(line(), 'POST', `/api/v1/sync/conflicts/${id}`, { json: { id: newId(), ...decision } })
  if (refusal instanceof Refusal) throw refusal
  await discardReceipt(id)
}
