import { sendKept } from '@/api/client'
import { all, drop } from '@/shared/drafts/shelf'
import { upload } from '@/shared/photo/upload'

import { flush, loadOutbox, toSend } from './outbox'

/** What belongs to the device and not to the post of whoever worked with it. */
const stays = new Set(['wg.language', 'wg.brand', 'wg.elder', 'wg.matters', 'wg.device'])
const reports = '/api/v1/cases'
const found = '/api/v1/session/found'

/** What was found before the end is still delivered as his; answers whether nothing waits any more. */
async function deliver(post: typeof sendKept, send: typeof upload): Promise<boolean> {
  await flush((path, body) => post(path === reports ? found : path, body), send)
  return toSend.value === 0
}

/** Removes the work data from this device: what waits, photos, drafts, what was seen last. */
export async function emptyDevice(): Promise<void> {
  for (const store of ['outbox', 'photos'] as const) {
    for (const { id } of await all<{ id: string; order: number }>(store)) await drop(store, id)
  }
  await loadOutbox()
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('wg.') && !stays.has(key)) localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

let going: Promise<boolean> | null = null

/** The post has ended: deliver what was found, empty the device, and say so. False: later, when there is a line. */
export function leave(delivers: boolean, post: typeof sendKept = sendKept, send: typeof upload = upload): Promise<boolean> {
  going ??= (async () => {
    if (delivers && !(await deliver(post, send))) return false
    await emptyDevice()
    await fetch('/api/v1/session', { method: 'DELETE' }).catch(() => undefined)
    return true
  })().finally(() => { going = null })
  return going
}
