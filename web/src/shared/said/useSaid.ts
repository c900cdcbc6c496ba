import { computed, onScopeDispose, reactive, ref } from 'vue'

import { remember } from '@/shared/matters/matters'
import { shelfOwner } from '@/shared/drafts/shelf'
import type { Shelved } from '@/shared/photo/useKeptPhotos'

import { dropSaid, goes, keepSaid, type Said, saids, sayNow, sendSaid, type Told } from './said'

/** What this phone has said and not brought home yet, in the order in which it was said. */
export const waiting = ref<Said[]>([])
export const shares = reactive<Record<string, number>>({})
/** The follow codes of what has gone since this page was opened. */
export const codes = reactive<Record<string, string>>({})
export const going = ref(false)
/** What would be lost with this phone's store. */
export const unsaid = computed(() => waiting.value.filter((item) => !item.receipt).length)

function note({ id, receipt, label, at }: Said): void {
  if (!receipt || codes[id]) return
  codes[id] = receipt.code
  remember({ code: receipt.code, number: receipt.number, text: label, at })
}

/** Reads the store; what went with every window closed is noted here, and what is home is let go. */
export async function loadSaid(): Promise<void> {
  const found = await saids()
  for (const item of found) {
    note(item)
    if (item.done) await dropSaid(item.id)
  }
  waiting.value = found.filter(({ done }) => !done)
}

const told: Told = {
  changed: loadSaid,
  share: (id, share) => { shares[id] = share },
  arrived: note,
}
let running: Promise<boolean> | null = null

/** One window at a time, where the browser can tell; elsewhere the ids make a repeat harmless. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work()
  return (await navigator.locks.request(`wg-said-${shelfOwner()}`, work)) as T
}

/** Sends what waits; `only`: this one now, whatever its turn. Answers whether there was a line. */
export async function send(only = ''): Promise<boolean> {
  while (running) await running.catch(() => false)
  going.value = true
  running = alone(() => sendSaid(told, only)).finally(() => {
    running = null
    going.value = false
  })
  return running
}

interface Waking { sync?: { register(tag: string): Promise<void> } }
async function wakeLater(): Promise<void> {
  try {
    const registration = (await navigator.serviceWorker?.getRegistration()) as (ServiceWorkerRegistration & Waking) | undefined
    await registration?.sync?.register('wg-said')
  } catch {
    // The button and the next start do it.
  }
}

const patience = 12_000

/** Keeps it, then sends; answers what is known of it when its words arrived, were refused, or patience ended. */
export async function say(given: Pick<Said, 'id' | 'door' | 'label' | 'body'>, files: readonly Shelved[]): Promise<Said> {
  const kept = await keepSaid(given, files)
  await loadSaid()
  void wakeLater()
  if (!navigator.onLine) return kept
  let home: Said | undefined
  const heard: Told = { ...told, arrived: (item) => { told.arrived(item); if (item.id === kept.id) home = item } }
  return new Promise((done) => {
    const timer = setTimeout(() => done(kept), patience)
    // Words wait for no photo that is on its way: a repeat of them is known as one.
    void sayNow(kept.id, heard).catch(() => false).then(() => {
      clearTimeout(timer)
      done(home ?? waiting.value.find(({ id }) => id === kept.id) ?? kept)
      void send().catch(() => false)
    })
  })
}

export async function discardSaid(id: string, draft = ''): Promise<void> {
  await dropSaid(id, draft)
  await loadSaid()
}

const often = 60_000

/** Sends whenever there is a chance; call once in a face. */
export function useSaid(): void {
  const chance = () => { if (navigator.onLine && waiting.value.some(goes)) void send().catch(() => false) }
  const seen = () => { if (document.visibilityState === 'visible') chance() }
  window.addEventListener('online', chance)
  document.addEventListener('visibilitychange', seen)
  const timer = setInterval(chance, often)
  void loadSaid().then(chance)
  onScopeDispose(() => {
    window.removeEventListener('online', chance)
    document.removeEventListener('visibilitychange', seen)
    clearInterval(timer)
  })
}
