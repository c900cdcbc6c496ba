import { onScopeDispose, ref } from 'vue'

import { api, csrfHeader, unwrap } from '@/api/client'
import { refusalOf, Unreachable } from '@/api/refusal'
import type { components } from '@/api/schema'
import { newId } from '@/shared/ids/newId'

export type Site = components['schemas']['VideoSite'] & { metres?: number }
export type Way = 'page' | 'snapshot'
export interface Shown { view: string; body: Blob; url: string; at: string }

/** One look: the register first, then the owner's page or one still, which is nowhere kept unless somebody keeps it. */
export function useLook(site: () => Site, caseId: () => string | null) {
  const busy = ref<'' | Way | 'keep'>('')
  const error = ref<unknown>(null)
  const link = ref<string | null>(null)
  const shown = ref<Shown | null>(null)
  const kept = ref(false)

  function drop(): void {
    if (shown.value) URL.revokeObjectURL(shown.value.url)
    shown.value = null
    link.value = null
    kept.value = false
  }
  async function during(what: Way | 'keep', work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = what
    error.value = null
    try {
      await work()
      return true
    } catch (caught) {
      error.value = caught
      return false
    } finally {
      busy.value = ''
    }
  }
  const look = (way: Way, reason: string) => during(way, async () => {
    drop()
    const view = await unwrap(api.POST('/api/v1/video/sites/{site_id}/views', {
      params: { path: { site_id: site().id } }, body: { id: newId(), way, reason: reason.trim(), case_id: caseId() },
    }))
    if (way === 'page') {
      link.value = view.url
      return
    }
    const body = await unwrap(api.POST('/api/v1/video/views/{view_id}/picture', { params: { path: { view_id: view.id } }, parseAs: 'blob' })) as unknown as Blob
    shown.value = { view: view.id, body, url: URL.createObjectURL(body), at: view.at }
  })
  const keep = (reason: string) => during('keep', async () => {
    const form = new FormData()
    form.set('id', newId())
    form.set('view_id', shown.value!.view)
    form.set('reason', reason.trim())
    form.set('file', shown.value!.body, 'still.jpg')
    const response = await fetch('/api/v1/video/kept', { method: 'POST', headers: csrfHeader(), body: form }).catch(() => { throw new Unreachable() })
    if (!response.ok) throw refusalOf(await response.json().catch(() => null), response)
    kept.value = true
  })
  onScopeDispose(drop)
  return { busy, error, link, shown, kept, look, keep }
}
