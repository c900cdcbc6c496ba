import { computed, ref } from 'vue'

import { unwrap } from '@/api/client'
import { type Correction, desk, type DeskCase } from '@/api/desk'
import { Refusal } from '@/api/refusal'
import { blankDeskPlace, type DeskPlace } from '@/shared/desk/useDeskPlace'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'

import type { Moved, Wrong } from './useStep'

export interface CorrectionForm {
  id: string
  type: string | null
  kind: string
  level: string
  place: DeskPlace
  asker_name: string
  asker_phone: string
  asker_mode: string
  note: string
}

/** Whoever was sent there and gave it back has named another place: the desk has only to agree. */
function believed(current: DeskCase): Partial<DeskPlace> {
  const last = [...current.steps].reverse().find((step) => step.action !== 'remark')
  if (last?.action !== 'not_here') return {}
  const { lon, lat, area_id, names } = last.data as Partial<DeskPlace>
  return lon && lat ? { lon, lat, area_id, names } : {}
}

export function formOf(current: DeskCase): CorrectionForm {
  const { words, lon, lat, area_id, names } = current.place
  return {
    id: newId(), type: current.type, kind: current.kind, level: current.level,
    place: { ...blankDeskPlace(), words: words ?? '', lon, lat, area_id, names, ...believed(current) },
    asker_name: '', asker_phone: '', asker_mode: current.asker?.mode ?? '', note: '',
  }
}

/** Only what differs from the case. A point beats an area: the server finds the area of a point. */
export function bodyOf(current: DeskCase, form: CorrectionForm, version: number): Correction {
  const body: Correction = { id: form.id, version }
  if (form.type && form.type !== current.type) body.type = form.type
  if (form.kind !== current.kind) body.kind = form.kind
  if (form.level !== current.level) body.level = form.level
  const { place } = form
  if (place.words.trim() !== (current.place.words ?? '')) body.place_words = place.words.trim()
  const movedPoint = place.lon !== null && place.lat !== null && (place.lon !== current.place.lon || place.lat !== current.place.lat)
  if (movedPoint) Object.assign(body, { lon: place.lon, lat: place.lat })
  else if (place.area_id && place.area_id !== current.place.area_id) body.area_id = place.area_id
  if (form.asker_name.trim()) body.asker_name = form.asker_name.trim()
  if (form.asker_phone.trim()) body.asker_phone = form.asker_phone.replace(/[\s-]/g, '')
  if (form.asker_mode && form.asker_mode !== current.asker?.mode) body.asker_mode = form.asker_mode
  if (form.note.trim()) body.note = form.note.trim()
  return body
}

/** Whether anything but the note would change. */
export function changes(body: Correction): boolean {
  return Object.keys(body).some((name) => !['id', 'version', 'note'].includes(name))
}

export function useCorrection(current: () => DeskCase, fresh: () => Promise<DeskCase>, done: (answer: DeskCase) => void) {
  const { form, restored, clear } = useDraft<CorrectionForm>(`desk.${current().id}.correct`, () => formOf(current()))
  const seen = ref(current().version)
  const wrong = ref<Wrong>({})
  const error = ref<unknown>(null)
  const moved = ref<Moved | null>(null)
  const sending = ref(false)
  const changed = computed(() => changes(bodyOf(current(), form as CorrectionForm, seen.value)))

  async function refused(refusal: Refusal): Promise<void> {
    if (refusal.code === 'stale_version') {
      const before = seen.value
      const now = await fresh()
      seen.value = now.version
      moved.value = { steps: now.steps.filter((step) => step.seq > before), state: now.state, gone: !now.actions.some((one) => one.action === 'correct') }
      return
    }
    const field = String(refusal.details.field ?? '')
    if (field in form) wrong.value = { [field]: inWords(refusal.words) }
    else error.value = refusal
  }

  async function send(): Promise<void> {
    if (!changed.value || sending.value) return
    sending.value = true
    error.value = null
    wrong.value = {}
    try {
      const body = bodyOf(current(), form as CorrectionForm, seen.value)
      const answer = await unwrap(desk.PATCH('/api/v1/cases/{id}', { params: { path: { id: current().id } }, body }))
      clear()
      done(answer)
    } catch (caught) {
      if (caught instanceof Refusal) await refused(caught).catch((failed: unknown) => { error.value = failed })
      else error.value = caught
    } finally {
      sending.value = false
    }
  }
  return { form: form as CorrectionForm, restored, changed, wrong, error, moved, sending, send, clear }
}
