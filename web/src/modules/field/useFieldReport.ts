import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { api, unwrap } from '@/api/client'
import { Unreachable } from '@/api/refusal'
import type { CaseType, NewCase, StaffReceipt } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords, language } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'
import { blankPlace, type PlaceForm } from '@/shared/place/usePlace'
import { useSession } from '@/shared/session/session'
import { type Attached, keepForLater } from '@/shared/sync/outbox'

export interface FieldForm {
  id: string
  stepId: string
  text: string
  type: string
  settled: boolean
  how: string
  place: PlaceForm
}
export interface Photos { before: string[]; after: string[]; unsent: number }
export type Sent = { how: 'sent'; receipt: StaffReceipt; settled: boolean } | { how: 'kept' }

const blank = (): FieldForm => ({ id: newId(), stepId: newId(), text: '', type: '', settled: false, how: '', place: blankPlace() })

/** What stands in the way, as message keys. */
export function faults(form: FieldForm): Partial<Record<'text' | 'how', string>> {
  return {
    ...(!form.type && !form.text.trim() && { text: 'field.nothing' }),
    ...(form.settled && !form.how.trim() && { how: 'field.howMissing' }),
  }
}

/** The body of a report from the field; without words the type's name is what is said. */
export function bodyOf(form: FieldForm, type: CaseType | null, photos: Photos, channel: string, foundAt: string): NewCase {
  const { place } = form
  const body: NewCase = { id: form.id, channel, text: form.text.trim() || inWords(type), files: photos.before, found_at: foundAt, locale: language.value }
  if (form.type) body.type = form.type
  if (place.lon !== null && place.lat !== null) Object.assign(body, { lon: place.lon, lat: place.lat })
  if (place.words.trim()) body.place_words = place.words.trim()
  if (form.settled) body.self_handle = { id: form.stepId, note: form.how.trim(), files: photos.after }
  return body
}

/** One report by staff: a draft until the server has it, kept on the phone when there is no network. */
export function useFieldReport(draft: string) {
  const queries = useQueryClient()
  const session = useSession()
  const { form, restored, clear } = useDraft<FieldForm>(draft, blank)
  const error = ref<unknown>(null)
  const sending = ref(false)

  async function keep(body: NewCase): Promise<Sent> {
    const attached: Attached[] = [{ draft: `${draft}.before`, into: 'files' }]
    if (body.self_handle) attached.push({ draft: `${draft}.after`, into: 'self_handle.files' })
    await keepForLater({ id: body.id, path: '/api/v1/cases', body: { ...body }, attached, label: body.text.slice(0, 80) })
    return { how: 'kept' }
  }

  async function send(type: CaseType | null, photos: Photos, foundAt: string): Promise<Sent | null> {
    const channel = session.post?.role === 'property_manager' ? 'property' : 'worker'
    const body = bodyOf(form as FieldForm, type, photos, channel, foundAt)
    sending.value = true
    error.value = null
    try {
      if (photos.unsent) throw new Unreachable()
      const receipt = await unwrap(api.POST('/api/v1/cases', { body }))
      queries.setQueryData(['case', receipt.case.id], receipt.case)
      void queries.invalidateQueries({ queryKey: ['cases'] })
      return { how: 'sent', receipt, settled: !!body.self_handle }
    } catch (caught) {
      if (caught instanceof Unreachable) return await keep(body)
      error.value = caught
      return null
    } finally {
      sending.value = false
    }
  }

  return { form: form as FieldForm, restored, clear, error, sending, send }
}
