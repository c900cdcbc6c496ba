import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import type { RoundHome, VisitResult } from '@/api/shapes'
import { useCompanion } from '@/shared/fieldwork/companion'
import { sendOrKeep } from '@/shared/fieldwork/keep'
import { roundQuery } from '@/shared/fieldwork/round'
import { newId } from '@/shared/ids/newId'
import { keepLast } from '@/shared/session/lastSeen'
import { cityNow, cityZone } from '@/shared/time/cityClock'
import { localOf } from '@/shared/time/zoned'

export type Show = 'left' | 'care' | 'all'

/** Whether the numbers that were typed stand in an address, in their order. */
export function finds(home: Pick<RoundHome, 'place'>, typed: string): boolean {
  const parts = typed.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  let rest = home.place.toLowerCase()
  return parts.every((part) => {
    const at = rest.indexOf(part)
    if (at >= 0) rest = rest.slice(at + part.length)
    return at >= 0
  })
}

/** The homes of a tab; one that was called on just now stays in sight with its mark. */
export function shown(homes: readonly RoundHome[], show: Show, typed: string, day: string, marked: ReadonlySet<string>): RoundHome[] {
  const today = (home: RoundHome) => !!home.last_at && localOf(home.last_at, cityZone.value).day >= day
  return homes.filter((home) => {
    if (typed.trim() && !finds(home, typed)) return false
    if (show === 'left') return marked.has(home.id) || !today(home)
    return show === 'all' || home.care.length > 0
  })
}

export function useRound() {
  const query = useQuery({ ...roundQuery(), refetchOnMount: 'always' })
  const marks = ref<Record<string, VisitResult>>({})
  const marked = computed(() => new Set(Object.keys(marks.value)))
  const { companion, goWith } = useCompanion()
  const error = ref<unknown>(null)
  const keptHere = ref(false)
  /** The phone did not know that two go there: the leader of the grid decides. */
  const toLeader = ref(false)

  /** What the phone keeps of the list says at once that somebody was there. */
  function remember(home: RoundHome, result: VisitResult): void {
    const round = query.data.value
    if (!round) return
    const at = new Date(cityNow.value).toISOString()
    keepLast('round', { ...round, homes: round.homes.map((one) => (one.id === home.id ? { ...one, last_result: result, last_at: at } : one)) })
  }

  let latest = ''

  async function mark(home: RoundHome, result: VisitResult): Promise<void> {
    error.value = null
    latest = home.id
    try {
      const kept = await sendOrKeep({ kind: 'visit.record', record: newId(), payload: { household_id: home.id, result, ...(companion.value && { partner_id: companion.value }) }, label: home.place }, () => { marks.value = { ...marks.value, [home.id]: result } })
      // A door that was answered late says nothing of the one after it.
      if (latest === home.id) keptHere.value = kept.how === 'kept'
      toLeader.value = kept.how === 'sent' && kept.state === 'proposal'
      remember(home, result)
    } catch (caught) {
      marks.value = Object.fromEntries(Object.entries(marks.value).filter(([id]) => id !== home.id))
      error.value = caught
    }
  }
  return { ...query, companion, goWith, marks, marked, mark, error, keptHere, toLeader, loadError: query.error }
}
