import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, readonly, ref } from 'vue'

export type LiveState = 'connecting' | 'live' | 'lost'

const state = ref<LiveState>('connecting')
const lastHeard = ref<number | null>(null)

/** Which cached answers a live event makes old. */
const touched: Record<string, string[][]> = {
  case: [['cases'], ['queues']],
  notice: [['notices']],
  clock: [['tenant']],
}

const waits = [1_000, 2_000, 5_000, 10_000, 30_000]

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

  function renew(keys: string[][]): void {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
  }

  function heard(name: string, event: MessageEvent<string>): void {
    lastHeard.value = Date.now()
    renew(touched[name] ?? [])
    if (name !== 'case') return
    const caseId = caseIdOf(event.data)
    if (caseId) renew([['case', caseId]])
  }

  function open(): void {
    source = new EventSource('/api/v1/live')
    source.onopen = () => {
      // What happened while the line was down was not heard.
      if (tries > 0) renew([...Object.values(touched).flat(), ['case']])
      tries = 0
      state.value = 'live'
      lastHeard.value = Date.now()
    }
    for (const name of Object.keys(touched)) {
      source.addEventListener(name, (event) => heard(name, event as MessageEvent<string>))
    }
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
    source?.close()
  })
}

/** The case an announcement speaks of; announcements need not name one. */
export function caseIdOf(data: string): string | null {
  try {
    const body = JSON.parse(data) as { case_id?: string; data?: { case_id?: string } }
    return body.case_id ?? body.data?.case_id ?? null
  } catch {
    return null
  }
}
