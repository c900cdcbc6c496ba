import { api, unwrap } from '@/api/client'
import type { Option } from '@/shared/desk/options'

interface Found { id: string; kind: string; name: string; area: { name: string } | null }

/** Whom one may call: departments, property companies and party organisations; those of the place first. */
export async function findCalled(words: string, area?: string, party = true): Promise<Option[]> {
  const query = { ...(words && { q: words }), ...(area && !words && { area }) }
  const answer = await unwrap(api.GET('/api/v1/organisations', { params: { query } })) as { items: Found[] }
  return answer.items.filter((unit) => unit.kind !== 'desk' && (party || unit.kind !== 'party')).slice(0, 60)
    .map((unit) => ({ value: unit.id, label: unit.name, hint: unit.area?.name ?? '' }))
}
