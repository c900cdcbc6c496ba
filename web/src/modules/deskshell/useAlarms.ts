import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref, watch } from 'vue'

import { unwrap } from '@/api/client'
import { type Alarm, desk, type DeskCard } from '@/api/desk'
import type { Words } from '@/api/shapes'
import { newId } from '@/shared/ids/newId'

/** An emergency as the banner shows it; `open` says that people are being woken and somebody may take it in hand. */
export interface Waiting { case_id: string; title: string; place: string; group: Words | null; raised_at: string; open: boolean }

/**
 * Open alarms, and emergencies that nobody has touched since they came: their alarm is only a moment away.
 * The longest waiting first.
 */
export function waiting(alarms: readonly Alarm[], cards: readonly DeskCard[]): Waiting[] {
  const found: Waiting[] = alarms.map((alarm) => ({
    case_id: alarm.case_id, title: alarm.title, place: alarm.place_words || (alarm.names.at(-1) ?? ''), group: alarm.groups[0] ?? null,
    raised_at: alarm.raised_at, open: true,
  }))
  const known = new Set(alarms.map((alarm) => alarm.case_id))
  for (const card of cards) {
    if (known.has(card.id) || card.state !== 'reported' || card.version > 1) continue
    const place = card.place.words || (card.place.names.at(-1) ?? '')
    found.push({ case_id: card.id, title: card.title || card.text, place, group: null, raised_at: card.received_at, open: false })
  }
  return found.sort((one, other) => Date.parse(one.raised_at) - Date.parse(other.raised_at))
}

/** Calls `ring` when an emergency waits that was not there before; never for those found at the first look. */
export function ringForNew(alarms: Ref<readonly Waiting[] | undefined>, ring: () => void): void {
  let known: Set<string> | null = null
  watch(alarms, (now) => {
    if (!now) return
    const before = known
    known = new Set([...(before ?? []), ...now.map((alarm) => alarm.case_id)])
    if (before && now.some((alarm) => !before.has(alarm.case_id))) ring()
  }, { immediate: true })
}

/** Emergencies that nobody has taken in hand, and taking one in hand. */
export function useAlarms(enabled: () => boolean) {
  const queries = useQueryClient()
  const query = useQuery({
    // Under `cases`, so that the live line renews it.
    queryKey: ['cases', 'alarms'],
    queryFn: async () => unwrap(desk.GET('/api/v1/alarms')),
    enabled,
    refetchInterval: 15_000,
  })
  const untouched = useQuery({
    queryKey: ['cases', 'emergencies'],
    queryFn: async () => unwrap(desk.GET('/api/v1/cases', { params: { query: { emergency: true, open: true, limit: 50 } } })),
    enabled,
  })
  const take = useMutation({
    mutationFn: async (id: string) => unwrap(desk.POST('/api/v1/cases/{id}/alarm/acknowledge', { params: { path: { id } }, body: { id: newId() } })),
    onSettled: (_answer, _error, id) => {
      for (const queryKey of [['cases'], ['queues'], ['case', id]]) void queries.invalidateQueries({ queryKey })
    },
  })
  const alarms = computed(() => (query.data.value && untouched.data.value ? waiting(query.data.value.items, untouched.data.value.items) : undefined))
  return { alarms, take }
}
