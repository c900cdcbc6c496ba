export interface RouteRow {
  type: string
  area: string
  unit: string
  share: string[]
  desk: string | null
  hours: string | null
  season: { first: string; last: string } | null
  grid_first: boolean
  note: string
  ground: string
  active: boolean
  [more: string]: unknown
}
export interface RoutesBody { routes: RouteRow[] }

/** Kinds of units that are looked for near the place, or beside the desk in charge. */
export const kinds = ['@property', '@department', '@desk', '@up', '@down'] as const

export const blankRoute = (): RouteRow => ({ type: '*', area: '*', unit: '@property', share: [], desk: null, hours: null, season: null, grid_first: false, note: '', ground: '', active: true })

/** Rows whose words hold every part of what was typed, with their places in the document. */
export function found(rows: readonly RouteRow[], words: string, told: (row: RouteRow) => string, most = 60): { at: number; row: RouteRow }[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean)
  const hits: { at: number; row: RouteRow }[] = []
  for (const [at, row] of rows.entries()) {
    if (hits.length >= most) break
    const text = told(row).toLowerCase()
    if (parts.every((part) => text.includes(part))) hits.push({ at, row })
  }
  return hits
}
