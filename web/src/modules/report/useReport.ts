import { computed, ref } from 'vue'

import { deviceToken } from '@/api/device'
import { Refusal } from '@/api/refusal'
import type { PublicReport } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords, language } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'
import type { Shelved } from '@/shared/photo/useKeptPhotos'
import { blankPlace, type PlaceForm } from '@/shared/place/usePlace'
import type { Said } from '@/shared/said/said'
import { discardSaid, say } from '@/shared/said/useSaid'

export type Mode = 'open' | 'confidential' | 'anonymous'
export interface ReportForm {
  id: string
  text: string
  place: PlaceForm
  name: string
  phone: string
  mode: Mode
}
export type Wrong = Partial<Record<'text' | 'phone' | 'place', string>>
/** Files go after the words. `spoken`: there are no words but a voice. */
interface Given { files: Shelved[]; onlyMedia: string; spoken: boolean }

export const longest = 4000

function blank(): ReportForm {
  return { id: newId(), text: '', place: blankPlace(), name: '', phone: '', mode: 'open' }
}

/** A mobile or a fixed line, with or without spaces and dashes. */
export function phoneOk(phone: string): boolean {
  return /^(\+?86)?(1[3-9]\d{9}|0\d{9,11}|\d{7,8})$/.test(phone.replace(/[\s-]/g, ''))
}

/** What stands in the way of sending, as message keys beside their fields. */
export function faults(form: ReportForm, files: number): Wrong {
  const wrong: Wrong = {}
  if (!form.text.trim() && files === 0) wrong.text = 'report.nothing'
  if (form.text.length > longest) wrong.text = 'report.tooLong'
  if (form.mode !== 'anonymous' && form.phone.trim() && !phoneOk(form.phone)) wrong.phone = 'report.phoneWrong'
  if (form.mode === 'confidential' && !form.phone.trim()) wrong.phone = 'report.phoneNeeded'
  return wrong
}

/** The body of the report: only what was given. */
export function bodyOf(form: ReportForm, onlyMedia: string): PublicReport {
  const { place } = form
  const body: PublicReport = { id: form.id, text: form.text.trim() || onlyMedia }
  if (place.lon !== null && place.lat !== null) Object.assign(body, { lon: place.lon, lat: place.lat })
  if (place.area_code) body.area_code = place.area_code
  if (place.words.trim()) body.place_words = place.words.trim()
  const name = form.name.trim()
  const phone = form.phone.replace(/[\s-]/g, '')
  body.asker = form.mode === 'anonymous' ? { mode: form.mode } : { mode: form.mode, ...(name && { name }), ...(phone && { phone }) }
  return body
}

/** One report from the first word to the follow code; the draft goes only when the server has it. */
export function useReport() {
  const { form, restored, clear } = useDraft<ReportForm>('report', blank)
  const wrong = ref<Wrong>({})
  const error = ref<unknown>(null)
  const sending = ref(false)
  const said = computed(() => Object.values(wrong.value).some(Boolean))

  /** Refusals that name one of our fields stand beside it; the others below. */
  function place(refusal: Refusal): void {
    const field = String(refusal.details.field ?? '')
    const known = { text: 'text', phone: 'phone', 'asker.phone': 'phone', place_words: 'place' }[field] as keyof Wrong | undefined
    if (known) wrong.value = { [known]: inWords(refusal.words) }
    else error.value = refusal
  }

  /** Lies on the phone first, then goes. Answers what is known of it; null when it was refused and stands in the form again. */
  async function send(given: Given): Promise<Said | null> {
    sending.value = true
    error.value = null
    try {
      const body = { ...bodyOf(form as ReportForm, given.onlyMedia), locale: language.value, upload_token: deviceToken(), ...(given.spoken && { spoken: true }) }
      const label = (form.text.trim() || given.onlyMedia).slice(0, 80)
      const said = await say({ id: form.id, door: 'cases', label, body }, given.files)
      if (!said.refused || said.receipt) return said
      await discardSaid(said.id, 'report')
      // What was refused comes back under a new id: the old one may be taken.
      form.id = newId()
      place(new Refusal(said.refused.code, said.refused.words, 409, said.refused.details))
    } catch (caught) {
      error.value = caught
    } finally {
      sending.value = false
    }
    return null
  }

  return { form: form as ReportForm, restored, clear, wrong, error, sending, said, send }
}
