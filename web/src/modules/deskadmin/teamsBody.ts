import type { Words } from '@/api/shapes'

export interface SlotRow extends Words { code: string; active?: boolean; least?: number; most?: number | null; takes?: ('person' | 'organisation')[]; roles?: string[] }
export interface KindRow extends Words { code: string; active?: boolean }
export interface TeamsBody { template: Words; slots: SlotRow[]; kinds: KindRow[] }
export interface HelpRow extends Words { number: string }
export interface GroupRow extends Words { code: string; active?: boolean; words: string[]; exceptions?: string[]; help: HelpRow[] }
export interface WordsBody { groups: GroupRow[] }

/** A code that none of the rows has. */
export function freshCode(rows: readonly { code: string }[]): string {
  const taken = new Set(rows.map((one) => one.code))
  let n = rows.length + 1
  while (taken.has(`own_${n}`)) n += 1
  return `own_${n}`
}

/** Roles that no other slot has: whoever holds a post stands in one place of a team. */
export function freeRoles(slots: readonly SlotRow[], mine: SlotRow, roles: readonly string[]): string[] {
  const taken = new Set(slots.filter((one) => one !== mine).flatMap((one) => one.roles ?? []))
  return roles.filter((one) => !taken.has(one))
}
