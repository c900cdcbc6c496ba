import type { LoopMove } from '@/api/desk'
import type { Words } from '@/api/shapes'

export interface StateRow extends Words { code: string; active?: boolean; public?: Words | null }
export interface StepRow extends Words { code: string; active?: boolean; roles?: string[]; needs?: string[] }
export interface WorkflowBody { states: StateRow[]; actions: StepRow[] }

/** What a city may ask for beyond the law, as far as the form of the step has a place for it. */
const askable = ['note', 'answer', 'files', 'photo_before', 'photo_after'] as const
export type Asked = (typeof askable)[number]

/** All moves of one step as one: where it is taken, where it leads, what the law asks for. */
export interface StepLaw { action: string; from: { source: string; target: string | null }[]; roles: string[]; by: string[]; needs: string[]; essential: boolean; more: Asked[] }

export function lawOf(moves: readonly LoopMove[], action: string): StepLaw | null {
  const mine = moves.filter((one) => one.action === action)
  if (!mine.length) return null
  const all = <T>(of: (move: LoopMove) => readonly T[]) => [...new Set(mine.flatMap(of))]
  const needs = all((move) => move.needs)
  const fields = all((move) => [...move.needs, ...move.may])
  const takes = (field: Asked) => fields.includes(field.startsWith('photo') ? 'files' : field) && !needs.includes(field)
  return {
    action, needs, roles: all((move) => move.roles), by: all((move) => [move.by]), essential: mine.some((move) => move.essential),
    from: mine.flatMap((move) => move.sources.map((source) => ({ source, target: move.target }))), more: askable.filter(takes),
  }
}

/** The steps that lead on from a state, each once, those that move it first. */
export function leadsOn(moves: readonly LoopMove[], state: string): { action: string; target: string | null; by: string }[] {
  const found = moves.filter((one) => one.sources.includes(state)).map(({ action, target, by }) => ({ action, target, by }))
  const here = (one: { target: string | null }) => Number(one.target === null || one.target === state)
  return found.sort((a, b) => here(a) - here(b))
}

/** A list with one more or one less of it; an empty one says nothing. */
export const toggled = (list: readonly string[] | undefined, one: string, on: boolean): string[] => [...(list ?? []).filter((other) => other !== one), ...(on ? [one] : [])]
