import { Broke, type Refusal, Unreachable } from '@/api/refusal'
import { type Shelf, transact } from '@/shared/drafts/shelf'

import { ask, type Line } from './line'
import { type Bytes, isStuck, outbox, photosOf, type Receipt, type Settled, stand, standing, type Standing, type Waiting } from './operations'

interface Answer { server_time: string; log: string; receipts: Receipt[] }

const most = 50
const mostBytes = 900_000
const first = 2_000
const longest = 300_000
const longestBroken = 3_600_000
const threeDays = 3 * 86_400_000
const stores = ['outbox', 'receipts', 'blobs', 'meta'] as const

/** What may go now, in the order in which it was typed; of a record only what nothing before it holds up. */
export function ready(kept: readonly Waiting[], now: number): Waiting[] {
  const held = new Set<string>()
  const inTurn = [...kept].sort((one, other) => one.order - other.order)
  const bySeq = [...kept].sort((one, other) => one.operation.seq - other.operation.seq)
  const free = new Set<string>()
  for (const item of bySeq) {
    const { record } = item.operation
    if (item.refused || isStuck(item) || item.next > now) held.add(record)
    else if (!held.has(record)) free.add(item.id)
  }
  const chosen: Waiting[] = []
  let size = 0
  for (const item of inTurn.filter(({ id }) => free.has(id))) {
    size += JSON.stringify(item.operation).length * 2
    if (chosen.length === most || (chosen.length && size > mostBytes)) break
    chosen.push(item)
  }
  return chosen
}

/** Counts anew from the number that the server awaits, when what bore it is no longer here. */
async function renumber(shelf: Shelf, record: string, expected: number): Promise<boolean> {
  const own = (await shelf.all<Waiting>('outbox')).filter(({ operation }) => operation.record === record)
    .sort((one, other) => one.operation.seq - other.operation.seq)
  if (own.some(({ operation }) => operation.seq === expected)) return false
  let seq = expected
  for (const item of own) {
    await shelf.put('outbox', item.id, { ...item, next: 0, operation: { ...item.operation, seq } })
    seq += 1
  }
  await shelf.put('meta', `seq/${record}`, seq - 1)
  return true
}

async function want(shelf: Shelf, hashes: readonly string[]): Promise<void> {
  for (const hash of hashes) {
    const known = await shelf.get<Bytes>('blobs', hash)
    if (known && known.state !== 'refused') await shelf.put('blobs', hash, { ...known, state: 'wanted' })
  }
}

/** The server broke over this one: it comes again after a gap that grows threefold, so often and no oftener. */
async function broke(shelf: Shelf, item: Waiting): Promise<void> {
  const times = (item.broke ?? 0) + 1
  const gap = Math.min(longestBroken, first * 3 ** times)
  await shelf.put('outbox', item.id, { ...item, later: 'broken', broke: times, next: Date.now() + gap })
}

/** One receipt's consequence for what waits. Answers whether anything moved. */
async function take(shelf: Shelf, item: Waiting, receipt: Receipt): Promise<boolean> {
  if (receipt.state === 'refused') {
    const { code, message, details } = receipt
    await shelf.put('outbox', item.id, { ...item, refused: { code, message, details }, later: '' })
    return true
  }
  if (receipt.state === 'later' && receipt.code === 'broken') {
    await broke(shelf, item)
    return false
  }
  if (receipt.state === 'later') {
    const pause = Math.min(longest, first * 2 ** item.tries)
    const atOnce = receipt.code === 'earlier_missing' || receipt.code === 'photo_needed'
    await shelf.put('outbox', item.id, { ...item, later: receipt.code, tries: item.tries + 1, next: Date.now() + (atOnce && item.tries < 3 ? 0 : pause) })
    if (receipt.code === 'earlier_missing') return renumber(shelf, item.operation.record, Number(receipt.details.expected))
    if (receipt.code === 'photo_needed') await want(shelf, (receipt.details.awaits as string[] | undefined) ?? [])
    return false
  }
  const settled: Settled = { id: item.id, order: item.order, label: item.label, at: Date.now(), operation: item.operation, receipt }
  await shelf.drop('outbox', item.id)
  await shelf.put('receipts', item.id, settled)
  await want(shelf, receipt.result.awaits ?? photosOf(item.operation).map((photo) => photo.sha256))
  return true
}

