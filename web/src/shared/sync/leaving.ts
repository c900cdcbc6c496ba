import { shelfOf, shelfOwner, type Store, transact } from '@/shared/drafts/shelf'
import { owner } from '@/shared/session/owner'

import { exchange } from './exchange'
import { line, loadOutbox, toSend } from './outbox'

/** What belongs to the device and not to the post of whoever worked with it. */
const stays = new Set(['wg.language', 'wg.brand', 'wg.elder', 'wg.matters', 'wg.device', 'wg.install', 'wg.me'])
/** Residents' own lists on a shared phone: they are nobody's post. */
const others = 'wg.matters.'
const everything: Store[] = ['photos', 'outbox', 'receipts', 'blobs', 'rows', 'meta', 'reports']
const othersDraft = /^wg\.draft\.([0-9a-f]{8}-[0-9a-f-]{27})\./

/** Removes this account's work from the device: what waits, photos, drafts, what was seen last. Another account's stays. */
export async function emptyDevice(): Promise<void> {
  await transact(everything, async (shelf) => { for (const store of everything) await shelf.empty(store) })
  await loadOutbox()
  try {
    for (const key of Object.keys(localStorage)) {
      const whose = othersDraft.exec(key)?.[1]
      if (key.startsWith('wg.') && !key.startsWith(others) && !stays.has(key) && (!whose || whose === shelfOwner())) localStorage.removeItem(key)
    }
  } catch {
    // Nothing was kept.
  }
}

type Exchange = typeof exchange

/** The door is shut to him for good; one that is asked too often, or speaks a newer tongue, opens again. */
const shut = new Set([401, 403, 423])

/** What was found before the end is still delivered as his; answers whether nothing waits for a line any more. */
async function deliver(send: Exchange): Promise<boolean> {
  const { refusal } = await send(line(), { share: () => undefined, changed: loadOutbox }, false)
  await loadOutbox()
  return (refusal !== undefined && shut.has(refusal.status)) || toSend.value === 0
}

let going: Promise<boolean> | null = null

/** The post has ended: deliver what was found, empty the device, and say so. False: later, when there is a line. */
export function leave(delivers: boolean, send: Exchange = exchange): Promise<boolean> {
  going ??= (async () => {
    if (!shelfOwner()) shelfOf(owner()?.account.id ?? '')
    await loadOutbox()
    if (delivers && !(await deliver(send))) return false
    await emptyDevice()
    await fetch('/api/v1/session', { method: 'DELETE' }).catch(() => undefined)
    return true
  })().finally(() => { going = null })
  return going
}
