import type { Words } from '@/api/shapes'

export type Category = 'natural' | 'accident' | 'health' | 'security'
export type Level = '1' | '2' | '3' | '4'
export interface KindOf extends Words { code: string; active?: boolean; category: Category }
export interface AbleTo extends Words { code: string; active?: boolean }
export interface PlanStep extends Words { code: string; role?: string | null; unit?: string | null; type?: string | null; minutes?: number | null; resource?: string | null }
export interface PlanRow extends Words { code: string; active?: boolean; kinds: string[]; levels?: Level[]; ground?: string; steps: PlanStep[] }
export interface PlansBody { kinds: KindOf[]; capabilities: AbleTo[]; voice: boolean; plans: PlanRow[] }

export const categories = ['natural', 'accident', 'health', 'security'] as const
export const levels = ['1', '2', '3', '4'] as const
export const owners = ['desk', 'role', 'unit', 'type'] as const
export type Owner = (typeof owners)[number]

/** Who does a step: one of three is named, or nobody, and then it is the desk in charge. */
export function ownerOf(step: PlanStep): Owner {
  return step.role != null ? 'role' : step.unit != null ? 'unit' : step.type != null ? 'type' : 'desk'
}
/** The step with another kind of owner; whoever was named before is named no more. */
export function ownedBy(step: PlanStep, owner: Owner): PlanStep {
  const next = { ...step, role: null, unit: null, type: null }
  return owner === 'desk' ? next : { ...next, [owner]: step[owner] ?? '' }
}
/** The rows with one of them a place further up or down; at the ends nothing moves. */
export function moved<Row>(rows: readonly Row[], at: number, by: 1 | -1): Row[] {
  const found = [...rows]
  const [row] = found.splice(at, 1)
  found.splice(Math.max(0, Math.min(rows.length - 1, at + by)), 0, row!)
  return found
}
/** Chosen or not, in the order in which the whole is listed. */
export function inOrder<Code extends string>(all: readonly Code[], chosen: readonly Code[], one: Code, on: boolean): Code[] {
  return all.filter((code) => (code === one ? on : chosen.includes(code)))
}
