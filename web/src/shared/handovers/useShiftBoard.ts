import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'

import { api, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

type Wire = components['schemas']
export type ShiftBoard = Wire['ShiftBoard']
export type ShiftContent = Wire['ShiftContent']
export type ShiftHandover = Wire['ShiftHandover']

/** Of one unit: my shift to hand over, what I am to take over, what was lent, what is missing. */
export function useShiftBoard(unit: () => string | null) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['cases', 'shift', unit],
    queryFn: () => unwrap(api.GET('/api/v1/shifts/handovers', { params: { query: { unit: unit()! } } })),
    enabled: () => unit() !== null,
  })
  const renew = () => queries.invalidateQueries({ queryKey: ['cases', 'shift'] })
  const give = useMutation({
    mutationFn: (body: { id: string; shift_id: string; words: string }) => unwrap(api.POST('/api/v1/shifts/handovers', { body })),
    onSuccess: renew,
  })
  const take = useMutation({
    mutationFn: ({ id, note }: { id: string; note: string }) => unwrap(api.POST('/api/v1/shifts/handovers/{handover_id}/take', { params: { path: { handover_id: id } }, body: { note } })),
    onSuccess: renew,
  })
  const lend = useMutation({
    mutationFn: (body: { id: string; unit: string; what: string; to_whom: string; due: string | null }) => unwrap(api.POST('/api/v1/shifts/lent', { body })),
    onSuccess: renew,
  })
  const giveBack = useMutation({
    mutationFn: (item_id: string) => unwrap(api.POST('/api/v1/shifts/lent/{item_id}/return', { params: { path: { item_id } } })),
    onSuccess: renew,
  })
  return { ...query, give, take, lend, giveBack }
}
