import { Refusal } from '@/api/refusal'
import { layDraft } from '@/shared/drafts/useDraft'

/** The step that the server names in place of the one it refused: too late to ask, so explain. */
export function insteadOf(error: unknown): string | null {
  const named = error instanceof Refusal ? error.details.instead : null
  return typeof named === 'string' ? named : null
}

/** Lays what was typed ready for that step. */
export function carryOver(draft: string, form: { note: string }): void {
  if (form.note.trim()) layDraft(draft, { note: form.note })
}
