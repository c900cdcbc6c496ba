import type { Code } from '@/api/shapes'

/** Whether the reason that was chosen stops a clock only with its paper, notice or photo attached. */
export function needsEvidence(action: string, reasons: readonly Code[] | undefined, reason: string): boolean {
  const chosen = reasons?.find((one) => one.code === reason) as { evidence?: boolean } | undefined
  return action === 'ask_pause' && chosen?.evidence === true
}