/** Receipts older than three days go, and with them the photos that arrived; after a restore they are sent again. */
async function keepBook(shelf: Shelf, before: Standing, { log, receipts }: Answer, now: number): Promise<void> {
  const restored = before.log !== '' && before.log !== log
  const fresh = new Set(receipts.map(({ id }) => id))
  const needed = new Set((await shelf.all<Waiting>('outbox')).flatMap(({ operation }) => photosOf(operation).map((photo) => photo.sha256)))
  for (const old of await shelf.all<Settled>('receipts')) {
    if (now - old.at > threeDays) await shelf.drop('receipts', old.id)
    else {
      for (const { sha256 } of photosOf(old.operation)) needed.add(sha256)
      if (!restored || fresh.has(old.id)) continue
      const { id, order, label, operation } = old
      await shelf.put('outbox', id, { id, order, label, operation, refused: null, later: '', tries: 0, next: 0 } satisfies Waiting)
      await shelf.drop('receipts', id)
    }
  }
  for (const photo of await shelf.all<Bytes>('blobs')) {
    if (photo.state === 'sent' && !needed.has(photo.sha256)) await shelf.drop('blobs', photo.sha256)
  }
}

export function stopOf(refusal: Refusal): Standing['stop'] {
  const known: Record<string, Standing['stop']> = { sync_too_old: 'too_old', sync_too_new: 'too_new', device_locked: 'locked', another_account: 'another' }
  return known[refusal.code] ?? (refusal.status === 401 ? 'sign_in' : '')
}

/** Notes why nothing goes to and fro, for the person to read; other failures are only tried again. */
export async function halt(refusal: Refusal): Promise<void> {
  const stop = stopOf(refusal)
  if (stop) await transact(['meta'], (shelf) => stand(shelf, { stop }))
}

async function send(line: Line, batch: Waiting[]): Promise<Answer> {
  const answer = await ask(line, 'POST', '/api/v1/sync', {
    json: { device: line.device, account: line.account, sent_at: new Date().toISOString(), operations: batch.map(({ operation }) => operation) },
  })
  if (!answer.refusal) return answer.body as Answer
  await halt(answer.refusal)
  throw answer.refusal
}

/** How far this clock runs ahead of the server's, in seconds; the way takes half of the time between. */
export function clockAhead(serverTime: string, began: number, ended: number): number | null {
  const there = Date.parse(serverTime)
  return Number.isFinite(there) ? Math.round((began + (ended - began) / 2 - there) / 1000) : null
}

/** Asks for a batch; where the server breaks over it, for each alone, so that one holds up no other. */
async function answered(line: Line, batch: Waiting[]): Promise<Answer | null> {
  try {
    return await send(line, batch)
  } catch (error) {
    if (!(error instanceof Broke)) throw error
  }
  const alone: Answer[] = []
  const bad: Waiting[] = []
  for (const item of batch.length > 1 ? batch : []) {
    try {
      alone.push(await send(line, [item]))
    } catch (error) {
      if (!(error instanceof Broke)) throw error
      bad.push(item)
    }
  }
  // All of several broke: then it is the server, and none of them is to blame.
  if (batch.length > 1 && !alone.length) throw new Unreachable()
  await transact(['outbox'], async (shelf) => { for (const item of batch.length > 1 ? bad : batch) await broke(shelf, item) })
  const last = alone.at(-1)
  return last ? { ...last, receipts: alone.flatMap(({ receipts }) => receipts) } : null
}

/** Sends one batch and puts each receipt away; answers how many left the device. Throws when nothing can go now. */
export async function pushOnce(line: Line): Promise<{ sent: number; moved: number }> {
  const batch = ready(await outbox(), Date.now())
  if (!batch.length) return { sent: 0, moved: 0 }
  const began = Date.now()
  const answer = await answered(line, batch)
  if (!answer) return { sent: batch.length, moved: 0 }
  const ended = Date.now()
  if (!Array.isArray(answer.receipts)) throw new Unreachable()
  return transact(stores, async (shelf) => {
    let moved = 0
    for (const receipt of answer.receipts) {
      const item = await shelf.get<Waiting>('outbox', receipt.id)
      if (item && (await take(shelf, item, receipt))) moved += 1
    }
    await keepBook(shelf, await standing(shelf), answer, ended)
    const ahead = clockAhead(answer.server_time, began, ended)
    await stand(shelf, { log: answer.log, stop: '', ...(ahead !== null && { clock_ahead: ahead }) })
    return { sent: batch.length, moved }
  })
}
