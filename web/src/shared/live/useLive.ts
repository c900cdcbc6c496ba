import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, readonly, ref } from 'vue'

import { hearPresence, type Present } from './usePresence'

export type LiveState = 'connecting' | 'live' | 'lost'

const state = ref<LiveState>('connecting')
const lastHeard = ref<number | null>(null)

/** Which cached answers a fact makes old; null stands for all of them. */
export function touchedBy(name: string, subject: string | null): string[][] | null {
  if (name.startsWith('Case')) return [['cases'], ['queues'], ...(subject ? [['case', subject]] : [])]
  if (name.startsWith('Whistle')) return [['whistles']]
  if (name.startsWith('Incident')) return [['incidents']]
  if (name.startsWith('Mailbox')) return [['mailbox']]
  if (name.startsWith('Group')) return [['groups']]
  // Whoever is to hear of an early warning is told by a notice.
  if (name.startsWith('Notice')) return [['notices'], ['alerts']]
  if (name.startsWith('Clock') || name.startsWith('Rules') || name.startsWith('Brand')) return [['tenant']]
  return name === 'Reload' ? null : []
}

/** What may have changed between the first answer and the first word of the line. */
const moving = [['cases'], ['queues'], ['case'], ['notices'], ['whistles'], ['groups'], ['incidents']]
const waits = [1_000, 2_000, 5_000, 10_000, 30_000]

/** Milliseconds: a step says several facts in a row, and a storm many a second; nobody asks for a list anew for each. */
const pause = 100
const apart = 500

/** Gathers what facts make old and says it together: after a pause, and then at most twice a second. */
export function gathering(renew: (keys: string[][] | null) => void) {
  const keys = new Map<string, string[]>()
  let whole = false
  let last = 0
  let due: ReturnType<typeof setTimeout> | undefined

  function say(): void {
    const old = whole ? null : [...keys.values()]
    due = undefined
    last = Date.now()
    whole = false
    keys.clear()
    renew(old)
  }

  return {
    hear(more: string[][] | null): void {
      whole ||= more === null
      for (const key of more ?? []) keys.set(key.join(' '), key)
      if (whole || keys.size) due ??= setTimeout(say, Math.max(pause, last + apart - Date.now()))
    },
    stop: () => clearTimeout(due),
  }
}

/** The state of the live line, for those who only show it. */
export function useLiveState() {
  return { state: readonly(state), lastHeard: readonly(lastHeard) }
}

/** Opens the live line for as long as the caller lives; what it announces is asked for again. */
export function useLive(): void {
  const queries = useQueryClient()
  let source: EventSource | null = null
  let again: ReturnType<typeof setTimeout> | undefined
  let tries = 0

  const renewal = gathering((keys) => {
    if (keys === null) void queries.invalidateQueries()
    else for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
  })

  function heard(event: MessageEvent<string>): void {
    lastHeard.value = Date.now()
    const fact = factOf(event.data)
    if (fact?.name === 'Presence' && fact.subject) hearPresence(fact.subject, fact.who ?? [])
    else if (fact) renewal.hear(touchedBy(fact.name, fact.subject))
  }

  function open(): void {
    source = new EventSource('/api/v1/live')
    source.onopen = () => {
      state.value = 'live'
      lastHeard.value = Date.now()
    }
    source.addEventListener('hello', () => {
      // What happened before the line stood was not heard: while it was down, and while the page was opening.
      renewal.hear(tries > 0 ? null : moving)
      tries = 0
    })
    source.addEventListener('fact', heard)
    source.addEventListener('bye', () => {
      source?.close()
      tries = 1
      again = setTimeout(open, 500)
    })
    source.onerror = () => {
      source?.close()
      state.value = 'lost'
      again = setTimeout(open, waits[Math.min(tries, waits.length - 1)])
      tries += 1
    }
  }

  function hurry(): void {
    if (state.value !== 'lost') return
    clearTimeout(again)
    open()
  }

  open()
  window.addEventListener('online', hurry)
  onScopeDispose(() => {
    window.removeEventListener('online', hurry)
    clearTimeout(again)
    renewal.stop()
    source?.close()
  })
}

/** The fact in an announcement, or null when it is none of ours. */
export function factOf(data: string): { name: string; subject: string | null; who?: Present[] } | null {
  try {
    const body = JSON.parse(data) as { name?: unknown; subject?: unknown; who?: Present[] }
    if (typeof body.name !== 'string') return null
    const subject = typeof body.subject === 'string' ? body.subject : null
    return body.who ? { name: body.name, subject, who: body.who } : { name: body.name, subject }
  } catch {
    return null
  }
}
