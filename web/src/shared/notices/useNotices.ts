import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { Notice } from '@/api/shapes'

/** One's own notices, newest first. */
export function useNotices() {
  return useQuery({
    queryKey: ['notices', 'list'],
    queryFn: () => unwrap(api.GET('/api/v1/notices', { params: { query: { limit: 100 } } })),
  })
}

/** How many are unread; shown on the tab. */
export function useUnread() {
  const { data } = useNotices()
  return computed(() => data.value?.unread ?? 0)
}

export function useReadNotice() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (notice: Pick<Notice, 'id'>) => unwrap(api.POST('/api/v1/notices/{notice_id}/read', { params: { path: { notice_id: notice.id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['notices'] }),
  })
}
