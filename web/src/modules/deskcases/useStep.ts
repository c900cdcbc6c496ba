import { computed, ref } from 'vue'

import { unwrap } from '@/api/client'
import { desk, type DeskCase, type DeskStep } from '@/api/desk'
import { Refusal } from '@/api/refusal'
import type { NewStep, OfferedAction, Words } from '@/api/shapes'
import { useDraft } from '@/shared/drafts/useDraft'
import { inWords } from '@/shared/i18n/i18n'
import { newId } from '@/shared/ids/newId'
import { cityZone } from '@/shared/time/cityClock'
import { momentOfField } from '@/shared/time/zoned'

export interface StepForm {
  id: string
  note: string
  answer: string
  reason: string
  author: string
  unit_id: string | null
  type: string | null
  solved: boolean | null
  until: string
}
export type Wrong = Partial<Record<string, string>>
export interface Moved { steps: DeskStep[]; state: string; gone: boolean }

export const blankStep = (): StepForm => ({ id: newId(), note: '', answer: '', reason: '', author: '', unit_id: null, type: null, solved: null, until: '' })

/** Photo fields of any kind are one field: the pictures of this step. */
export const fieldOf = (field: string) => (field.startsWith('photo') ? 'files' : field)

/** The fields of a form in the order in which a person fills them in, each with whether it must be filled. */
export function fieldsOf(action: OfferedAction): { field: string; required: boolean; named: string[]; why: Words[] }[] {
  const order = ['type', 'unit_id', 'author', 'reason', 'until', 'solved', 'answer', 'note', 'files']
  const found = new Map<string, { required: boolean; named: string[]; why: Words[] }>()
  for (const need of action.needs) {
    const field = fieldOf(need.field)
    const known = found.get(field) ?? { required: false, named: [], why: [] }
    found.set(field, { required: known.required || need.required, named: [...known.named, need.field], why: [...known.why, ...(need.why ? [need.why] : [])] })
  }
  return order.filter((field) => found.has(field)).map((field) => ({ field, ...found.get(field)! }))
}

/** What is required and still empty, as field names. */
export function missing(action: OfferedAction, form: StepForm, files: number, also: readonly string[] = []): string[] {
  return fieldsOf(action).filter(({ field, required }) => required || also.includes(field)).map(({ field }) => field).filter((field) => {
    if (field === 'files') return files === 0
    const value = form[field as keyof StepForm]
    return value === null || (typeof value === 'string' && !value.trim())
  })
}

/** The step as the server takes it: only the fields that this action knows. */
export function bodyOf(action: OfferedAction, form: StepForm, version: number, files: string[]): NewStep {
  const known = new Set(fieldsOf(action).map(({ field }) => field))
  const body: NewStep = { id: form.id, action: action.action, version }
  for (const name of ['note', 'answer', 'reason', 'author'] as const) if (known.has(name) && form[name].trim()) body[name] = form[name].trim()
  if (known.has('unit_id') && form.unit_id) body.unit_id = form.unit_id
  if (known.has('type') && form.type) body.type = form.type
  if (known.has('solved') && form.solved !== null) body.solved = form.solved
  const until = known.has('until') && momentOfField(form.until, cityZone.value)
  if (until) body.until = until
  if (known.has('files') && files.length) body.files = files
  return body
}

interface Room { current: () => DeskCase; action: () => OfferedAction; needed: (field: string) => string; also?: () => string[]; fresh: () => Promise<DeskCase>; done: (answer: DeskCase) => void }

/** One step on one case: kept as a draft, sent once, and kept again when somebody was faster. */
export function useStep({ current, action, needed, also = () => [], fresh, done }: Room) {
  const { form, restored, clear } = useDraft<StepForm>(`desk.${current().id}.${action().action}`, blankStep)
  const wrong = ref<Wrong>({})
  const error = ref<unknown>(null)
  const moved = ref<Moved | null>(null)
  const sending = ref(false)
  const seen = ref(current().version)
  const offered = computed(() => current().actions.some((one) => one.action === action().action))

  async function stale(): Promise<void> {
    const before = seen.value
    const now = await fresh()
    seen.value = now.version
    moved.value = {
      steps: now.steps.filter((step) => step.seq > before),
      state: now.state,
      gone: !now.actions.some((one) => one.action === action().action),
    }
  }

  async function refused(refusal: Refusal): Promise<void> {
    const field = fieldOf(String(refusal.details.field ?? ''))
    if (refusal.code === 'stale_version' || refusal.code === 'wrong_state') return stale()
    if (fieldsOf(action()).some((one) => one.field === field)) wrong.value = { [field]: inWords(refusal.words) }
    else error.value = refusal
  }

  async function send(files: string[]): Promise<boolean> {
    const form_ = form as StepForm
    error.value = null
    wrong.value = Object.fromEntries(missing(action(), form_, files.length, also()).map((field) => [field, needed(field)]))
    if (Object.keys(wrong.value).length) return false
    sending.value = true
    try {
      const body = bodyOf(action(), form_, seen.value, files)
      const answer = await unwrap(desk.POST('/api/v1/cases/{id}/steps', { params: { path: { id: current().id } }, body }))
      clear()
      moved.value = null
      done(answer)
      return true
    } catch (caught) {
      if (caught instanceof Refusal) await refused(caught).catch((failed: unknown) => { error.value = failed })
      else error.value = caught
      return false
    } finally {
      sending.value = false
    }
  }
  return { form: form as StepForm, restored, clear, wrong, error, moved, sending, offered, send }
}
