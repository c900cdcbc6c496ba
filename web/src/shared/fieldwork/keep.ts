import { sendKept } from '@/api/client'
import { Unreachable } from '@/api/refusal'
import { keepForLater } from '@/shared/sync/outbox'

export type How = 'sent' | 'kept'

/** Sends a record of the field; where there is no line it stays on the phone and goes later. Its id makes a repeat harmless. */
export async function sendOrKeep(id: string, path: string, body: Record<string, unknown>, label: string): Promise<How> {
  try {
    await sendKept(path, body)
    return 'sent'
  } catch (caught) {
    if (!(caught instanceof Unreachable)) throw caught
    await keepForLater({ id, path, body, attached: [], label })
    return 'kept'
  }
}
