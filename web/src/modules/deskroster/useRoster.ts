import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'

import { unwrap } from '@/api/client'
import { desk, type NewShift } from '@/api/desk'

/** A unit's week and who would be woken now. */
export function useRoster(unit: () => string | null, day: () => string) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['roster', unit, day],
    queryFn: async () => unwrap(desk.GET('/api/v1/roster', { params: { query: { unit: unit()!, ...(day() && { day: `${day()}T12:00:00Z` }) } } })),
    enabled: () => unit() !== null,
  })
  const renew = () => queries.invalidateQueries({ queryKey: ['roster'] })
  const add = useMutation({ mutationFn: async (shift: NewShift) => unwrap(desk.POST('/api/v1/roster', { body: shift })), onSuccess: renew })
  const remove = useMutation({
    mutationFn: async (id: string) => unwrap(desk.DELETE('/api/v1/roster/{id}', { params: { path: { id } } })),
    onSuccess: renew,
  })
  const swap = useMutation({
    mutationFn: async (body: { id: string; shift_id: string; other_id: string; words: string }) => unwrap(desk.POST('/api/v1/roster/swaps', { body })),
    onSuccess: renew,
  })
  const standIn = useMutation({
    mutationFn: async (body: { id: string; shift_id: string; to: string; words: string; begins: string; ends: string }) => unwrap(desk.POST('/api/v1/roster/stand-ins', { body })),
    onSuccess: renew,
  })
  return { ...query, add, remove, swap, standIn }
}
