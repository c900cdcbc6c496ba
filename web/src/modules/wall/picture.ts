import type { components } from '@/api/schema'

type Wire = components['schemas']
export type Picture = Wire['WallView']
export type Figures = Wire['Figures']
export type Times = Wire['Times']

/** What the live line says: panels that replace the old ones, and places of the map whose value moved. */
export type Said = Partial<Picture> & { moved?: Record<string, number | null>; times: Times }

/** The picture after a word of the line; the server's own `applied` does the same. */
export function applied(old: Picture, { moved, ...panels }: Said): Picture {
  const next = { ...old, ...panels }
  if (!moved) return next
  const values = { ...next.values }
  for (const [pos, n] of Object.entries(moved)) {
    if (n === null) delete values[pos]
    else values[pos] = n
  }
  return { ...next, values }
}

/** Bounds of the map's classes: by how many places there are, and where most are alike by the values that occur. */
export function classesOf(values: readonly number[], classes = 5): number[] {
  const ascending = (a: number, b: number) => a - b
  const different = [...new Set(values)].sort(ascending)
  if (different.length <= classes) return different
  const parts = (sorted: readonly number[]) => Array.from({ length: classes }, (_, n) => sorted[Math.floor((n * sorted.length) / classes)]!)
  const bounds = new Set(parts([...values].sort(ascending)))
  for (const bound of parts(different)) if (bounds.size < classes) bounds.add(bound)
  return [...bounds].sort(ascending)
}

/** The class of a value: 0 is none, 1 the lightest. */
export function classOf(value: number | undefined, bounds: readonly number[]): number {
  if (value === undefined) return 0
  return bounds.filter((bound) => value >= bound).length
}

/** One hue from pale to deep by day, from deep to bright by night; told apart without colour vision by their lightness. */
export const ramps = {
  day: ['#d3e3ec', '#a3c4d8', '#6f9fbe', '#3f779e', '#174f78', '#0a2f4d'],
  night: ['#32506a', '#416d8c', '#578db1', '#7cb0d0', '#aed2e7', '#e8f3fa'],
}

/** The link to the rows of a figure, in the list of cases. */
export function rowsOf(figure: string, within: string, narrowed: Record<string, string> = {}): string {
  return `/desk/?${new URLSearchParams({ queue: 'all', figure, within, ...narrowed })}`
}
