export interface Rung { after: number; level: 'unit' | 'community' | 'township' | 'county' | 'city'; roles?: string[] }
export interface SupervisionBody { urges_a_day: number; answer_within: string; ladder: Rung[]; silence?: string | null; silence_manager: string; gather_from: number }

const upwards = ['unit', 'community', 'township', 'county', 'city'] as const

/** One rung above the last: later, and told one level further up. */
export function nextRung(ladder: readonly Rung[]): Rung {
  const last = ladder.at(-1)
  if (!last) return { after: 0, level: 'unit', roles: [] }
  const level = upwards[Math.min(upwards.indexOf(last.level) + 1, upwards.length - 1)]!
  return { after: last.after + 50, level, roles: ['duty_leader'] }
}
