import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import { useSession } from '@/shared/session/session'

import { unreadOf } from './marks'

/** Groups one is in or runs, and how much in each is new on this device. */
export function useGroups() {
  const session = useSession()
  const query = useQuery({
    queryKey: ['groups'],
    queryFn: () => unwrap(api.GET('/api/v1/groups')),
    enabled: () => session.may('case.report'),
  })
  const items = computed(() => (query.data.value?.items ?? []).map((one) => ({ ...one, unread: unreadOf(one.id, one.recent) })))
  const mine = computed(() => items.value.filter((one) => one.member))
  const unread = computed(() => mine.value.reduce((sum, one) => sum + one.unread, 0))
  return { ...query, items, mine, unread }
}
