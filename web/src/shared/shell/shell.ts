import { ref } from 'vue'

/** True when a newer release lies ready on this device and waits to be taken. */
export const newer = ref(false)

const hour = 3_600_000
let waitingWorker: ServiceWorker | null = null

function found(worker: ServiceWorker | null): void {
  // The very first one replaces nothing: there is no older page to leave.
  if (!worker || !navigator.serviceWorker.controller) return
  waitingWorker = worker
  newer.value = true
}

function watchOver(registration: ServiceWorkerRegistration): void {
  found(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed') found(coming)
    })
  })
  const look = () => void registration.update().catch(() => undefined)
  setInterval(look, hour)
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') look() })
}

/** Keeps this face on the device, so that it starts without a network; a browser that cannot does without. */
export async function keepShell(face: string): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    watchOver(await navigator.serviceWorker.register(`/${face}.sw.js`, { scope: `/${face}` }))
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage('bring-later')
  } catch {
    // A private window, or no room: the face works as a page.
  }
}

const typing = 'textarea, input:not([type]), input[type="text"], input[type="search"], input[type="tel"], input[type="number"], input[type="password"]'

/** Whether something stands typed on the page that nobody has sent. */
export function somethingTyped(): boolean {
  return [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(typing)].some((field) => field.value.trim() !== '')
}

/** Goes over to the newer release; answers false, and does nothing, while something stands typed. */
export function takeNewer(): boolean {
  if (somethingTyped()) return false
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waitingWorker?.postMessage('take-over')
  return true
}
