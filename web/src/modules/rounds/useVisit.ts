import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import type { VisitBody, VisitResult } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { sendOrKeep } from '@/shared/fieldwork/keep'
import { newId } from '@/shared/ids/newId'
import { useKeptPhotos } from '@/shared/photo/useKeptPhotos'

/** Whoever reads no register says where it was in words. */
export const nowhere = 'new'
export type Follow = 'none' | 'task' | 'case'
export interface VisitForm { id: string; nextId: string; result: VisitResult; again: string; met: string; topics: string[]; words: string; place: string; need: string; follow: Follow; dueOn: string; partner: string }
/** `leader`: two should have gone, so the leader of the grid decides; what was written is kept. */
export type Saved = { how: 'kept' } | { how: 'sent'; number: string; photos: string[]; leader: boolean }

export const blank = (): VisitForm => ({ id: newId(), nextId: newId(), result: 'in', again: '', met: '', topics: [], words: '', place: '', need: '', follow: 'none', dueOn: '', partner: '' })

/** What stands in the way, as message keys. */
export function faults(form: VisitForm, household = '', two = false): Partial<Record<'again' | 'need' | 'place' | 'partner', string>> {
  return {
    ...(two && !form.partner && { partner: 'fieldwork.companionMissing' }),
    ...(household === nowhere && !form.place.trim() && { place: 'rounds.placeMissing' }),
    ...(form.result === 'again' && !form.again && { again: 'rounds.dayMissing' }),
    ...(form.follow !== 'none' && !form.need.trim() && { need: 'rounds.needMissing' }),
  }
}

export function payloadOf(form: VisitForm, household: string): Omit<VisitBody, 'id' | 'done_at'> {
  const follow = form.follow === 'none' ? [] : [{
    id: form.nextId, words: form.need.trim(), as_case: form.follow === 'case', ...(form.follow === 'task' && form.dueOn && { due_on: form.dueOn }),
  }]
  return {
    ...(household === nowhere ? { place_words: form.place.trim() } : { household_id: household }), result: form.result, met: form.met.trim(), topics: form.topics, words: form.words.trim(),
    needs: form.need.trim(), ...(form.partner && { partner_id: form.partner }), ...(form.result === 'again' && { again_on: form.again }), follow_ups: follow,
  } as Omit<VisitBody, 'id' | 'done_at'>
}

/** One visit with its words: a draft until the server has it, kept on the phone when there is no line. */
export function useVisit(household: string) {
  const queries = useQueryClient()
  const { form, restored, clear } = useDraft<VisitForm>(`visit.${household}`, blank)
  const picker = useKeptPhotos({ purpose: 'other', draft: `visit.${household}.photos`, most: 6 })
  const busy = ref(false)
  const error = ref<unknown>(null)

  async function save(label: string): Promise<Saved | null> {
    busy.value = true
    error.value = null
    try {
      const photos = picker.taken()
      const payload = { ...payloadOf(form as VisitForm, household), ...(photos.length && { photos: photos.map(({ sha256, purpose }) => ({ sha256, purpose })) }) }
      const kept = await sendOrKeep({ kind: 'visit.record', record: form.id, payload, photos, label })
      clear()
      picker.forget()
      if (kept.how === 'kept') return kept
      void queries.invalidateQueries({ queryKey: ['fieldwork'] })
      return { how: 'sent', number: (kept.result.cases as string[] | undefined)?.[0] ?? '', photos: photos.map((photo) => photo.sha256), leader: kept.state === 'proposal' }
    } catch (caught) {
      error.value = caught
      return null
    } finally {
      busy.value = false
    }
  }
  return { form: form as VisitForm, picker, restored, busy, error, save }
}
