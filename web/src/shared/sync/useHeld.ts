import { computed, ref } from 'vue'

import { Unreachable } from '@/api/refusal'
import type { CaseCard, CaseView } from '@/api/shapes'
import { transact } from '@/shared/drafts/shelf'
import { language } from '@/shared/i18n/i18n'
import { cityZone } from '@/shared/time/cityClock'
import { shortMoment } from '@/shared/time/words'

import { standing } from './operations'
import { rows } from './pull'

/** Asks the server; without a network answers from what the phone holds, and says how old that is. */
export function useHeld() {
  const fetchedAt = ref(0)
  const asOf = computed(() => (fetchedAt.value
    ? shortMoment(new Date(fetchedAt.value).toISOString(), cityZone.value, language.value, Date.now()) : ''))

  async function first<T>(ask: () => Promise<T>, otherwise: () => Promise<T | null>): Promise<T> {
    try {
      const answer = await ask()
      fetchedAt.value = 0
      return answer
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      // From the same store as what is shown, and before it: shown may be newer than it says, never older.
      const { pulled_at } = await transact(['meta'], standing)
      const held = await otherwise()
      if (held === null) throw error
      fetchedAt.value = pulled_at
      return held
    }
  }
  return { asOf, first }
}

export async function heldCase(id: string): Promise<CaseView | null> {
  return (await rows<CaseView>('case')).find((row) => row.id === id)?.data ?? null
}

/** The cases that the phone holds, what is due first on top; `words` narrows them as the search does. */
export async function heldCases(words = ''): Promise<CaseCard[]> {
  const found = (await rows<CaseCard>('case')).map((row) => row.data)
    .filter((card) => !words || `${card.number} ${card.title} ${card.text} ${card.place.words}`.includes(words))
  return found.sort((one, other) => (one.due_at ?? '9').localeCompare(other.due_at ?? '9'))
}
