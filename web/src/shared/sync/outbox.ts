import { computed, reactive, ref, watch } from 'vue'

import { csrfHeader } from '@/api/client'
import { Refusal } from '@/api/refusal'
import { drop, shelfOwner, transact } from '@/shared/drafts/shelf'

import { exchange, type Exchanged } from './exchange'
import type { Line } from './line'
import {
  blankStanding, type Bytes, bytes, installation, isStuck, outbox, type Receipt, receipts, type Settled, standing, type Standing, takeBack,
  type Typed, type Waiting, write,
} from './operations'

/** What waits on this device, in the order in which it was typed. */
export const waiting = ref<Waiting[]>([])
export const settled = ref<Settled[]>([])
/** Photos that have not arrived yet although their words have. */
export const photos = ref<(Omit<Bytes, 'blob'> & { blob: null })[]>([])
export const shares = reactive<Record<string, number>>({})
export const now = ref<Standing>(blankStanding())
export const sending = ref(false)
/** Before the store was read nobody knows whether something waits. */
export const looked = ref(false)
/** What its person has to see to: refused, or the server always broke over it. */
export const left = computed(() => waiting.value.filter((item) => item.refused || isStuck(item)).length)
/** What still will be sent by itself; refused items wait for a person. */
export const toSend = computed(() => waiting.value.filter((item) => !item.refused && !isStuck(item)).length + photos.value.filter((photo) => photo.state === 'wanted').length)
/** What would be lost with this device's store. */
export const unsent = computed(() => waiting.value.length + photos.value.filter((photo) => photo.state === 'wanted').length)

export async function loadOutbox(): Promise<void> {
  const whose = shelfOwner()
  const [kept, answered, files, state] = await Promise.all([outbox(), receipts(), bytes(), transact(['meta'], standing)])
  // While it was read the phone learnt whose it is: another's store, or nobody's, says nothing of his.
  if (whose !== shelfOwner()) return loadOutbox()
  waiting.value = kept
  settled.value = answered
  photos.value = files.filter((file) => file.state === 'wanted' || file.state === 'refused').map((file) => ({ ...file, blob: null }))
  now.value = state
  looked.value = true
}

export function line(): Line {
  return { account: shelfOwner(), device: installation(), token: csrfHeader }
}

const told = {
  share: (sha256: string, share: number) => { shares[sha256] = share },
  changed: loadOutbox,
}
let running: Promise<Exchanged> | null = null
let once = false

/** One window at a time, where the browser can tell; elsewhere the ids make a repeat harmless. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work()
  return (await navigator.locks.request(`wg-sync-${shelfOwner()}`, work)) as T
}

let admitted: () => Promise<boolean> = () => Promise.resolve(true)

/** Who opened the face without a line has no token yet: nothing is sent before this says that he has one. */
export function admitBy(check: () => Promise<boolean>): void {
  admitted = check
}

async function exchanged(pulls: boolean): Promise<Exchanged> {
  if (!(await admitted())) return { moved: 0, uploaded: 0, ended: 'unreachable' }
  return alone(() => exchange(line(), told, pulls))
}

/** Sends what waits and fetches what is new; who asks while it runs gets another round after it. */
export function flush(pulls = true): Promise<Exchanged> {
  if (running) {
    once = true
    return running
  }
  sending.value = true
  running = exchanged(pulls).finally(() => {
    running = null
    sending.value = false
    if (once) {
      once = false
      void flush(false)
    }
  })
  return running
}

export type Outcome = { how: 'sent'; receipt: Receipt } | { how: 'kept' } | { how: 'refused'; refusal: Refusal }

function outcomeOf(id: string): Outcome | null {
  const done = settled.value.find((item) => item.id === id)
  if (done) return { how: 'sent', receipt: done.receipt }
  const refused = waiting.value.find((item) => item.id === id)?.refused
  return refused ? { how: 'refused', refusal: new Refusal(refused.code, refused.message ?? { zh: '', en: '' }, 409, refused.details) } : null
}

const patience = 12_000

/** Waits until the server has decided on all, the line is found broken, or patience ends. */
function decided(ids: readonly string[]): Promise<Outcome[]> {
  return new Promise((done) => {
    const end = () => {
      stop()
      clearTimeout(timer)
      done(ids.map((id) => outcomeOf(id) ?? { how: 'kept' }))
    }
    const timer = setTimeout(end, patience)
    const stop = watch([waiting, settled], () => { if (ids.every(outcomeOf)) end() })
    const round = () => flush(false).then(() => undefined, () => undefined)
    void round().then(() => (ids.every(outcomeOf) ? undefined : round())).then(end)
  })
}

/** Keeps what a person did on the phone; from here on it is not lost. Throws NoRoom with nothing kept. */
export async function hold(...typed: Typed[]): Promise<string[]> {
  const ids = (await write(...typed)).map((item) => item.id)
  await loadOutbox()
  void wakeLater()
  return ids
}

/** Sends what is held, if there is a line, and answers what became of each. */
export async function tell(ids: readonly string[]): Promise<Outcome[]> {
  if (!navigator.onLine) return ids.map(() => ({ how: 'kept' }))
  const outcomes = await decided(ids)
  // What was refused at once is still in its form; nobody should find it a second time.
  if (outcomes[0]?.how === 'refused') for (const id of ids) await discard(id)
  return outcomes
}

/** Keeps first, then sends. */
export const say = async (...typed: Typed[]): Promise<Outcome[]> => tell(await hold(...typed))

export async function discard(id: string): Promise<void> {
  await takeBack(id)
  await loadOutbox()
}

/** What was to be looked at has been decided: its receipt needs no attention any more. */
export async function discardReceipt(id: string): Promise<void> {
  await drop('receipts', id)
  await loadOutbox()
}

interface Waking { sync?: { register(tag: string): Promise<void> } }

/** Asks the browser to send when the network is back, also with the app closed; few can. */
async function wakeLater(): Promise<void> {
  try {
    const registration = (await navigator.serviceWorker?.getRegistration()) as (ServiceWorkerRegistration & Waking) | undefined
    await registration?.sync?.register('wg-outbox')
  } catch {
    // The button and the next start do it.
  }
}
