import type { NewStep, OfferedAction, Words } from '@/api/shapes'
import type { PlaceForm } from '@/shared/place/usePlace'
import type { Purpose } from '@/shared/photo/upload'
import { cityZone } from '@/shared/time/cityClock'
import { momentOfField } from '@/shared/time/zoned'

/** What a person fills in for one step; only what the server asked for is sent. */
export interface StepFields {
  id: string
  note: string
  answer: string
  reason: string
  type: string
  solved: boolean | null
  satisfaction: string
  until: string
  place: PlaceForm
}

export const photoFields = ['files', 'photo_before', 'photo_after'] as const
export type PhotoField = (typeof photoFields)[number]
export const purposes: Record<PhotoField, Purpose> = { files: 'other', photo_before: 'before', photo_after: 'after' }

/** The fields that a phone can fill in; steps that demand others belong to the desk. */
const known = new Set<string>(['note', 'answer', 'reason', 'type', 'solved', 'satisfaction', 'until', 'place', ...photoFields])

export function fitsPhone(action: OfferedAction): boolean {
  return action.action !== 'correct' && action.needs.every((need) => !need.required || known.has(need.field))
}

export function asks(action: OfferedAction, field: string): boolean {
  return action.needs.some((need) => need.field === field)
}
export function demands(action: OfferedAction, field: string): boolean {
  return action.needs.some((need) => need.field === field && need.required)
}

/** Why a photo is asked for, in the words of the type. */
export function whyAsked(action: OfferedAction, field: string): Words | null {
  return action.needs.find((need) => need.field === field)?.why ?? null
}

/** What photos a step may carry: where before and after are told apart, the plain list is left out. */
export function photosAsked(action: OfferedAction): PhotoField[] {
  const asked = photoFields.filter((field) => asks(action, field))
  if (!asked.includes('files') || asked.length > 1) return asked
  return action.action === 'finish' || action.action === 'self_handle' ? ['photo_after'] : asked
}

/** The demanded fields that are still empty. */
export function missing(action: OfferedAction, form: StepFields, photos: Partial<Record<PhotoField, number>>, also: readonly string[] = []): string[] {
  return action.needs.filter((need) => need.required || also.includes(need.field)).map((need) => need.field).filter((field) => {
    if ((photoFields as readonly string[]).includes(field)) return !photos[field as PhotoField]
    if (field === 'solved') return form.solved === null
    const value = form[field as keyof StepFields]
    return typeof value !== 'string' || !value.trim()
  })
}

/** The body of the step. */
export function bodyOf(action: OfferedAction, form: StepFields, version: number): NewStep {
  const body: NewStep = { id: form.id, action: action.action, version }
  for (const field of ['note', 'answer', 'reason', 'type', 'satisfaction'] as const) {
    if (asks(action, field) && form[field].trim()) body[field] = form[field].trim()
  }
  if (asks(action, 'place')) {
    const { lon, lat, words } = form.place
    if (lon !== null && lat !== null) Object.assign(body, { lon, lat })
    // What he called the place stands in his words; the point is what a grid is found by.
    if (words.trim()) body.note = [body.note, words.trim()].filter(Boolean).join('；')
  }
  if (asks(action, 'solved') && form.solved !== null) body.solved = form.solved
  const until = asks(action, 'until') && momentOfField(form.until, cityZone.value)
  if (until) body.until = until
  return body
}
