import { blankPlace } from '@/shared/place/usePlace'

/** The form from which a body was made, as far as it can be filled again. */
export function formOf(body: Record<string, unknown>, id: string): Record<string, unknown> {
  const asker = (body.asker ?? {}) as { name?: string; phone?: string; mode?: string }
  const located = typeof body.lon === 'number' && typeof body.lat === 'number'
  return {
    id, text: String(body.text ?? ''), name: asker.name ?? '', phone: asker.phone ?? '', mode: asker.mode ?? 'open',
    ...(typeof body.kind === 'string' && { kind: body.kind }),
    place: {
      ...blankPlace(), words: String(body.place_words ?? ''),
      ...(located && { lon: body.lon, lat: body.lat, from: 'map' }),
      ...(typeof body.area_code === 'string' && body.area_code && { area_code: body.area_code, ...(!located && { from: 'code' }) }),
    },
  }
}
