import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { Unreachable } from '@/api/refusal'
import type { VisitBody, VisitResult } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { newId } from '@/shared/ids/newId'
import { keepForLater } from '@/shared/sync/outbox'
import { cityNow } from '@/shared/time/cityClock'

/** Whoever reads no register says where it was in words. */
export const nowhere = 'new'
export type Follow = 'none' | 'task' | 'case'
export interface VisitForm { id: string; nextId: string; result: VisitResult; again: string; met: string; topics: string[]; words: string; place: string; need: string; follow: Follow; dueOn: string }
export type Saved = { how: 'kept' } | { how: 'sent'; number: string }

export const blank = (): VisitForm => ({ id: newId(), nextId: newId(), result: 'in', again: '', met: '', topics: [], words: '', place: '', need: '', follow: 'none', dueOn: '' })

/** What stands in the way, as message keys. */
export function faults(form: VisitForm, household = ''): Partial<Record<'again' | 'need' | 'place', string>> {
  return {
    ...(household === nowhere && !form.place.trim() && { place: 'rounds.placeMissing' }),
    ...(form.result === 'again' && !form.again && { again: 'rounds.dayMissing' }),
    ...(form.follow !== 'none' && !form.need.trim() && { need: 'rounds.needMissing' }),
  }
}

export function bodyOf(form: VisitForm, household: string, doneAt: string): VisitBody {
  const follow = form.follow === 'none' ? [] : [{
    id: form.nextId, words: form.need.trim(), as_case: form.follow === 'case', ...(form.follow === 'task' && form.dueOn && { due_on: form.dueOn }),
  }]
  return {
    id: form.id, ...(household === nowhere ? { place_words: form.place.trim() } : { household_id: household }), result: form.result, done_at: doneAt, met: form.met.trim(), topics: form.topics, words: form.words.trim(),
    needs: form.need.trim(), ...(form.result === 'again' && { again_on: form.again }), follow_ups: follow,
  } as VisitBody
}

/** One visit with its words: a draft until the server has it, kept on the phone when there is no line. */
export function useVisit(household: string) {
  const queries = useQueryClient()
  const { form, restored, clear } = useDraft<VisitForm>(`visit.${household}`, blank)
  const busy = ref(false)
  const error = ref<unknown>(null)

  async function save(label: string): Promise<Saved | null> {
    const body = bodyOf(form as VisitForm, household, new Date(cityNow.value).toISOString())
    busy.value = true
    error.value = null
    try {
      const answer = await unwrap(api.POST('/api/v1/fieldwork/visits', { body }))
      void queries.invalidateQueries({ queryKey: ['fieldwork'] })
      clear()
      return { how: 'sent', number: answer.cases?.[0] ?? '' }
    } catch (caught) {
      if (!(caught instanceof Unreachable)) {
        error.value = caught
        return null
      }
      await keepForLater({ id: body.id, path: '/api/v1/fieldwork/visits', body: { ...body }, attached: [], label })
      clear()
      return { how: 'kept' }
    } finally {
      busy.value = false
    }
  }
  return { form: form as VisitForm, restored, busy, error, save }
}
