export const units = ['WH', 'WD', 'CH', 'UH', 'CD'] as const
export type LimitUnit = (typeof units)[number]
export interface LimitParts { amount: string; unit: LimitUnit }

/** The two halves of a written limit; nothing written stands for what the class or the city says. */
export function partsOf(text: string | null | undefined): LimitParts {
  const found = /^([\d.]+)(CH|UH|WH|WD|CD)$/.exec(text ?? '')
  return found ? { amount: found[1]!, unit: found[2] as LimitUnit } : { amount: '', unit: 'WH' }
}

/** The limit as the document keeps it; the server says what is wrong with a number that makes no sense. */
export function limitOf({ amount, unit }: LimitParts): string | null {
  return amount.trim() ? `${amount.trim()}${unit}` : null
}
