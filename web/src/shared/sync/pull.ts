import { Unreachable } from '@/api/refusal'
import { all, transact } from '@/shared/drafts/shelf'
import { newId } from '@/shared/ids/newId'
import { forgetLent } from '@/shared/session/lastSeen'

import { ask, type Line } from './line'
import { type Holding, stand, standing } from './operations'
import { clockAhead, halt } from './push'

/** A record that this phone may hold, as the server told it last. */
export interface Row<T = unknown> { key: string; order: number; collection: string; id: string; data: T; epoch: string }
interface Page {
  cursor: string
  anew: boolean
  more: boolean
  log: string
  server_time: string
  hold_until: string
  changed: { collection: string; id: string; data: unknown }[]
  gone: { collection: string; id: string }[]
  holds: Holding[]
}

const pageSize = 200
const mostPages = 200

async function nextPage(line: Line, cursor: string): Promise<Page> {
  const query = new URLSearchParams({ device: line.device, limit: String(pageSize), ...(cursor && { cursor }) })
  const answer = await ask(line, 'GET', `/api/v1/sync?${query.toString()}`)
  if (answer.refusal) {
    await halt(answer.refusal)
    throw answer.refusal
  }
  return answer.body as Page
}

/** Puts a page away whole, with its cursor; a page that begins anew marks what it has not confirmed yet. */
async function keepPage(page: Page, began: number, ended: number): Promise<void> {
  await transact(['rows', 'meta'], async (shelf) => {
    const before = await standing(shelf)
    const epoch = page.anew ? before.epoch || newId() : ''
    for (const { collection, id, data } of page.changed) {
      const key = `${collection}/${id}`
      await shelf.put('rows', key, { key, order: 0, collection, id, data, epoch } satisfies Row)
    }
    for (const { collection, id } of page.gone) await shelf.drop('rows', `${collection}/${id}`)
    if (page.anew && !page.more) {
      for (const row of await shelf.all<Row>('rows')) if (row.epoch !== epoch) await shelf.drop('rows', row.key)
    }
    const ahead = clockAhead(page.server_time, began, ended)
    await stand(shelf, {
      cursor: page.cursor, hold_until: page.hold_until, holds: page.holds, pulled_at: ended, stop: '',
      epoch: page.more ? epoch : '', ...(!before.log && { log: page.log }), ...(ahead !== null && { clock_ahead: ahead }),
    })
  })
}

/** Fetches what has changed for this person since the last time, page by page. */
export async function pull(line: Line): Promise<void> {
  for (let page = 0; page < mostPages; page += 1) {
    const { cursor } = await transact(['meta'], standing)
    const began = Date.now()
    const found = await nextPage(line, cursor)
    if (!Array.isArray(found?.changed)) throw new Unreachable()
    await keepPage(found, began, Date.now())
    if (!found.more) return
  }
}

export async function rows<T>(collection: string): Promise<Row<T>[]> {
  return (await all<Row<T>>('rows')).filter((row) => row.collection === collection)
}

/** Removes everything that was pulled, and the lists that pages kept of it; what waits to be sent stays. */
export function emptyRows(): Promise<void> {
  forgetLent()
  return transact(['rows', 'meta'], async (shelf) => {
    await shelf.empty('rows')
    await stand(shelf, { cursor: '', holds: [], pulled_at: 0, epoch: '' })
  })
}

/**
 * After long silence the phone gives up what it was lent; the day is the server's, so its own clock is put right first:
 * one that runs a fortnight ahead would be empty whenever it has no line. Answers whether it did.
 */
export async function expire(now: number): Promise<boolean> {
  const { hold_until, pulled_at, clock_ahead } = await transact(['meta'], standing)
  if (!pulled_at || !hold_until || Date.parse(hold_until) > now - (clock_ahead ?? 0) * 1000) return false
  await emptyRows()
  return true
}
