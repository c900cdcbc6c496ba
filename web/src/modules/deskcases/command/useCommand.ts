import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, type Ref, watch } from 'vue'

import { api, unwrap } from '@/api/client'
import { desk } from '@/api/desk'
import type { components } from '@/api/schema'
import { useTenant } from '@/shared/session/tenant'
import { cityNow } from '@/shared/time/cityClock'

type Wire = components['schemas']
export type Command = Wire['CommandView']
export type Call = Wire['OrderedUnit']
export type Reached = Wire['ReachedPerson']
export type Tab = 'urgent' | 'overdue' | 'dispatch' | 'awaited'
export const tabs: Tab[] = ['urgent', 'overdue', 'dispatch', 'awaited']
export interface Line { id: string; title: string; number: string | null; state: string; due: string | null; light: string; place: string; urgent: boolean; alarm: boolean; note: string; late: boolean }

const most = 50
const listed = (query: Record<string, unknown>) => unwrap(desk.GET('/api/v1/cases', { params: { query: { limit: most, ...query } as never } }))

/** The four lists of the command desk; the live line renews them all, because they lie under `cases`. */
export function useLists() {
  const ask = (tab: Tab, query: Record<string, unknown>) => useQuery({ queryKey: ['cases', 'command', tab], queryFn: () => listed(query) })
  const pages = {
    urgent: ask('urgent', { emergency: true, open: true }), overdue: ask('overdue', { light: 'red', open: true }), dispatch: ask('dispatch', { queue: 'to_dispatch' }),
  }
  const alarms = useQuery({ queryKey: ['cases', 'alarms'], queryFn: () => unwrap(desk.GET('/api/v1/alarms')) })
  const awaited = useQuery({ queryKey: ['cases', 'command', 'awaited'], queryFn: () => unwrap(api.GET('/api/v1/command/awaited')), refetchInterval: 30_000 })
  const rung = computed(() => new Set((alarms.data.value?.items ?? []).map((one) => one.case_id)))
  const lines = computed<Record<Tab, Line[]>>(() => ({
    ...Object.fromEntries((['urgent', 'overdue', 'dispatch'] as const).map((tab) => [tab, (pages[tab].data.value?.items ?? []).map((card): Line => ({
      id: card.id, title: card.title || card.text, number: card.number, state: card.state, due: card.due_at, light: card.light ?? 'none',
      place: card.place.words || card.place.names.slice(-2).join(' '), urgent: card.emergency.length > 0, alarm: rung.value.has(card.id), note: '', late: false,
    })).sort((one, other) => Number(other.alarm) - Number(one.alarm))])) as Record<'urgent' | 'overdue' | 'dispatch', Line[]>,
    awaited: (awaited.data.value?.items ?? []).map((one): Line => ({
      id: one.case_id, title: one.title, number: one.number, state: one.state, due: one.answer_by, light: one.late ? 'red' : 'none', place: '', urgent: false, alarm: false,
      note: one.units.join('\u3001'), late: one.late,
    })),
  }))
  const states = computed(() => ({ urgent: pages.urgent, overdue: pages.overdue, dispatch: pages.dispatch, awaited }))
  return { lines, states }
}

/** What stands beside one case; it lies under the case, so that each step of anybody renews it. */
export function useCommand(id: string) {
  const queries = useQueryClient()
  const key = ['case', id, 'command']
  const path = { params: { path: { case_id: id } } }
  const query = useQuery({ queryKey: key, queryFn: () => unwrap(api.GET('/api/v1/cases/{case_id}/command', path)) })

  function took(answer: Command): void {
    queries.setQueryData(key, answer)
    void queries.invalidateQueries({ queryKey: ['cases'] })
    void queries.invalidateQueries({ queryKey: ['case', id], exact: true })
  }
  const send = async (body: Wire['SendOutBody']) => took(await unwrap(api.POST('/api/v1/cases/{case_id}/command/orders', { ...path, body })))
  const tell = async (body: Wire['WordByPostBody']) => took(await unwrap(api.POST('/api/v1/cases/{case_id}/command/words', { ...path, body })))
  const together = async (group: string) => took(await unwrap(api.POST('/api/v1/cases/{case_id}/command/group', { ...path, body: { id: group } })))
  return { ...query, send, tell, together }
}

/** The city's clock by the second, for what is counted down. */
export function useSeconds(): Ref<number> {
  const { tenant } = useTenant()
  const now = ref(cityNow.value)
  let base = [cityNow.value, Date.now()] as const
  watch(cityNow, (at) => {
    base = [at, Date.now()]
    now.value = at
  })
  const timer = setInterval(() => { now.value = tenant.value?.frozen ? cityNow.value : base[0] + Date.now() - base[1] }, 1000)
  onScopeDispose(() => clearInterval(timer))
  return now
}

/** A span as minutes and seconds: 4:07. */
export function clockOf(seconds: number): string {
  const size = Math.abs(Math.round(seconds))
  return `${Math.floor(size / 60)}:${String(size % 60).padStart(2, '0')}`
}
