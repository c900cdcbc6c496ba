export interface Entry { key: string; values: string[]; ids: boolean }
const id = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

/** What a row of the log holds, entry by entry: lists stay lists, empty ones fall away, ids are told apart. */
export function entries(detail: Record<string, unknown>): Entry[] {
  return Object.entries(detail).flatMap(([key, value]) => {
    const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== null && one !== undefined && one !== '')
      .map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one)))
    return values.length ? [{ key, values, ids: values.every((one) => id.test(one)) }] : []
  })
}

/** More than this many values of one entry are folded. */
export const mostShown = 3
