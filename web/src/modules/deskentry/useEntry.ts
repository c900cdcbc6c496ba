import { ref } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type StaffReceipt } from '@/api/desk'
import { Refusal } from '@/api/refusal'
import type { NewCase } from '@/api/shapes'
import { blankDeskPlace, type DeskPlace } from '@/shared/desk/useDeskPlace'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'

export type Mode = 'open' | 'confidential' | 'anonymous'
export interface EntryForm {
  id: string
  phone: string
  text: string
  kind: string
  channel: string
  level: string
  type: string | null
  place: DeskPlace
  name: string
  mode: Mode
}
export type Wrong = Partial<Record<'phone' | 'text' | 'kind' | 'channel' | 'type' | 'place' | 'name', string>>
export const longest = 5000

export const blankEntry = (): EntryForm => ({
  id: newId(), phone: '', text: '', kind: 'help', channel: 'phone', level: '', type: null, place: blankDeskPlace(), name: '', mode: 'open',
})

export const digits = (phone: string) => phone.replace(/[\s()-]/g, '').replace(/^\+?86(?=1)/, '')

/** A whole number: a mobile, a fixed line with or without its city, or a hotline of the state. */
export function isWhole(phone: string): boolean {
  return /^(1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|12\d{3})$/.test(digits(phone))
}

/** What stands in the way of sending, as message keys beside their fields. */
export function faults(form: EntryForm): Wrong {
  const wrong: Wrong = {}
  if (!form.text.trim()) wrong.text = 'deskentry.needText'
  if (form.text.length > longest) wrong.text = 'deskentry.tooLong'
  if (form.mode !== 'anonymous' && form.phone.trim() && !isWhole(form.phone)) wrong.phone = 'deskentry.phoneWrong'
  if (form.mode === 'confidential' && !form.phone.trim()) wrong.phone = 'deskentry.phoneNeeded'
  return wrong
}

/** The matter as the server takes it. Of an anonymous asker nothing is sent, whatever was typed. */
export function bodyOf(form: EntryForm, files: string[]): NewCase {
  const { place } = form
  const body: NewCase = { id: form.id, text: form.text.trim(), kind: form.kind, channel: form.channel, files }
  if (form.type) body.type = form.type
  if (form.level) body.level = form.level
  if (place.words.trim()) body.place_words = place.words.trim()
  if (place.lon !== null && place.lat !== null) Object.assign(body, { lon: place.lon, lat: place.lat })
  else if (place.area_id) body.area_id = place.area_id
  const name = form.name.trim()
  const phone = digits(form.phone)
  body.asker = form.mode === 'anonymous' ? { mode: form.mode } : { mode: form.mode, ...(name && { name }), ...(phone && { phone }) }
  return body
}

const fieldOf: Record<string, keyof Wrong> = { text: 'text', kind: 'kind', channel: 'channel', type: 'type', place: 'place', place_words: 'place', phone: 'phone', 'asker.phone': 'phone' }

/** One matter taken down for somebody; the draft goes only when the server has it. */
export function useEntry() {
  const { form, restored, clear } = useDraft<EntryForm>('desk.entry', blankEntry)
  const wrong = ref<Wrong>({})
  const error = ref<unknown>(null)
  const sending = ref(false)

  async function send(files: string[]): Promise<StaffReceipt | null> {
    sending.value = true
    error.value = null
    try {
      const receipt = await unwrap(desk.POST('/api/v1/cases', { body: bodyOf(form as EntryForm, files) }))
      clear()
      return receipt
    } catch (caught) {
      const field = caught instanceof Refusal ? fieldOf[String(caught.details.field ?? '')] : undefined
      if (field) wrong.value = { [field]: inWords((caught as Refusal).words) }
      else error.value = caught
      return null
    } finally {
      sending.value = false
    }
  }
  return { form: form as EntryForm, restored, clear, wrong, error, sending, send }
}
