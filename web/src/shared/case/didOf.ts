import type { CaseStep } from '@/api/shapes'

type Step = Pick<CaseStep, 'data'>
const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** What happened at an assisting unit or a whistle: a code with words of its own, or nothing. */
export const didOf = (step: Step): string => text(step.data.did)

/** Where whoever was sent says that it lies, from the city down. */
export const believedOf = (step: Step): string[] => (Array.isArray(step.data.names) ? step.data.names.filter((name): name is string => typeof name === 'string') : [])

/** From which desk to which a case went, where it went up, down or sideways. */
export function passedOf(step: Step): { from: string; to: string } | null {
  const [from, to] = [text(step.data.from_desk), text(step.data.to_desk)]
  return to ? { from, to } : null
}
