import type { Me } from '@/api/shapes'

/** Who signed in on this device last, for a start without a network. Without the token: only a session has that. */
const shelf = 'wg.me'

export function keepOwner(me: Me): void {
  try {
    localStorage.setItem(shelf, JSON.stringify({ ...me, csrf: '' }))
  } catch {
    // Then a start without a network knows nobody.
  }
}

export function owner(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? 'null') as Me | null
  } catch {
    return null
  }
}

export function forgetOwner(): void {
  try {
    localStorage.removeItem(shelf)
  } catch {
    // Nothing was kept.
  }
}
