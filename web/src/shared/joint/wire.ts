import type { components } from '@/api/schema'

type Wire = components['schemas']

export type Task = Wire['TaskView']
export type TaskList = Wire['TaskList']
export type Company = Wire['CompanyView']
export type WhistleCard = Wire['WhistleCard']
export type Whistle = Wire['WhistleView']
export type Call = Wire['CallView']
export type Said = Wire['ActionView']
export type Rates = Wire['RatesView']
export type Box = 'todo' | 'open' | 'ended'

/** What a person fills in for one word on a task or a call. */
export interface Words { id: string; note: string; reason: string; unit_id: string | null; limit: string; files?: string[] }

/** The demanded fields that are still empty. */
export function lacking(action: Said, words: Words): string[] {
  return action.needs.filter((need) => need.required).map((need) => need.field).filter((field) => {
    const value = words[field as keyof Words]
    return !value || (typeof value === 'string' && !value.trim())
  })
}

/** Only what the step asks for is sent. */
export function bodyOf(action: Said, words: Words, version: number): { id: string; action: string; version: number; note?: string; reason?: string; unit_id?: string; limit?: string; files?: string[] } {
  const asked = new Set(action.needs.map((need) => need.field))
  return {
    id: words.id, action: action.action, version,
    ...(asked.has('note') && words.note.trim() && { note: words.note.trim() }),
    ...(asked.has('files') && words.files?.length && { files: words.files }),
    ...(asked.has('reason') && words.reason && { reason: words.reason }),
    ...(asked.has('unit_id') && words.unit_id && { unit_id: words.unit_id, ...(words.limit && { limit: words.limit }) }),
  }
}
