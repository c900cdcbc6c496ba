/** One kind of home in the rule: how often it is called on (as all others when empty), and by how many. */
export interface Called { kind: string; days?: number | null; two?: boolean }
export interface VisitsBody { care?: Called[]; risks?: Called[]; household_days: number; grid_days: number; daily_homes: number; stretches?: boolean; patrols?: Walked[]; risky?: string[] }
/** How often a grid is walked: one of a kind, or one that is named as at risk. */
export interface Walked { grids: 'base' | 'dedicated' | 'risky'; days: number }

export const ruleOf = (rows: readonly Called[] | undefined, kind: string): Called => rows?.find((one) => one.kind === kind) ?? { kind, days: null, two: false }

/** The rows with one of them changed; a kind for which nothing is said any more has no row. */
export function withRule(rows: readonly Called[] | undefined, kind: string, news: Partial<Called>): Called[] {
  const now = { ...ruleOf(rows, kind), ...news }
  const says = !!now.days || !!now.two
  const there = rows?.some((one) => one.kind === kind)
  const kept = (rows ?? []).flatMap((one) => (one.kind !== kind ? [one] : says ? [now] : []))
  return there || !says ? kept : [...kept, now]
}

/** The rows with one kind of grid changed; without days it has none. */
export function walkedEvery(rows: readonly Walked[] | undefined, grids: Walked['grids'], days: number | null): Walked[] {
  const others = (rows ?? []).filter((one) => one.grids !== grids)
  return days ? [...others, { grids, days }] : others
}

/** Codes of grids as somebody types them, each once. */
export const codesOf = (typed: string): string[] => [...new Set(typed.split(/[\s,，、;；]+/).filter(Boolean))]

/** What a field for a number of days says; empty or nonsense is nothing. */
export function daysOf(typed: string): number | null {
  const days = Math.round(Number(typed))
  return typed.trim() && Number.isFinite(days) && days > 0 ? days : null
}
