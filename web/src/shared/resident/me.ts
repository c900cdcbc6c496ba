import { ref } from 'vue'

import { shelfOf } from '@/shared/drafts/shelf'
import { readMatters } from '@/shared/matters/matters'

/** Whoever has signed in on this phone with his number. The session itself is a cookie that no script reads. */
export interface Me { account: string; mask: string }

const shelf = 'wg.me'

function read(): Me | null {
  try {
    const kept = JSON.parse(localStorage.getItem(shelf) ?? 'null') as Partial<Me> | null
    return kept?.account && kept.mask ? { account: kept.account, mask: kept.mask } : null
  } catch {
    return null
  }
}

export const me = ref<Me | null>(read())

/** His drafts, what he has not sent yet and his list are his alone; the next one on this phone sees his own. */
export function useOwnShelf(): void {
  shelfOf(me.value?.account ?? '')
  readMatters()
}

/**
 * From here on the phone is his, or nobody's; the page begins anew, so that nothing of the other one is left in it.
 * Until then it says of nobody that he is here: what waits for this ends with the page, and goes on only where nothing can be kept.
 */
export function become(who: Me | null, page: string): Promise<void> {
  try {
    if (who) localStorage.setItem(shelf, JSON.stringify(who))
    else localStorage.removeItem(shelf)
  } catch {
    // A page that began anew would not know him: he is signed in for this one alone.
    me.value = who
    return Promise.resolve()
  }
  location.assign(page)
  return new Promise(() => undefined)
}
