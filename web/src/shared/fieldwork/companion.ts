import { ref } from 'vue'

import type { FieldRound } from '@/api/shapes'
import { keepLast, readLast } from '@/shared/session/lastSeen'
import { cityNow, cityZone } from '@/shared/time/cityClock'
import { localOf } from '@/shared/time/zoned'

import { keptRound } from './round'

export type Companion = FieldRound['companions'][number]

/** Who goes along today: chosen once, kept on this phone for the day; '' means alone. */
export function useCompanion() {
  const { day } = localOf(new Date(cityNow.value).toISOString(), cityZone.value)
  const kept = readLast<{ day: string; id: string }>('companion')?.value
  const companion = ref(kept && kept.day === day ? kept.id : '')
  function goWith(id: string): void {
    companion.value = id
    keepLast('companion', { day, id })
  }
  return { companion, goWith }
}

/** Those whom the phone knows from the list of homes, without a network too. */
export const companions = (): Companion[] => keptRound()?.value.companions ?? []
