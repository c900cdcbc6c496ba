/** What a screen showed last, for places without network; gone when its person signs out. */
const shelf = 'wg.last.'

export function keepLast(name: string, value: unknown): void {
  try {
    localStorage.setItem(shelf + name, JSON.stringify({ at: Date.now(), value }))
  } catch {
    // Then the screen is empty without network.
  }
}

export function readLast<T>(name: string): { at: number; value: T } | null {
  try {
    const kept = localStorage.getItem(shelf + name)
    return kept ? (JSON.parse(kept) as { at: number; value: T }) : null
  } catch {
    return null
  }
}

export function forgetLast(): void {
  try {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(shelf))) localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
