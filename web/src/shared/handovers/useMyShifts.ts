import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type MyShift = components['schemas']['MyShift']
interface SwapBody { id: string; shift_id: string; other_id: string; words: string }
interface StandInBody { id: string; shift_id: string; to: string; words: string; begins: string; ends: string }
export type MyChange = components['schemas']['MyChange']

/** My shifts of the next two weeks, and the swaps and stand-ins that wait for my word. */
export function useMyShifts() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['roster', 'mine'], queryFn: () => unwrap(api.GET('/api/v1/roster/mine')) })
  const renew = () => queries.invalidateQueries({ queryKey: ['roster'] })
  const path = (change_id: string) => ({ path: { change_id } })
  const say = useMutation({
    mutationFn: ({ change, agree }: { change: MyChange; agree: boolean }) => unwrap(change.may_decide
      ? api.POST('/api/v1/roster/changes/{change_id}/decision', { params: path(change.id), body: { agree, why: '' } })
      : api.POST('/api/v1/roster/changes/{change_id}/answer', { params: path(change.id), body: { agree, why: '' } })),
    onSettled: renew,
  })
  const withdraw = useMutation({
    mutationFn: (change: MyChange) => unwrap(api.POST('/api/v1/roster/changes/{change_id}/withdraw', { params: path(change.id) })),
    onSettled: renew,
  })
  /** For another's shift, or for somebody to stand in. */
  const ask = useMutation({
    mutationFn: (body: SwapBody | StandInBody) => unwrap('other_id' in body ? api.POST('/api/v1/roster/swaps', { body }) : api.POST('/api/v1/roster/stand-ins', { body })),
    onSuccess: renew,
  })
  /** Absences: while I am away my deputy is called. */
  const away = useMutation({ mutationFn: (body: { id: string; account_id: string | null; begins: string; ends: string }) => unwrap(api.POST('/api/v1/roster/absences', { body })), onSuccess: renew })
  const back = useMutation({ mutationFn: (absence_id: string) => unwrap(api.POST('/api/v1/roster/absences/{absence_id}/end', { params: { path: { absence_id } } })), onSettled: renew })
  return { ...query, say, withdraw, ask, away, back }
}
