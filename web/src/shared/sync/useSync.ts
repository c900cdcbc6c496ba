import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'

import { csrfHeader } from '@/api/client'
import { useLiveState } from '@/shared/live/useLive'
import { useSession } from '@/shared/session/session'

import type { Exchanged } from './exchange'
import { admitBy, flush, left, line, loadOutbox, looked, now, sending, toSend } from './outbox'
import { expire } from './pull'

const online = ref(navigator.onLine)
const again = 60_000
const soon = 4_000

/** Whether the browser believes that there is a network. */
export const isOnline = online

/** Asks the browser not to throw away what waits when the device runs short of room. */
async function persist(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false)
}

/** Sends what waits and fetches what is new whenever there is a chance; call once in a face. */
export function useSync(): void {
  const queries = useQueryClient()
  const session = useSession()
  const { lastHeard } = useLiveState()
  let hurry: ReturnType<typeof setTimeout> | undefined
  // Two who asked at once are answered by one round: its news is asked for once.
  let heard: Exchanged | null = null

  admitBy(async () => Boolean(csrfHeader()['X-CSRF-Token'] || await session.load().catch(() => null)))

  async function go(): Promise<void> {
    online.value = navigator.onLine
    await expire(Date.now())
    await loadOutbox()
    if (!online.value) return
    const round = await flush()
    const known = round === heard
    heard = round
    if (!known && round.moved + round.uploaded > 0) await queries.invalidateQueries()
    if (csrfHeader()['X-CSRF-Token'] && !now.value.stop) void import('./ownPhone').then(({ introduce }) => introduce(line())).catch(() => undefined)
  }
  const off = () => { online.value = false }
  const chance = () => void go()
  const seen = () => { if (document.visibilityState === 'visible') chance() }

  window.addEventListener('online', chance)
  window.addEventListener('offline', off)
  document.addEventListener('visibilitychange', seen)
  const timer = setInterval(chance, again)
  watch(lastHeard, () => {
    clearTimeout(hurry)
    hurry = setTimeout(chance, soon)
  })
  void persist()
  chance()
  // A start without a line may learn late whose phone it is; until then only nobody's store has been read.
  watch(() => session.me?.account.id, (whose) => { if (whose) chance() })
  onScopeDispose(() => {
    window.removeEventListener('online', chance)
    window.removeEventListener('offline', off)
    document.removeEventListener('visibilitychange', seen)
    clearInterval(timer)
    clearTimeout(hurry)
  })
}

export type SyncTone = 'good' | 'busy' | 'waiting' | 'off'

/** The one small word that is always in sight. */
export function useSyncWord() {
  const { t } = useI18n()
  const { state } = useLiveState()
  return computed<{ tone: SyncTone; word: string }>(() => {
    const n = toSend.value
    if (!online.value) return { tone: 'off', word: n ? t('sync.offlineWaiting', { n }) : t('sync.offline') }
    if (!looked.value) return { tone: 'busy', word: t('sync.looking') }
    if (now.value.stop) return { tone: 'off', word: t(`sync.stop.${now.value.stop}`) }
    if (sending.value && n) return { tone: 'busy', word: t('sync.sending') }
    if (n) return { tone: 'waiting', word: t('sync.waiting', { n }) }
    if (state.value === 'lost') return { tone: 'busy', word: t('sync.lost') }
    // What waits for its person is not sent: the word may not say that all is.
    return left.value ? { tone: 'waiting', word: t('sync.left', { n: left.value }) } : { tone: 'good', word: t('sync.done') }
  })
}
