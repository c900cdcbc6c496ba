import type { Words } from '@/api/shapes'

export interface ListRow extends Words { code: string; active?: boolean; ground?: Words | null; hint?: Words | null; evidence?: boolean; arrive?: string; rule?: string; conclude?: string }
export type ListsBody = Record<string, ListRow[]>

/** Lists whose rows say what they rest on, and the one that explains how much is seen of an asker. */
export const underneath = (name: string): 'ground' | 'hint' | null => (name === 'asker_modes' ? 'hint' : /_reasons$/.test(name) && !['whistle_reasons', 'withdraw_reasons', 'reopen_reasons', 'not_here_reasons'].includes(name) ? 'ground' : null)
/** The product itself knows these by their codes: they are renamed or switched off, none is added. */
export const closed = (name: string) => ['levels', 'satisfaction', 'asker_modes', 'callback_results'].includes(name)

/** A row for something new, with a code that no other has. */
export function blankRow(rows: readonly ListRow[], name: string): ListRow {
  const taken = new Set(rows.map((one) => one.code))
  let n = rows.length + 1
  while (taken.has(`own_${n}`)) n += 1
  const row: ListRow = { code: `own_${n}`, zh: '', en: '', active: true }
  if (underneath(name) === 'ground') row.ground = null
  if (name === 'whistle_reasons') Object.assign(row, { arrive: '1WD', rule: '1WD', conclude: '5WD' })
  return row
}
