import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, csrfHeader, unwrap } from '@/api/client'
import { refusalOf, Unreachable } from '@/api/refusal'
import type { components } from '@/api/schema'
import { newId } from '@/shared/ids/newId'

export type Batch = components['schemas']['HotlineBatch']
export type Preview = components['schemas']['Preview']
export type Layout = components['schemas']['Layout']
type Matched = Record<string, string>

/** Our fields without those that have no column. */
export function layoutOf(matched: Matched): Layout {
  return { source: '12345', columns: Object.fromEntries(Object.entries(matched).filter(([, column]) => column)) as Layout['columns'] }
}

/** Keeps of a saved layout what this file has. */
export function fitting(columns: Matched, present: string[]): Matched {
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => present.includes(column)))
}

async function send(id: string, file: File): Promise<Batch> {
  const form = new FormData()
  form.set('file', file, file.name)
  const response = await fetch(`/api/v1/hotline/files/${id}`, { method: 'POST', headers: csrfHeader(), body: form }).catch(() => {
    throw new Unreachable()
  })
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw refusalOf(answer, response)
  return answer as Batch
}

/** One file from choosing to the result; each step says what it costs before it is taken. */
export function useImport() {
  const queries = useQueryClient()
  const batch = ref<Batch | null>(null)
  const matched = ref<Matched>({})
  const preview = ref<Preview | null>(null)
  const busy = ref<'' | 'send' | 'trial' | 'import'>('')
  const stopping = ref(false)
  const error = ref<unknown>(null)
  const recent = useQuery({ queryKey: ['hotline', 'batches'], queryFn: async () => unwrap(api.GET('/api/v1/hotline/batches')) })
  const layouts = useQuery({ queryKey: ['hotline', 'layouts'], queryFn: async () => unwrap(api.GET('/api/v1/hotline/layouts')) })
  const ready = computed(() => (recent.data.value?.fields ?? []).filter((one) => one.needed).every((one) => matched.value[one.key]))

  async function during(what: 'send' | 'trial' | 'import', work: () => Promise<void>): Promise<void> {
    busy.value = what
    error.value = null
    try {
      await work()
    } catch (caught) {
      error.value = caught
    } finally {
      busy.value = ''
    }
  }
  function open(found: Batch): void {
    batch.value = found
    matched.value = { ...(found.layout?.columns ?? found.guess) }
    preview.value = null
  }
  const choose = (file: File) => during('send', async () => open(await send(newId(), file)))
  const id = () => ({ params: { path: { batch_id: batch.value!.id } } })
  const tryOut = () => during('trial', async () => {
    preview.value = await unwrap(api.POST('/api/v1/hotline/batches/{batch_id}/trial', { ...id(), body: { layout: layoutOf(matched.value) } }))
  })
  /** Part by part, so that progress is true and stopping is simply not asking again. */
  const take = () => during('import', async () => {
    stopping.value = false
    while (batch.value && batch.value.state !== 'done' && !stopping.value) {
      batch.value = await unwrap(api.POST('/api/v1/hotline/batches/{batch_id}/import', { ...id(), body: { layout: layoutOf(matched.value) } }))
    }
    await queries.invalidateQueries({ queryKey: ['hotline'] })
  })
  async function keep(name: string): Promise<void> {
    await unwrap(api.PUT('/api/v1/hotline/layouts/{name}', { params: { path: { name } }, body: { layout: layoutOf(matched.value) } }))
    await layouts.refetch()
  }
  function again(): void {
    batch.value = null
    preview.value = null
    error.value = null
  }
  return { batch, matched, preview, busy, stopping, error, recent, layouts, ready, open, choose, tryOut, take, keep, again }
}
