import { onBeforeUnmount, onMounted } from 'vue'

/** What a key does; false leaves the key to others. */
export type Keys = Record<string, (event: KeyboardEvent) => unknown>

/** True while the person writes: letters then belong to the text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
}

/** Single keys for the whole page. They sleep while somebody types, composes Chinese or holds Ctrl, Alt or Meta. */
export function useKeys(keys: Keys): void {
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return
    if (isTyping(event.target)) return
    // What lies behind an open sheet sleeps; the key that opened it closes it.
    if (event.key !== '?' && document.querySelector('dialog[open]')) return
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!act) return
    // Enter on a button is the button's own.
    if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('button, a, summary')) return
    if (act(event) !== false) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}
