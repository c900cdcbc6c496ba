import { ref } from 'vue'

import { deviceToken } from '@/api/device'
import { Refusal } from '@/api/refusal'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords, language } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'
import type { Shelved } from '@/shared/photo/useKeptPhotos'
import { blankPlace, type PlaceForm } from '@/shared/place/usePlace'
import type { Said } from '@/shared/said/said'
import { discardSaid, say } from '@/shared/said/useSaid'

export type Kind = 'complaint' | 'suggestion' | 'wish'
export interface LetterForm { id: string; kind: Kind; text: string; place: PlaceForm; name: string; phone: string }
export type Wrong = Partial<Record<'text' | 'phone', string>>

const longest = 4000
const blank = (): LetterForm => ({ id: newId(), kind: 'complaint', text: '', place: blankPlace(), name: '', phone: '' })

/** What stands in the way of sending, as message keys beside their fields. */
export function faults(form: LetterForm, files: number): Wrong {
  const wrong: Wrong = {}
  if (!form.text.trim() && files === 0) wrong.text = 'redbox.textNeeded'
  if (form.text.length > longest) wrong.text = 'redbox.tooLong'
  if (form.phone.trim() && !/^(\+?86)?(1[3-9]\d{9}|0\d{9,11}|\d{7,8})$/.test(form.phone.replace(/[\s-]/g, ''))) wrong.phone = 'redbox.phoneWrong'
  return wrong
}

/** The body of a letter: only what was given. */
export function bodyOf(form: LetterForm, onlyPhoto: string) {
  const { place } = form
  const name = form.name.trim()
  const phone = form.phone.replace(/[\s-]/g, '')
  return {
    id: form.id, kind: form.kind, text: form.text.trim() || onlyPhoto, title: '', area_code: place.area_code ?? '', place_words: place.words.trim(),
    ...(place.lon !== null && place.lat !== null && { lon: place.lon, lat: place.lat }),
    ...((name || phone) && { asker: { name, phone, mode: 'open' as const } }),
  }
}

/** One letter from the first word to the follow code; the draft goes only when the server has it. */
export function useLetter() {
  const { form, restored, clear } = useDraft<LetterForm>('redbox', blank)
  const wrong = ref<Wrong>({})
  const error = ref<unknown>(null)
  const sending = ref(false)

  /** Lies on the phone first, then goes; null when it was refused and stands in the form again. */
  async function send(files: Shelved[], onlyPhoto: string): Promise<Said | null> {
    sending.value = true
    error.value = null
    try {
      const body = { ...bodyOf(form as LetterForm, onlyPhoto), locale: language.value, upload_token: deviceToken() }
      const said = await say({ id: form.id, door: 'mailbox/letters', label: (form.text.trim() || onlyPhoto).slice(0, 80), body }, files)
      if (!said.refused || said.receipt) return said
      await discardSaid(said.id, 'redbox')
      form.id = newId()
      const { code, words, details } = said.refused
      const field = String(details.field ?? '')
      if (field === 'text' || field === 'phone') wrong.value = { [field]: inWords(words) }
      else error.value = new Refusal(code, words, 409, details)
    } catch (caught) {
      error.value = caught
    } finally {
      sending.value = false
    }
    return null
  }
  return { form: form as LetterForm, restored, clear, wrong, error, sending, send }
}
