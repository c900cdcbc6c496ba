import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'

import { api, unwrap } from '@/api/client'
import { Refusal, Unreachable } from '@/api/refusal'
import type { CaseView, OfferedAction } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { newId } from '@/shared/ids/newId'
import { usePhotos } from '@/shared/photo/usePhotos'
import { keepForLater } from '@/shared/sync/outbox'

import { bodyOf, missing, type PhotoField, photosAsked, purposes, type StepFields } from './stepForm'

const blank = (): StepFields => ({ id: newId(), note: '', answer: '', reason: '', type: '', solved: null, satisfaction: '', until: '' })

/** One step on one case: its draft, its photos, sending it, or keeping it when there is no network. */
export function useStep(subject: () => CaseView, action: OfferedAction) {
  const { t } = useI18n()
  const queries = useQueryClient()
  const key = `step.${subject().id}.${action.action}`
  const { form, clear } = useDraft<StepFields>(key, blank)
  const pickers = Object.fromEntries(photosAsked(action).map((field) =>
    [field, usePhotos({ url: '/api/v1/files', purpose: purposes[field], draft: `${key}.${field}` })],
  )) as Partial<Record<PhotoField, ReturnType<typeof usePhotos>>>
  const each = Object.values(pickers)
  const error = ref<unknown>(null)
  const lacking = ref<string[]>([])
  const sending = ref(false)

  function counts(): Partial<Record<PhotoField, number>> {
    return Object.fromEntries(Object.entries(pickers).map(([field, picker]) => [field, picker.photos.value.length]))
  }

  async function later(body: ReturnType<typeof bodyOf>): Promise<void> {
    const attached = Object.keys(pickers).map((field) => ({ draft: `${key}.${field}`, into: 'files' as const }))
    const label = `${t('casework.title')} ${subject().number ?? ''} · ${subject().title || subject().text}`.slice(0, 80)
    await keepForLater({ id: body.id, path: `/api/v1/cases/${subject().id}/steps`, body: { ...body }, attached: [...attached], label })
    clear()
  }

  /** Answers what became of it: done, kept for later, or nothing (the form says why). */
  async function send(): Promise<'done' | 'kept' | null> {
    lacking.value = missing(action, form as StepFields, counts())
    if (lacking.value.length) return null
    sending.value = true
    error.value = null
    for (const picker of each) await picker.retry()
    const body = bodyOf(action, form as StepFields, subject().version, each.flatMap((picker) => picker.sentIds.value))
    try {
      if (each.some((picker) => picker.unsent.value)) throw new Unreachable()
      const view = await unwrap(api.POST('/api/v1/cases/{case_id}/steps', { params: { path: { case_id: subject().id } }, body }))
      queries.setQueryData(['case', view.id], view)
      void queries.invalidateQueries({ queryKey: ['cases'] })
      clear()
      for (const picker of each) await picker.clear()
      return 'done'
    } catch (caught) {
      return await failed(caught, body)
    } finally {
      sending.value = false
    }
  }

  async function failed(caught: unknown, body: ReturnType<typeof bodyOf>): Promise<'kept' | null> {
    if (caught instanceof Unreachable) {
      await later(body)
      return 'kept'
    }
    error.value = caught
    if (caught instanceof Refusal && caught.status === 409) await queries.invalidateQueries({ queryKey: ['case', subject().id] })
    return null
  }

  return { form: form as StepFields, pickers, error, lacking, sending, send }
}
