import 'fake-indexeddb/auto'

import { afterAll, afterEach, vi } from 'vitest'

import { all, drop } from '@/shared/drafts/shelf'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The files of a worker share a window: each leaves its shelves, its memory and its page empty. */
afterAll(async () => {
  for (const shelf of ['outbox', 'photos'] as const) {
    for (const item of await all<{ id: string; order: number }>(shelf)) await drop(shelf, item.id)
  }
  localStorage.clear()
  sessionStorage.clear()
  document.body.replaceChildren()
})
