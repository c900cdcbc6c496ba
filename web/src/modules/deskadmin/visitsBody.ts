/** One kind of home in the rule: how often it is called on (as all others when empty), and by how many. */
export interface Called { kind: string; days?: number | null; two?: boolean }
export interface VisitsBody { care?: Called[]; risks?: Called[]; household_days: number; grid_days: number; daily_homes: number; stretches?: boolean }

export const ruleOf = (rows: readonly Called[] | undefined, kind: string): Called => rows?.find((one) => one.kind === kind) ?? { kind, days: null, two: false }

/** The rows with one of them changed; a kind for which nothing is said any more has no row. */
export function withRule(rows: readonly Called[] | undefined, kind: string, news: Partial<Called>): Called[] {
  const now = { ...ruleOf(rows, kind), ...news }
  const says = !!now.days || !!now.two
  const there = rows?.some((one) => one.kind === kind)
  const kept = (rows ?? []).flatMap((one) => (one.kind !== kind ? [one] : says ? [now] : []))
  return there || !says ? kept : [...kept, now]
}

/** What a field for a number of days says; empty or nonsense is nothing. */
export function daysOf(typed: string): number | null {
  const days = Math.round(Number(typed))
  return typed.trim() && Number.isFinite(days) && days > 0 ? days : null
}
