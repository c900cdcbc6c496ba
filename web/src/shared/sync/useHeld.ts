import { computed, ref } from 'vue'

import { Unreachable } from '@/api/refusal'
import type { CaseCard, CaseView } from '@/api/shapes'
import { language } from '@/shared/i18n/i18n'
import { cityZone } from '@/shared/time/cityClock'
import { shortMoment } from '@/shared/time/words'

import { now } from './outbox'
import { rows } from './pull'

/** Asks the server; without a network answers from what the phone holds, and says how old that is. */
export function useHeld() {
  const fromPhone = ref(false)
  const asOf = computed(() => (fromPhone.value && now.value.pulled_at
    ? shortMoment(new Date(now.value.pulled_at).toISOString(), cityZone.value, language.value, Date.now()) : ''))

  async function first<T>(ask: () => Promise<T>, otherwise: () => Promise<T | null>): Promise<T> {
    try {
      const answer = await ask()
      fromPhone.value = false
      return answer
    } catch (error) {
      const held = error instanceof Unreachable ? await otherwise() : null
      if (held === null) throw error
      fromPhone.value = true
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
