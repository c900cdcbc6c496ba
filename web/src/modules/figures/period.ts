import type { LocationQuery } from 'vue-router'

import type { By } from '@/api/figures'

/** What the page shows. It lives in the address, so that a page can be kept, sent and printed again. */
export interface Shown {
  from: string
  to: string
  area: string
  by: By
  as_of: string
}

const one = (value: LocationQuery[string] | undefined) => String((Array.isArray(value) ? value[0] : value) ?? '')

export function readShown(query: LocationQuery): Shown {
  const by = one(query.by)
  return { from: one(query.from), to: one(query.to), area: one(query.area), by: by === 'unit' || by === 'desk' ? by : 'area', as_of: one(query.as_of) }
}
