import type { components } from '@/api/schema'

export type Plan = components['schemas']['PatrolPlanView']
interface Stretch { begins: string; ends: string }

export const sayOf = ({ begins, ends }: Stretch): string => `${begins} → ${ends}`

/** What was ticked of a plan, in its order; what somebody else has walked meanwhile is not said again. */
export function ticked(plan: Pick<Plan, 'stretches'> | null, walked: readonly string[]): Stretch[] {
  return (plan?.stretches ?? []).filter((one) => !one.walked && walked.includes(sayOf(one))).map(({ begins, ends }) => ({ begins, ends }))
}

/** Stretches as they are written down, one a line: from, then to, parted by a dash or an arrow. */
export function stretchesOf(lines: string): { stretches: Stretch[]; wrong: string[] } {
  const stretches: Stretch[] = []
  const wrong: string[] = []
  for (const line of lines.split('\n').map((one) => one.trim()).filter(Boolean)) {
    const [begins, ends, ...more] = line.split(/\s*(?:→|—+|–|\u5230|\u81f3|-+>?)\s*/u).filter(Boolean)
    if (begins && ends && !more.length) stretches.push({ begins, ends })
    else wrong.push(line)
  }
  return { stretches, wrong }
}
