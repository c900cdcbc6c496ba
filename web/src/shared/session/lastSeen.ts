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

const whose = 'wg.last.whose'

/** Notes for whose posts the device keeps things; answers whether they are others than before. */
export function keepPosts(me: { account: { id: string }; posts: readonly { id: string }[] }): boolean {
  const now = [me.account.id, ...me.posts.map((post) => post.id).sort()].join(' ')
  try {
    const before = localStorage.getItem(whose)
    if (before === now) return false
    if (before !== null) forgetLast()
    localStorage.setItem(whose, now)
    return before !== null
  } catch {
    return true
  }
}

/** What is no register of anybody: the city's own words, whom to call for help, whose phone it is. */
const own = new Set(['tenant', 'help', 'companion', 'whose'].map((name) => shelf + name))

export function forgetLast(): void {
  forget(() => true)
}

/** After long silence, or when its person empties the phone: lists of homes, cases and days are gone with the rows. */
export function forgetLent(): void {
  forget((key) => !own.has(key))
}

function forget(which: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(shelf) && which(each))) localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
