import { Unreachable } from '@/api/refusal'
import { read, shelfOf } from '@/shared/drafts/shelf'
import { exchange } from '@/shared/sync/exchange'
import { saids, sendSaid } from '@/shared/said/said'
import type { Line } from '@/shared/sync/line'

interface Who { account: { id: string }; csrf: string }

/**
 * Sends what the signed-in person left on this phone. A window that does the same does no harm: ids make a
 * repeat harmless. Throws when nothing could be sent, so that the browser tries again by itself.
 */
export async function sendInBackground(): Promise<void> {
  const answer = await fetch('/api/v1/me').catch(() => { throw new Unreachable() })
  if (answer.status >= 500) throw new Unreachable()
  if (!answer.ok) return
  const { account, csrf } = (await answer.json()) as Who
  shelfOf(account.id)
  const device = await read<string>('meta', 'device')
  if (!device) return
  const line: Line = { account: account.id, device, token: () => ({ 'X-CSRF-Token': csrf }) }
  const { ended } = await exchange(line, { share: () => undefined, changed: async () => undefined }, false)
  if (ended === 'unreachable') throw new Unreachable()
}

/** Sends what was said on this phone without an account of the staff, whoever's list it stands in. */
export async function saySaidInBackground(): Promise<void> {
  const stores = (await indexedDB.databases?.()) ?? [{ name: 'wangge' }]
  for (const { name } of stores) {
    const whose = /^wangge(?:-(.+))?$/.exec(name ?? '')
    if (!whose) continue
    shelfOf(whose[1] ?? '')
    const nobodyLooks = { changed: async () => undefined, share: () => undefined, arrived: () => undefined }
    if ((await saids()).length && !(await sendSaid(nobodyLooks))) throw new Unreachable()
  }
}
