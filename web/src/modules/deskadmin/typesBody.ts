import type { Words } from '@/api/shapes'

export const stages = ['accept', 'contact', 'dispatch', 'acknowledge', 'handle', 'check', 'callback', 'total'] as const
export type Limits = Partial<Record<(typeof stages)[number], string | null>>
export interface Evidence { photo: 'before' | 'after'; reason: Words }
export interface TypeRow extends Words {
  code: string
  active: boolean
  parent: string | null
  condition: Words | null
  closing: Words | null
  limits: Limits
  evidence: Evidence[]
  level: string
  keywords: string[]
  /** In which count of a grid's month it stands. */
  verify_first?: boolean
  counts_as?: 'hazard' | 'dispute' | 'service' | null
  [more: string]: unknown
}
export interface TypesBody { limits: Limits; levels: Record<string, Limits>; types: TypeRow[] }

/** One half of a name in both languages; words of which nothing is left are no words. */
export function withHalf(now: Words | null, half: 'zh' | 'en', text: string): Words | null {
  const next = { zh: now?.zh ?? '', en: now?.en ?? '', [half]: text }
  return next.zh.trim() || next.en.trim() ? next : null
}

/** Asks for a photo with a reason, or no longer. */
export function withEvidence(rows: readonly Evidence[], photo: Evidence['photo'], asked: boolean): Evidence[] {
  const others = rows.filter((row) => row.photo !== photo)
  return asked ? [...others, rows.find((row) => row.photo === photo) ?? { photo, reason: { zh: '', en: '' } }] : others
}

/** A list of words as one types it, with any comma or none. */
export const keywordsOf = (text: string): string[] => [...new Set(text.split(/[,，、;；\s]+/).filter(Boolean))]

export function blankType(taken: readonly TypeRow[], parent: string | null): TypeRow {
  let n = taken.length + 1
  while (taken.some((row) => row.code === `type_${n}`)) n += 1
  return { code: `type_${n}`, zh: '', en: '', active: true, parent, condition: null, closing: null, limits: {}, evidence: [], level: 'normal', keywords: [], counts_as: null }
}

/** The row that a problem speaks of: `types.types.3.limits.handle` is the fourth. */
export function rowOf(path: string): number | null {
  const found = /^types\.types\.(\d+)(\.|$)/.exec(path)
  return found ? Number(found[1]) : null
}
