/** A small store on the device: IndexedDB where the browser allows it, memory where it does not. */
const stores = ['photos', 'outbox'] as const
export type Store = (typeof stores)[number]

const memory = new Map<string, unknown>()
let opening: Promise<IDBDatabase | null> | undefined

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((done) => {
    if (!('indexedDB' in globalThis)) return done(null)
    try {
      const asked = indexedDB.open('wangge', 1)
      asked.onupgradeneeded = () => stores.forEach((store) => asked.result.createObjectStore(store))
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => done(null)
    } catch {
      done(null)
    }
  })
  return opening
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })
}

/** Keeps a value; answers whether it will survive the page being closed. */
export async function keep(store: Store, key: string, value: unknown): Promise<boolean> {
  const db = await open()
  try {
    if (!db) throw new Error('no database')
    await answer(db.transaction(store, 'readwrite').objectStore(store).put(value, key))
    return true
  } catch {
    memory.set(`${store}/${key}`, value)
    return false
  }
}

export async function drop(store: Store, key: string): Promise<void> {
  memory.delete(`${store}/${key}`)
  const db = await open()
  if (db) await answer(db.transaction(store, 'readwrite').objectStore(store).delete(key))
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
  const loose = [...memory].filter(([key]) => key.startsWith(`${store}/`)).map(([, value]) => value as T)
  return [...kept, ...loose].sort((one, other) => one.order - other.order)
}
