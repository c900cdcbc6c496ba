import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { api, unwrap } from '@/api/client'
import type { CaseCard } from '@/api/shapes'
import { newId } from '@/shared/ids/newId'
import { say, waiting } from '@/shared/sync/outbox'
import { rows } from '@/shared/sync/pull'
import { heldCases, useHeld } from '@/shared/sync/useHeld'

export type LateCard = CaseCard & { since: string; told_rung: number }
export type What = 'urge' | 'notice'
export interface Said { id: string; what: What; kept: boolean; number: string }

/** What is late as the phone held it last, the longest first. */
async function heldLate(): Promise<LateCard[]> {
  const found = (await rows<LateCard>('watched')).map((row) => row.data)
  return found.sort((one, other) => one.since.localeCompare(other.since))
}
const sampled = async (): Promise<CaseCard[]> => (await heldCases()).filter((card) => card.state === 'checking')

/** A supervisor's lists, and what he says about one of them: kept on the phone first. */
export function useLate() {
  const queries = useQueryClient()
  const list = ref<'late' | 'sample' | 'mine'>('late')
  const { asOf, first } = useHeld()
  const late = useQuery({
    queryKey: ['supervision', 'list', 'late', 'held'],
    queryFn: () => first<LateCard[]>(async () => (await unwrap(api.GET('/api/v1/supervision/cases', { params: { query: { list: 'late' } } }))).items as LateCard[], heldLate),
  })
  const sample = useQuery({
    queryKey: ['cases', 'sample'],
    queryFn: () => first<CaseCard[]>(async () => (await unwrap(api.GET('/api/v1/cases', { params: { query: { queue: 'to_sample', limit: 100 } } }))).items as CaseCard[], sampled),
  })
  const unsent = computed(() => new Map(waiting.value.filter((one) => ['supervision.issue', 'case.step', 'check.record'].includes(one.operation.kind)).map((one) => [one.operation.record, one.operation.kind])))

  const checksWaiting = computed(() => waiting.value.filter((one) => one.operation.kind === 'check.record'))

  async function send(card: LateCard, what: What, words: string): Promise<Said> {
    const label = `${card.number ?? ''} ${card.title || card.text}`.slice(0, 80)
    const typed = { id: newId(), record: card.id, label }
    const [outcome] = await say(what === 'notice'
      ? { ...typed, kind: 'supervision.issue', payload: { kind: 'notice', reason: words } }
      : { ...typed, kind: 'case.step', payload: { action: 'urge', note: words } })
    if (outcome?.how === 'refused') throw outcome.refusal
    void queries.invalidateQueries({ queryKey: ['supervision'] })
    const number = outcome?.how === 'sent' ? String(outcome.receipt.result.number ?? '') : ''
    return { id: card.id, what, kept: outcome?.how !== 'sent', number }
  }
  return { list, late, sample, asOf, unsent, checksWaiting, send }
}
