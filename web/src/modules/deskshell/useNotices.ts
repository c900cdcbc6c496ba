import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { Notice } from '@/api/shapes'

/** Messages to the person who is signed in; read means seen by him. */
export function useNotices() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['notices'], queryFn: async () => unwrap(api.GET('/api/v1/notices')) })
  const notices = computed<Notice[]>(() => query.data.value?.items ?? [])
  const unread = computed(() => notices.value.filter((notice) => !notice.read_at).length)
  const read = useMutation({
    mutationFn: async (id: string) => unwrap(api.POST('/api/v1/notices/{notice_id}/read', { params: { path: { notice_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['notices'] }),
  })
  return { ...query, notices, unread, read: read.mutate }
}
