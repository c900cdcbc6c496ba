/** What the asker said when somebody asked him. */
export interface Word { solved: boolean | null; satisfaction: string | null; note: string }

export const blankWord = (): Word => ({ solved: null, satisfaction: null, note: '' })

/** The results that each purpose and way knows; those that a city adds belong to telephone calls. */
export function resultsFor(codes: readonly string[], purpose: 'response' | 'callback', way: 'call' | 'visit'): string[] {
  const visits = new Set(['met', 'not_home'])
  const other = purpose === 'response' ? 'refused' : 'rejected'
  return codes.filter((code) => visits.has(code) === (way === 'visit') && code !== other)
}

export const isReached = (result: string | null): boolean => result === 'answered' || result === 'met'

/** The key of the words that say what is still missing; empty when the word is whole. */
export function missingWord(word: Word): '' | 'contact.chooseSolved' | 'contact.chooseSatisfaction' {
  if (word.solved === null) return 'contact.chooseSolved'
  return word.satisfaction ? '' : 'contact.chooseSatisfaction'
}
