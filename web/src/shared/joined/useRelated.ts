import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'
import { newId } from '@/shared/ids/newId'

type Part = components['schemas']['PartBody']
export interface Splitting { parts: Omit<Part, 'id'>[]; whole: boolean; note: string }

/** What belongs to a case, what may be the same, and the steps that join and part. */
export function useRelated(id: string, version: () => number) {
  const queries = useQueryClient()
  const path = { path: { case_id: id } }
  const related = useQuery({ queryKey: ['related', id], queryFn: () => unwrap(api.GET('/api/v1/cases/{case_id}/related', { params: path })) })
  const doubles = useQuery({
    queryKey: ['doubles', id],
    queryFn: () => unwrap(api.GET('/api/v1/cases/{case_id}/doubles', { params: path })),
    enabled: () => related.data.value?.may.includes('merge') ?? false,
  })
  // One id for each step until it is taken: a repeat after a lost answer is the same step.
  const step = ref(newId())
  const parts = new Map<number, string>()
  const partId = (n: number) => parts.get(n) ?? parts.set(n, newId()).get(n)!

  async function renew(): Promise<void> {
    step.value = newId()
    parts.clear()
    // The case first: of one that is merged no deadline is asked any more.
    await queries.invalidateQueries({ queryKey: ['case'] })
    await Promise.all([['related'], ['doubles'], ['cases'], ['queues']].map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
  const merge = useMutation({
    mutationFn: ({ lead, note }: { lead: string; note: string }) =>
      unwrap(api.POST('/api/v1/cases/{case_id}/merge', { params: path, body: { id: step.value, lead_id: lead, version: version(), note } })),
    onSuccess: renew,
  })
  const unmerge = useMutation({
    mutationFn: (note: string) => unwrap(api.POST('/api/v1/cases/{case_id}/unmerge', { params: path, body: { id: step.value, version: version(), note } })),
    onSuccess: renew,
  })
  const split = useMutation({
    mutationFn: ({ parts: wanted, whole, note }: Splitting) =>
      unwrap(api.POST('/api/v1/cases/{case_id}/split', { params: path, body: { id: step.value, version: version(), whole, note, parts: wanted.map((part, n) => ({ ...part, id: partId(n) })) } })),
    onSuccess: renew,
  })
  const release = useMutation({
    mutationFn: (words: string) => unwrap(api.PUT('/api/v1/cases/{case_id}/release', { params: path, body: { words } })),
    onSuccess: renew,
  })
  return { related, doubles, merge, unmerge, split, release }
}
