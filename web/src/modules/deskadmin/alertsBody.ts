export const alertKinds = ['repeat', 'threshold', 'trend', 'burst', 'silent_grid', 'silent_source'] as const
export type AlertKind = (typeof alertKinds)[number]
export interface AlertRule {
  code: string
  zh: string
  en: string
  kind: AlertKind
  active: boolean
  holder: string
  roles: string[]
  within: string
  types?: string[]
  channels?: string[]
  [field: string]: unknown
}
export interface AlertsBody { rules: AlertRule[] }
/** A number of a rule: its least and its most as the server takes them. */
export interface NumberField { name: string; min: number; max: number; step?: number }

const n = (name: string, min: number, max: number, step?: number): NumberField => ({ name, min, max, step })
const numbers: Record<AlertKind, NumberField[]> = {
  repeat: [n('at_least', 2, 50), n('days', 1, 92), n('metres', 10, 2000)],
  threshold: [n('days', 1, 92), n('above', 0.1, 100_000, 0.1), n('least', 1, 100_000)],
  trend: [n('days', 1, 28), n('weeks', 4, 26), n('sigma', 2, 10, 0.1), n('least', 2, 100_000)],
  burst: [n('days', 1, 14), n('history', 14, 92), n('kilometres', 0.1, 50, 0.1), n('percent', 0.1, 10, 0.1), n('least', 3, 10_000)],
  silent_grid: [n('days', 2, 60), n('history', 28, 366), n('heard', 2, 366)],
  silent_source: [n('expected', 3, 1000, 0.1), n('weeks', 3, 26)],
}
export const indicators = ['received', 'open', 'late', 'late_share', 'unsatisfied_share'] as const
export const holders = ['community', 'township', 'county', 'city'] as const
const grounds = { threshold: ['city', 'county', 'township', 'community', 'grid'], trend: ['city', 'county', 'township', 'community', 'grid'], burst: ['community', 'grid'] } as Record<string, readonly string[]>

export const numbersOf = (kind: AlertKind): readonly NumberField[] => numbers[kind]
export const groundsOf = (kind: AlertKind): readonly string[] => grounds[kind] ?? []
/** Types narrow what came in; of what is open, late or not satisfied nothing is counted by type. */
export const hasTypes = (rule: AlertRule): boolean => ['repeat', 'trend', 'burst'].includes(rule.kind) || (rule.kind === 'threshold' && rule.indicator === 'received')

const starts: Record<AlertKind, Record<string, unknown>> = {
  repeat: { types: [], at_least: 3, days: 30, metres: 100, same_estate: true },
  threshold: { indicator: 'received', ground: 'township', types: [], days: 7, above: 100, least: 20 },
  trend: { ground: 'township', types: [], days: 7, weeks: 8, sigma: 3, least: 10 },
  burst: { ground: 'grid', types: [], days: 7, history: 35, kilometres: 3, percent: 1, runs: 199, least: 6 },
  silent_grid: { days: 5, history: 90, heard: 10 },
  silent_source: { channels: [], weeks: 8, expected: 5 },
}

/** A new rule, switched off: first look at its preview, then switch it on. */
export function blankRule(kind: AlertKind, taken: readonly string[]): AlertRule {
  let number = 1
  while (taken.includes(`${kind}_${number}`)) number += 1
  const silent = kind === 'silent_grid'
  return { code: `${kind}_${number}`, zh: '', en: '', kind, active: false, holder: silent ? 'community' : kind === 'silent_source' ? 'city' : 'township', roles: silent ? ['grid_leader', 'secretary', 'duty_leader'] : ['duty_leader'], within: silent ? '2WD' : '4WH', ...starts[kind] }
}
