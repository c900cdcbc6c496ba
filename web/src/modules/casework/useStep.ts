import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { Refusal } from '@/api/refusal'
import type { CaseView, OfferedAction } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'
import { useKeptPhotos } from '@/shared/photo/useKeptPhotos'
import { blankPlace } from '@/shared/place/usePlace'
import { say } from '@/shared/sync/outbox'

import { bodyOf, missing, type PhotoField, photosAsked, purposes, type StepFields } from './stepForm'

export type Ended = 'done' | 'kept' | 'proposed'
const blank = (): StepFields => ({ id: newId(), note: '', answer: '', reason: '', type: '', solved: null, satisfaction: '', until: '', place: blankPlace() })

/** One step on one case: its draft, its photos, sending it, or keeping it when there is no network. */
export function useStep(subject: () => CaseView, action: OfferedAction, also: () => string[] = () => []) {
  const queries = useQueryClient()
  const key = `step.${subject().id}.${action.action}`
  const { form, clear } = useDraft<StepFields>(key, blank)
  const pickers = Object.fromEntries(photosAsked(action).map((field) =>
    [field, useKeptPhotos({ purpose: purposes[field], draft: `${key}.${field}` })],
  )) as Partial<Record<PhotoField, ReturnType<typeof useKeptPhotos>>>
  const each = Object.values(pickers)
  const error = ref<unknown>(null)
  const lacking = ref<string[]>([])
  const sending = ref(false)

  function counts(): Partial<Record<PhotoField, number>> {
    return Object.fromEntries(Object.entries(pickers).map(([field, picker]) => [field, picker.photos.value.length]))
  }

  /** Answers what became of it: done, kept for later, only proposed, or nothing (the form says why). */
  async function send(): Promise<Ended | null> {
    lacking.value = missing(action, form as StepFields, counts(), also())
    if (lacking.value.length) return null
    sending.value = true
    error.value = null
    try {
      return await go()
    } catch (caught) {
      error.value = caught
      if (caught instanceof Refusal) await queries.invalidateQueries({ queryKey: ['case', subject().id] })
      return null
    } finally {
      sending.value = false
    }
  }

  async function go(): Promise<Ended> {
    const photos = each.flatMap((picker) => picker.taken())
    const { id, version, ...payload } = bodyOf(action, form as StepFields, subject().version)
    const [outcome] = await say({
      kind: 'case.step', id, record: subject().id, photos, based_on: { version }, done_at: new Date().toISOString(),
      label: `${inWords(action)} · ${subject().number ?? ''} ${subject().title || subject().text}`.slice(0, 80),
      payload: { ...payload, photos: photos.map(({ sha256, purpose }) => ({ sha256, purpose })) },
    })
    if (outcome?.how === 'refused') {
      // The next try is another operation.
      form.id = newId()
      throw outcome.refusal
    }
    clear()
    for (const picker of each) picker.forget()
    if (outcome?.how !== 'sent') return 'kept'
    await queries.invalidateQueries({ queryKey: ['case', subject().id] })
    void queries.invalidateQueries({ queryKey: ['cases'] })
    return outcome.receipt.state === 'proposal' ? 'proposed' : 'done'
  }

  return { form: form as StepFields, pickers, error, lacking, sending, send }
}
