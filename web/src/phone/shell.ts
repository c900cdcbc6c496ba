/// <reference lib="webworker" />
/**
 * The service worker of one face: it keeps the pages of the app, so that it starts without a network.
 * It keeps no answer of the API: what a person may see lies in the store of his account alone.
 */
import { saySaidInBackground, sendInBackground } from './background'

declare const self: ServiceWorkerGlobalScope & { readonly WG_SHELL: Shell }

/** What the build puts in: the face, its page, the version of all of it, what must and what may be kept. */
interface Shell { face: string; page: string; version: string; files: string[]; later: string[] }

const { face, page, version, files, later } = self.WG_SHELL
const ours = `wg-${face}-`
const current = ours + version

/** Brings in what is not here yet; a line that broke goes on where it ended. */
async function bring(wanted: string[]): Promise<void> {
  const cache = await caches.open(current)
  for (const path of wanted) {
    if (await cache.match(path)) continue
    const hashed = path.startsWith('/assets/')
    const before = hashed ? await caches.match(path) : undefined
    const answer = before ?? (await fetch(path, { cache: hashed ? 'default' : 'no-cache' }))
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    await cache.put(path, answer)
  }
}

/** The release before stays: a page that is still open with it may ask for its parts. */
async function sweep(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(ours) && name !== current)
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)))
}

self.addEventListener('install', (event) => event.waitUntil(bring(files)))

self.addEventListener('activate', (event) => {
  event.waitUntil(sweep().then(() => self.clients.claim()))
})

// The browser says that the network is back, perhaps with every window closed.
self.addEventListener('sync', (event) => {
  const { tag, waitUntil } = event as ExtendableEvent & { tag: string }
  if (tag === 'wg-outbox') waitUntil.call(event, sendInBackground())
  if (tag === 'wg-said') waitUntil.call(event, saySaidInBackground())
})

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
  // The map is large and nobody's start may wait for it.
  if (event.data === 'bring-later') event.waitUntil(bring(later).catch(() => undefined))
})

async function kept(request: Request, path: string): Promise<Response> {
  return (await caches.match(path, { cacheName: current })) ?? (await caches.match(path)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  const mine = pathname === `/${face}` || pathname.startsWith(`/${face}/`)
  if (request.mode === 'navigate') {
    if (mine) event.respondWith(kept(request, page))
  } else if (pathname.startsWith('/assets/') || files.includes(pathname)) {
    event.respondWith(kept(request, pathname))
  }
})
