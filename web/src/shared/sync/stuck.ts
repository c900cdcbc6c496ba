import { transact } from '@/shared/drafts/shelf'

import { ask } from './line'
import { mostBreaks, type Waiting } from './operations'
import { flush, line, loadOutbox, waiting } from './outbox'

/** Its person wants it tried once more, now. */
export async function tryAgain(id: string): Promise<void> {
  await transact(['outbox'], async (shelf) => {
    const item = await shelf.get<Waiting>('outbox', id)
    // One try: it is not to go round another eight times by itself.
    if (item) await shelf.put('outbox', id, { ...item, broke: mostBreaks - 1, next: 0 })
  })
  await loadOutbox()
  await flush(false)
}

/** The administrator hears of it, with what its person was doing; what was typed stays on the phone. */
export async function tellOf(id: string, words: string): Promise<void> {
  const item = waiting.value.find((one) => one.id === id)
  if (!item) return
  const json = { kind: item.operation.kind, tries: item.broke ?? 0, words }
  const { refusal } = await ask(line(), 'POST', `/api/v1/sync/breakages/${id}`, { json })
  if (refusal) throw refusal
  await transact(['outbox'], async (shelf) => {
    const kept = await shelf.get<Waiting>('outbox', id)
    if (kept) await shelf.put('outbox', id, { ...kept, told: true })
  })
  await loadOutbox()
}
