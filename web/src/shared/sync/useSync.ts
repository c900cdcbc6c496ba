import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import { useI18n } from 'vue-i18n'

import { useLiveState } from '@/shared/live/useLive'
import { useSession } from '@/shared/session/session'

import { flush, loadOutbox, sending, toSend } from './outbox'

const online = ref(navigator.onLine)
const again = 60_000

/** Sends what waits whenever there is a chance; call once in a face. */
export function useSync(): void {
  const queries = useQueryClient()
  const session = useSession()

  async function go(): Promise<void> {
    online.value = navigator.onLine
    if (!online.value) return
    if (!session.me) await session.load().catch(() => null)
    if (session.me && (await flush()) > 0) await queries.invalidateQueries()
  }
  const off = () => { online.value = false }

  const chance = () => void go()
  window.addEventListener('online', chance)
  window.addEventListener('offline', off)
  const timer = setInterval(chance, again)
  void loadOutbox().then(go)
  onScopeDispose(() => {
    window.removeEventListener('online', chance)
    window.removeEventListener('offline', off)
    clearInterval(timer)
  })
}

export type SyncTone = 'good' | 'busy' | 'waiting' | 'off'

/** The one small word that is always in sight. */
export function useSyncWord() {
  const { t } = useI18n()
  const { state } = useLiveState()
  return computed<{ tone: SyncTone; word: string }>(() => {
    if (!online.value) return { tone: 'off', word: t('sync.offline') }
    if (sending.value) return { tone: 'busy', word: t('sync.sending') }
    if (toSend.value) return { tone: 'waiting', word: t('sync.waiting', { n: toSend.value }) }
    if (state.value === 'lost') return { tone: 'busy', word: t('sync.lost') }
    return { tone: 'good', word: t('sync.done') }
  })
}
