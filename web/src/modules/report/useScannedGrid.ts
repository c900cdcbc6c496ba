import { api, unwrap } from '@/api/client'
import { Unreachable } from '@/api/refusal'
import type { PlaceForm } from '@/shared/place/usePlace'
import { keepArea } from '@/shared/resident/myArea'

const shelf = 'wg.grid'

/** The grid of a scanned code: kept for the visit, so that a detour through the start page does not lose it. */
export function useScannedGrid(place: PlaceForm) {
  async function apply(code: string): Promise<void> {
    const wanted = code || read()
    if (!wanted || place.from !== 'none') return
    const stillThis = () => (place.from as string) === 'code'
    // At once, so that the device's own location does not come first.
    Object.assign(place, { area_code: wanted, from: 'code' })
    try {
      const { area } = await unwrap(api.GET('/api/v1/public/serve/{area_code}', { params: { path: { area_code: wanted } } }))
      if (stillThis()) Object.assign(place, { area_id: area.id, area_code: area.code, names: area.names })
    } catch (error) {
      // Without a line nobody can say what it is called; where it leads is known all the same.
      if (error instanceof Unreachable) return
      // A code that leads nowhere is no obstacle: the place can be given in words.
      if (stillThis() && !place.names.length) Object.assign(place, { area_code: null, from: 'none' })
    }
  }
  return { apply }
}

function read(): string {
  try {
    return sessionStorage.getItem(shelf) ?? ''
  } catch {
    return ''
  }
}

/** Called when the face opens with `?g=` in its address. */
export function keepScannedGrid(search: string): void {
  const code = new URLSearchParams(search).get('g')
  if (!code) return
  keepArea(code)
  try {
    sessionStorage.setItem(shelf, code)
  } catch {
    // Then the code holds for the first page only.
  }
}
