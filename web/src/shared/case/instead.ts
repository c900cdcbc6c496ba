import { Refusal } from '@/api/refusal'
import { layDraft } from '@/shared/drafts/useDraft'

/** The step that the server names in place of the one it refused: too late to ask, so explain. */
export function insteadOf(error: unknown): string | null {
  const named = error instanceof Refusal ? error.details.instead : null
  return typeof named === 'string' ? named : null
}

/** Lays what was typed ready for that step: a reason and an answer too, for a refusal that has to be proposed. */
export function carryOver(draft: string, form: { note: string; reason?: string; answer?: string }): void {
  const kept = Object.fromEntries((['note', 'reason', 'answer'] as const).flatMap((field) => (form[field]?.trim() ? [[field, form[field]]] : [])))
  if (Object.keys(kept).length) layDraft(draft, kept)
}
