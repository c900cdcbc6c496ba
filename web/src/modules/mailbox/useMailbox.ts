import './cards.css'

import { useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { desk } from '@/api/desk'
import type { Option } from '@/shared/desk/options'
import { useWork } from '@/shared/ui/useWork'

export type Only = 'day' | 'mine' | 'missed'
export type Box = 'to_sort' | 'group' | 'talk' | 'wishes' | 'to_post'

export function useOpenings(only: Only, days = 1) {
  return useQuery({ queryKey: ['mailbox', 'openings', only, days], queryFn: () => unwrap(api.GET('/api/v1/mailbox/openings', { params: { query: { only, days } } })) })
}

export function useMatters(box: Box | Ref<Box>) {
  return useQuery({
    queryKey: ['mailbox', 'matters', box],
    queryFn: () => unwrap(api.GET('/api/v1/mailbox/matters', { params: { query: { box: typeof box === 'string' ? box : box.value } } })),
  })
}

export function useBoxes() {
  return useQuery({ queryKey: ['mailbox', 'boxes'], queryFn: () => unwrap(api.GET('/api/v1/mailbox/boxes')) })
}

/** Sends one thing at a time; what stands on the pages of the mailbox is asked for again afterwards. */
export function useSend() {
  const queries = useQueryClient()
  const { busy, error, during } = useWork()
  const send = <T>(what: () => Promise<T>) => during(async () => {
    const answer = await what()
    void queries.invalidateQueries({ queryKey: ['mailbox'] })
    return answer
  })
  return { busy, error, send }
}

/** Staff by name, as whoever opens a box. */
export async function findPeople(words: string): Promise<Option[]> {
  const { items } = await unwrap(desk.GET('/api/v1/people', { params: { query: { ...(words && { q: words }), limit: 40 } } }))
  return items.map((person) => ({ value: person.id, label: person.name, hint: person.posts[0]?.title || person.posts[0]?.area?.name || '' }))
}
