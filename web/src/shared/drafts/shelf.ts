/**
 * The store on the device: IndexedDB where the browser allows it, memory where it does not. Each account has a
 * store of its own, so that on a shared phone nobody sees, sends or loses what another one wrote.
 */
const stores = ['photos', 'outbox', 'receipts', 'blobs', 'rows', 'meta', 'reports'] as const
export type Store = (typeof stores)[number]

/** The device has no room left. Nothing of the change was kept, and nothing that was there is lost. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom'
}

/** What may be done with the store within one transaction. */
export interface Shelf {
  get<T>(store: Store, key: string): Promise<T | undefined>
  all<T>(store: Store): Promise<T[]>
  put(store: Store, key: string, value: unknown): Promise<void>
  drop(store: Store, key: string): Promise<void>
  empty(store: Store): Promise<void>
}

let owner = ''
const openings = new Map<string, Promise<IDBDatabase | null>>()
const memories = new Map<string, Map<string, unknown>>()

/** Whose store is used from now on: an account's id, or nothing for those who need none. */
export function shelfOf(account: string): void {
  owner = account
}
export function shelfOwner(): string {
  return owner
}

function memory(): Map<string, unknown> {
  const found = memories.get(owner) ?? new Map<string, unknown>()
  memories.set(owner, found)
  return found
}

function open(): Promise<IDBDatabase | null> {
  const name = owner ? `wangge-${owner}` : 'wangge'
  const found = openings.get(name) ?? new Promise<IDBDatabase | null>((done) => {
    if (!('indexedDB' in globalThis)) return done(null)
    try {
      const asked = indexedDB.open(name, 3)
      asked.onupgradeneeded = () => {
        for (const store of stores) if (!asked.result.objectStoreNames.contains(store)) asked.result.createObjectStore(store)
      }
      asked.onsuccess = () => {
        // A newer release in another window wants to change the store: this one lets go.
        asked.result.onversionchange = () => { asked.result.close(); openings.delete(name) }
        done(asked.result)
      }
      asked.onerror = () => done(null)
    } catch {
      done(null)
    }
  })
  openings.set(name, found)
  return found
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })
}

function onDisk(tx: IDBTransaction): Shelf {
  return {
    get: (store, key) => answer(tx.objectStore(store).get(key)),
    all: (store) => answer(tx.objectStore(store).getAll()),
    put: async (store, key, value) => void (await answer(tx.objectStore(store).put(value, key))),
    drop: async (store, key) => void (await answer(tx.objectStore(store).delete(key))),
    empty: async (store) => void (await answer(tx.objectStore(store).clear())),
  }
}

function inMemory(): Shelf {
  const kept = memory()
  const of = (store: Store) => [...kept.keys()].filter((key) => key.startsWith(`${store}/`))
  return {
    get: async <T>(store: Store, key: string) => kept.get(`${store}/${key}`) as T | undefined,
    all: async <T>(store: Store) => of(store).map((key) => kept.get(key) as T),
    put: async (store, key, value) => void kept.set(`${store}/${key}`, value),
    drop: async (store, key) => void kept.delete(`${store}/${key}`),
    empty: async (store) => of(store).forEach((key) => kept.delete(key)),
  }
}

function finished(tx: IDBTransaction): Promise<void> {
  return new Promise((done, failed) => {
    tx.oncomplete = () => done()
    tx.onabort = tx.onerror = () => failed(tx.error)
  })
}

const full = (error: unknown) => /quota/i.test((error as { name?: string } | null)?.name ?? '')

/** Several reads and writes that happen whole or not at all. Throws NoRoom when the device is full. */
export async function transact<T>(names: readonly Store[], work: (shelf: Shelf) => Promise<T>): Promise<T> {
  const db = await open()
  if (!db) return work(inMemory())
  const tx = db.transaction(names as Store[], 'readwrite')
  const ended = finished(tx)
  try {
    const result = await work(onDisk(tx))
    await ended
    return result
  } catch (error) {
    ended.catch(() => undefined)
    try {
      tx.abort()
    } catch {
      // It has ended already.
    }
    throw full(error) || full(tx.error) ? new NoRoom() : error
  }
}

/** Keeps a value; answers whether it will survive the page being closed. */
export async function keep(store: Store, key: string, value: unknown): Promise<boolean> {
  try {
    await transact([store], (shelf) => shelf.put(store, key, value))
    return (await open()) !== null
  } catch {
    memory().set(`${store}/${key}`, value)
    return false
  }
}

export async function drop(store: Store, key: string): Promise<void> {
  memory().delete(`${store}/${key}`)
  const db = await open()
  if (db) await answer(db.transaction(store, 'readwrite').objectStore(store).delete(key))
}

export async function read<T>(store: Store, key: string): Promise<T | undefined> {
  const loose = memory().get(`${store}/${key}`) as T | undefined
  const db = await open()
  return loose ?? (db ? answer(db.transaction(store).objectStore(store).get(key) as IDBRequest<T | undefined>) : undefined)
}

let last = 0

/** A number above all given before on this device: the order in which things were kept. */
export function nextOrder(): number {
  last = Math.max(last + 1, Date.now() * 1000)
  return last
}

/** All values of a store in the order in which they were first kept. */
export async function all<T extends { order: number }>(store: Store): Promise<T[]> {
  const db = await open()
  const kept = db ? await answer(db.transaction(store).objectStore(store).getAll() as IDBRequest<T[]>) : []
  const loose = [...memory()].filter(([key]) => key.startsWith(`${store}/`)).map(([, value]) => value as T)
  return [...kept, ...loose].sort((one, other) => one.order - other.order)
}
