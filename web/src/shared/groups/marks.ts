import { ref } from 'vue'

import { shelfOwner } from '@/shared/drafts/shelf'

/**
 * How far somebody has read in each group, on this device and nowhere else: the server is never told.
 * Kept by account, because a phone may be shared.
 */
type Marks = Record<string, string>

const key = () => `wg.groups.${shelfOwner()}`
const marks = ref<{ owner: string; all: Marks }>({ owner: '', all: {} })

function kept(): Marks {
  if (marks.value.owner !== key()) {
    let all: Marks = {}
    try {
      all = JSON.parse(localStorage.getItem(key()) ?? '{}') as Marks
    } catch {
      // What cannot be read counts as unread.
    }
    marks.value = { owner: key(), all }
  }
  return marks.value.all
}

/** How many of these moments lie after the mark of a group. */
export function unreadOf(group: string, recent: readonly string[]): number {
  const mark = kept()[group]
  return recent.filter((at) => !mark || Date.parse(at) > Date.parse(mark)).length
}

/** Everything up to this moment has been seen. */
export function seen(group: string, at: string): void {
  const all = kept()
  if (all[group] && Date.parse(all[group]) >= Date.parse(at)) return
  marks.value = { owner: key(), all: { ...all, [group]: at } }
  try {
    localStorage.setItem(key(), JSON.stringify(marks.value.all))
  } catch {
    // Without storage it is forgotten with the page.
  }
}
