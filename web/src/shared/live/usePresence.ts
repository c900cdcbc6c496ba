import { computed, onScopeDispose, reactive, watch } from 'vue'

import { api, csrfHeader } from '@/api/client'

export interface Present { name: string; title: string }

const again = 20_000
const here = reactive(new Map<string, Present[]>())

/** What the live line says of a case: who else has it open. */
export function hearPresence(subject: string, who: readonly Present[]): void {
  if (who.length) here.set(subject, [...who])
  else here.delete(subject)
}

/** Once the case is `seen`, says that this person has the case open, for as long as the page shows it, and who else has. */
export function usePresence(id: string, seen: () => boolean) {
  const params = { path: { case_id: id } }
  const say = () => { if (seen() && !document.hidden) void api.PUT('/api/v1/cases/{case_id}/presence', { params }).catch(() => undefined) }
  const leave = () => void fetch(`/api/v1/cases/${id}/presence`, { method: 'DELETE', headers: csrfHeader(), keepalive: true }).catch(() => undefined)
  const turned = () => (document.hidden ? leave() : say())
  const timer = setInterval(say, again)
  watch(seen, say, { immediate: true })
  document.addEventListener('visibilitychange', turned)
  window.addEventListener('pagehide', leave)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', turned)
    window.removeEventListener('pagehide', leave)
    here.delete(id)
    leave()
  })
  return computed(() => here.get(id) ?? [])
}
