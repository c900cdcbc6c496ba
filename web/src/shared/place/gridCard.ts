import { api, unwrap } from '@/api/client'
import { keepLast, readLast } from '@/shared/session/lastSeen'

const FRESH = 6 * 3_600_000

/** Under which name a part of a grid's card is kept on the phone. */
export const cardPart = (id: string, part: string): string => `area.${id}.${part}`

/** Takes the card of one's own grid along while there is a line: its people, places, month and whose what is. */
export async function takeCard(id: string): Promise<void> {
  const before = readLast(cardPart(id, 'area'))
  if (before && Date.now() - before.at < FRESH) return
  const path = { params: { path: { area_id: id } } }
  try {
    const area = await unwrap(api.GET('/api/v1/areas/{area_id}', path))
    const keep = async (part: string, asked: Promise<unknown>) => keepLast(cardPart(id, part), await asked)
    await keep('serve', unwrap(api.GET('/api/v1/public/serve/{area_code}', { params: { path: { area_code: area.code } } })))
    await keep('places', unwrap(api.GET('/api/v1/areas/{area_id}/places', path)))
    await keep('month', unwrap(api.GET('/api/v1/areas/{area_id}/month', path)))
    await keep('whose', unwrap(api.GET('/api/v1/areas/{area_id}/responsible', path)))
    await keep('companies', unwrap(api.GET('/api/v1/areas/{area_id}/property', path)))
    // Last: whoever has it has the rest.
    keepLast(cardPart(id, 'area'), area)
  } catch {
    // No line, or not for him: the next look at the day's list tries again.
  }
}
