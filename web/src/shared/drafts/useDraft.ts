import { nextTick, onScopeDispose, reactive, ref, type UnwrapNestedRefs, watch } from 'vue'

import { shelfOwner } from './shelf'

const pause = 300

/** Drafts of one account are not another's: on a shared phone each finds his own. */
function shelfFor(key: string): string {
  return shelfOwner() ? `wg.draft.${shelfOwner()}.${key}` : `wg.draft.${key}`
}

/** A form that saves itself on this device while it is typed and is there again after a reload. */
export function useDraft<T extends object>(key: string, blank: () => T) {
  const shelf = shelfFor(key)
  const found = read<T>(shelf)
  const form = reactive({ ...blank(), ...found }) as UnwrapNestedRefs<T>
  const restored = ref(found !== null)
  let timer: ReturnType<typeof setTimeout> | undefined

  function save(): void {
    clearTimeout(timer)
    timer = undefined
    try {
      localStorage.setItem(shelf, JSON.stringify(form))
    } catch {
      // Storage full or forbidden: the form still stands on the page.
    }
  }

  /** Empties the form and forgets the draft; called once the server has it. */
  function clear(): void {
    Object.assign(form, blank())
    restored.value = false
    forget()
    // The watcher hears of the blank form only after this: it must not keep that.
    void nextTick(forget)
  }

  function forget(): void {
    clearTimeout(timer)
    timer = undefined
    try {
      localStorage.removeItem(shelf)
    } catch {
      // Nothing was kept.
    }
  }

  function saveWaiting(): void {
    if (timer) save()
  }

  watch(form, () => {
    clearTimeout(timer)
    timer = setTimeout(save, pause)
  }, { deep: true })
  window.addEventListener('pagehide', saveWaiting)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', saveWaiting)
    saveWaiting()
  })

  return { form, restored, save, clear }
}

/** Words that were typed for one form, laid ready for another. */
export function layDraft(key: string, words: object): void {
  try {
    localStorage.setItem(shelfFor(key), JSON.stringify(words))
  } catch {
    // Nothing can be kept: the words still stand in the form they were typed in.
  }
}

function read<T>(shelf: string): Partial<T> | null {
  try {
    const kept = localStorage.getItem(shelf)
    return kept ? (JSON.parse(kept) as Partial<T>) : null
  } catch {
    return null
  }
}
