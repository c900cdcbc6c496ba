import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { useSession } from '@/shared/session/session'

import { bodyOf, type Box, type Call, type Said, type Whistle, type Words } from './wire'

/** One list of whistles, page by page. */
export function useWhistles(box: Ref<Box>) {
  const session = useSession()
  const query = useInfiniteQuery({
    queryKey: ['whistles', 'list', box],
    queryFn: async ({ pageParam }) => unwrap(api.GET('/api/v1/whistles', { params: { query: { box: box.value, ...(pageParam && { cursor: pageParam }) } } })),
    // Volunteers and helpers see no cases, so no whistles either: their page does not ask.
    enabled: () => session.may('case.read'),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? [])
  return { ...query, items }
}

/** One whistle, and every word that may be said of it; the answer of each takes its place. */
export function useWhistle(id: string) {
  const queries = useQueryClient()
  const key = ['whistles', 'one', id]
  const query = useQuery({ queryKey: key, queryFn: () => unwrap(api.GET('/api/v1/whistles/{whistle_id}', { params: { path: { whistle_id: id } } })) })

  async function took(answer: Promise<Whistle>): Promise<void> {
    try {
      queries.setQueryData(key, await answer)
      void queries.invalidateQueries({ queryKey: ['whistles', 'list'] })
      void queries.invalidateQueries({ queryKey: ['whistles', 'rates'] })
    } catch (caught) {
      void query.refetch()
      throw caught
    }
  }
  const path = { whistle_id: id }
  const say = (call: Call, action: Said, words: Words, version: number) => took(unwrap(api.POST('/api/v1/whistles/{whistle_id}/calls/{call_id}/steps', {
    params: { path: { ...path, call_id: call.id } }, body: bodyOf(action, words, version) as { id: string; action: 'arrive'; version: number },
  })))
  const conclude = (body: { id: string; version: number; outcome: 'solved' | 'partly' | 'unsolved'; conclusion: string }) => took(unwrap(api.POST('/api/v1/whistles/{whistle_id}/conclusion', { params: { path }, body })))
  const cancel = (body: { id: string; version: number; note: string }) => took(unwrap(api.POST('/api/v1/whistles/{whistle_id}/cancel', { params: { path }, body })))
  const rate = (call: Call, body: { side: 'whistler' | 'unit'; grade: string; note: string }) => took(unwrap(api.POST('/api/v1/whistles/{whistle_id}/calls/{call_id}/rating', { params: { path: { ...path, call_id: call.id } }, body })))
  return { ...query, say, conclude, cancel, rate }
}
