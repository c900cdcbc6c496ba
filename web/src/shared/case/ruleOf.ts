import type { CaseStep } from '@/api/shapes'

/** The rule by which a step was taken, or allowed; the red light names none and is one. */
export function ruleOf(step: Pick<CaseStep, 'action' | 'data'>): string {
  if (typeof step.data.rule === 'string') return step.data.rule
  return step.action === 'overdue' ? 'overdue' : ''
}
