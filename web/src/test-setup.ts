import 'fake-indexeddb/auto'

import { afterAll, afterEach, vi } from 'vitest'

import { shelfOf, transact, type Store } from '@/shared/drafts/shelf'

/** A busy machine may take its time; who waits for a condition waits for it, and not for a second. */
const { waitFor } = vi
vi.waitFor = (true_, options) => waitFor(true_, options ?? { timeout: 15_000, interval: 10 })

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The files of a worker share a window: each leaves its shelves, its memory and its page empty. */
afterAll(async () => {
  const stores: Store[] = ['photos', 'outbox', 'receipts', 'blobs', 'rows', 'meta']
  for (const account of ['', 'a-1', 'a-2']) {
    shelfOf(account)
    await transact(stores, async (shelf) => { for (const store of stores) await shelf.empty(store) })
  }
  shelfOf('')
  localStorage.clear()
  sessionStorage.clear()
  document.body.replaceChildren()
})
