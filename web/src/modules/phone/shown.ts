import type { Operation } from '@/shared/sync/operations'

const known = new Set(['case.report', 'case.note', 'case.step', 'case.correct', 'case.attach', 'visit.record', 'serve.record', 'patrol.record', 'check.record', 'task.end', 'home.screen', 'home.correct', 'home.double', 'resident.add', 'resident.correct', 'resident.erase', 'care.add', 'care.correct', 'care.end', 'caution.add', 'help.call', 'help.cancel', 'day.note', 'supervision.issue', 'group.say', 'group.case', 'case.call_property'])

/** The message key of what a person did; kinds that came later than these words are records. */
export function kindOf({ kind }: Pick<Operation, 'kind'>): string {
  return known.has(kind) ? `conflict.kinds.${kind.replace('.', '_')}` : 'conflict.kinds.other'
}

export function sizeWords(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** All that a person typed in one operation, to be taken elsewhere. */
export function wordsOf({ payload }: Pick<Operation, 'payload'>): string {
  const handled = payload.self_handle as { note?: string } | undefined
  return [payload.text, payload.note, payload.words, payload.needs, payload.answer, payload.place_words, handled?.note].filter((words) => typeof words === 'string' && words).join('\n')
}
