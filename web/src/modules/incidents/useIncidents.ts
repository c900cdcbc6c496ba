import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { newId } from '@/shared/ids/newId'

import type { Incident, Said } from './wire'

export interface Filter { state: '' | 'open' | 'closed'; drill: '' | 'real' | 'drill' }

/** The register, page by page, with its totals. */
export function useRegister(filter: Ref<Filter>) {
  const query = useInfiniteQuery({
    queryKey: ['incidents', 'list', filter],
    queryFn: async ({ pageParam }) => unwrap(api.GET('/api/v1/incidents', { params: { query: { ...filter.value, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
  return { ...query, items: computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []), totals: computed(() => query.data.value?.pages[0]?.totals ?? []) }
}

/** Kinds, levels and plans in force. */
export function useWords() {
  return useQuery({ queryKey: ['incidents', 'words'], queryFn: () => unwrap(api.GET('/api/v1/incidents/words')), staleTime: 60_000 })
}

/** What waits for me, and the two words that answer it. */
export function useOwnTasks() {
  const queries = useQueryClient()
  const key = ['incidents', 'mine']
  const query = useQuery({ queryKey: key, queryFn: () => unwrap(api.GET('/api/v1/incidents/tasks')) })
  async function say(incident: string, task: string, said: Said, note = ''): Promise<void> {
    await unwrap(api.POST('/api/v1/incidents/{incident_id}/tasks/{task_id}/{said}', { params: { path: { incident_id: incident, task_id: task, said } }, body: { id: newId(), note } }))
    await queries.invalidateQueries({ queryKey: ['incidents'] })
  }
  return { ...query, say }
}

/** One incident, and everything that may be said of it; the answer of each takes its place. */
export function useIncident(id: string) {
  const queries = useQueryClient()
  const key = ['incidents', 'one', id]
  const query = useQuery({ queryKey: key, queryFn: () => unwrap(api.GET('/api/v1/incidents/{incident_id}', { params: { path: { incident_id: id } } })), refetchInterval: 30_000 })
  async function took(answer: Promise<Incident>): Promise<void> {
    try {
      const now = await answer
      // What was asked for before it would put the older state back.
      await queries.cancelQueries({ queryKey: key })
      queries.setQueryData(key, now)
      void queries.invalidateQueries({ queryKey: ['incidents'], predicate: (one) => one.queryKey[1] !== 'one' })
    } catch (caught) {
      void query.refetch()
      throw caught
    }
  }
  const path = { incident_id: id }
  const at = { params: { path } }
  return {
    ...query,
    answer: () => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/answer', { ...at, body: { id: newId() } }))),
    say: (task: string, said: Said, note = '') => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/tasks/{task_id}/{said}', { params: { path: { ...path, task_id: task, said } }, body: { id: newId(), note } }))),
    order: (words: string, unit: string, minutes: number | null) => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/tasks', { ...at, body: { id: newId(), words, unit_id: unit, minutes } }))),
    report: (words: string) => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/situation', { ...at, body: { id: newId(), words } }))),
    level: (body: { level: Incident['level']; response: '' | Incident['level']; why: string; version: number }) => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/level', { ...at, body: { id: newId(), ...body } }))),
    close: (body: { result: string; cause: string; lessons: string; dead: number; injured: number; moved: number; version: number }) => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/close', { ...at, body: { id: newId(), ...body } }))),
    review: (body: { cause: string; lessons: string }) => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/review', { ...at, body: { id: newId(), ...body } }))),
    send: (resource: string, amount: number) => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/resources', { ...at, body: { id: newId(), resource_id: resource, amount, note: '' } }))),
    move: (sent: string, moved: 'on_site' | 'back') => took(unwrap(api.POST('/api/v1/incidents/{incident_id}/resources/{sent_id}/{moved}', { params: { path: { ...path, sent_id: sent, moved } }, body: { id: newId() } }))),
  }
}
