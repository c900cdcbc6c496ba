import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref, watch } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type DeskCard } from '@/api/desk'

/** Emergencies that nobody has taken in hand yet, oldest first. */
export function waiting(cards: readonly DeskCard[]): DeskCard[] {
  return cards.filter((card) => card.state === 'reported')
    .sort((one, other) => Date.parse(one.received_at) - Date.parse(other.received_at))
}

/** Calls `ring` when an emergency waits that was not there before; never for those found at the first look. */
export function ringForNew(cards: Ref<readonly DeskCard[] | undefined>, ring: () => void): void {
  let known: Set<string> | null = null
  watch(cards, (now) => {
    if (!now) return
    const before = known
    known = new Set([...(before ?? []), ...now.map((card) => card.id)])
    if (before && now.some((card) => !before.has(card.id))) ring()
  }, { immediate: true })
}

export function useEmergencies(enabled: () => boolean) {
  const query = useQuery({
    // Under `cases`, so that the live line renews it.
    queryKey: ['cases', 'emergencies'],
    queryFn: async () => unwrap(desk.GET('/api/v1/cases', { params: { query: { emergency: true, open: true, limit: 50 } } })),
    enabled,
    refetchInterval: 60_000,
  })
  const cards = computed(() => (query.data.value ? waiting(query.data.value.items) : undefined))
  return { cards }
}
