import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import type { Refusal } from '@/api/refusal'
import type { CaseType } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords, language } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'
import type { useKeptPhotos } from '@/shared/photo/useKeptPhotos'
import { blankPlace, type PlaceForm } from '@/shared/place/usePlace'
import { useSession } from '@/shared/session/session'
import type { Typed } from '@/shared/sync/operations'
import { say } from '@/shared/sync/outbox'

export interface FieldForm {
  id: string
  stepId: string
  text: string
  type: string
  settled: boolean
  how: string
  /** The estate's property company is called to it. */
  company: boolean
  callId: string
  place: PlaceForm
}
/** `instead`: why what was said to be settled on the spot was only taken as a report. */
export type Sent = { how: 'sent'; id: string; number: string; settled: boolean; company: boolean; photos: string[]; instead: Refusal | null } | { how: 'kept'; settled: boolean }
export type Taken = ReturnType<ReturnType<typeof useKeptPhotos>['taken']>

const blank = (): FieldForm => ({ id: newId(), stepId: newId(), text: '', type: '', settled: false, how: '', company: false, callId: newId(), place: blankPlace() })

/** What stands in the way, as message keys. */
export function faults(form: FieldForm): Partial<Record<'text' | 'how', string>> {
  return {
    ...(!form.type && !form.text.trim() && { text: 'field.nothing' }),
    ...(form.settled && !form.how.trim() && { how: 'field.howMissing' }),
  }
}

const named = (photos: Taken) => photos.map(({ sha256, purpose }) => ({ sha256, purpose }))

/** What a report from the field says; without words the type's name is what is said. */
export function payloadOf(form: FieldForm, type: CaseType | null, before: Taken, channel: string): Record<string, unknown> {
  const { place } = form
  const payload: Record<string, unknown> = { channel, text: form.text.trim() || inWords(type), photos: named(before), locale: language.value }
  if (form.type) payload.type = form.type
  if (place.lon !== null && place.lat !== null) Object.assign(payload, { lon: place.lon, lat: place.lat })
  if (place.words.trim()) payload.place_words = place.words.trim()
  return payload
}

/** What goes: the report, and after it the step that settled it on the spot. */
export function operationsOf(form: FieldForm, type: CaseType | null, photos: { before: Taken; after: Taken }, channel: string, now: string): Typed[] {
  const payload = payloadOf(form, type, photos.before, channel)
  const label = String(payload.text).slice(0, 80)
  const report: Typed = { kind: 'case.report', record: form.id, label, payload, photos: photos.before, found_at: now }
  if (form.company && !form.settled) return [report, { kind: 'case.call_property', id: form.callId, record: form.id, label, payload: { words: '' } }]
  if (!form.settled) return [report]
  const settled = { action: 'self_handle', note: form.how.trim(), photos: named(photos.after) }
  return [report, { kind: 'case.step', id: form.stepId, record: form.id, label, payload: settled, photos: photos.after, done_at: now }]
}

/** One report by staff: a draft until it lies in the phone's store, from where it goes by itself. */
export function useFieldReport(draft: string) {
  const queries = useQueryClient()
  const session = useSession()
  const { form, restored, clear } = useDraft<FieldForm>(draft, blank)
  const error = ref<unknown>(null)
  const sending = ref(false)

  async function go(typed: Typed[]): Promise<Sent> {
    const [report, step] = await say(...typed)
    if (report?.how === 'refused') throw report.refusal
    if (report?.how !== 'sent') return { how: 'kept', settled: form.settled }
    void queries.invalidateQueries({ queryKey: ['cases'] })
    const photos = typed.flatMap((one) => one.photos ?? []).map((photo) => photo.sha256)
    const instead = step?.how === 'refused' ? step.refusal : null
    const company = form.company && !form.settled && step?.how === 'sent'
    return { how: 'sent', id: form.id, number: report.receipt.result.number ?? '', settled: form.settled && !instead, company, photos, instead }
  }

  async function send(type: CaseType | null, before: Taken, after: Taken): Promise<Sent | null> {
    const channel = session.post?.role === 'property_manager' ? 'property' : 'worker'
    sending.value = true
    error.value = null
    try {
      return await go(operationsOf(form as FieldForm, type, { before, after }, channel, new Date().toISOString()))
    } catch (caught) {
      error.value = caught
      return null
    } finally {
      sending.value = false
    }
  }

  return { form: form as FieldForm, restored, clear, error, sending, send }
}
