import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { api, unwrap } from '@/api/client'
import type { FieldRound, RoundHome } from '@/api/shapes'
import { keepLast, readLast } from '@/shared/session/lastSeen'
import { cityNow, cityZone } from '@/shared/time/cityClock'
import { localOf } from '@/shared/time/zoned'

const KEY = ['fieldwork', 'round'] as const
const HOUR = 3_600_000

/** The list of homes as the phone keeps it. */
export const keptRound = () => readLast<FieldRound>('round')

export async function readRound(): Promise<FieldRound> {
  const round = await unwrap(api.GET('/api/v1/fieldwork/round'))
  keepLast('round', round)
  return round
}

export function roundQuery() {
  const kept = keptRound()
  return { queryKey: KEY, queryFn: readRound, ...(kept && { initialData: kept.value, initialDataUpdatedAt: kept.at }) }
}

/** How many homes are to be called on by this day and were not yet. */
export function dueBy(homes: readonly Pick<RoundHome, 'due_on' | 'last_at'>[], day: string, zone: string): number {
  return homes.filter((home) => home.due_on <= day && !(home.last_at && localOf(home.last_at, zone).day >= day)).length
}

/** The day's homes for the first page: read once in the morning, so that the phone has them where there is no network. */
export function useDueHomes(enabled: () => boolean) {
  const { data } = useQuery({ ...roundQuery(), enabled: computed(enabled), staleTime: 12 * HOUR, refetchOnWindowFocus: false })
  const today = computed(() => localOf(new Date(cityNow.value).toISOString(), cityZone.value).day)
  return computed(() => (enabled() ? dueBy(data.value?.homes ?? [], today.value, cityZone.value) : 0))
}
