import type { Map as GlMap, Marker } from 'maplibre-gl'

import { mapStyle } from './style'

/** Whether this browser can draw the map at all. */
export function canDraw(): boolean {
  try {
    return !!document.createElement('canvas').getContext('webgl2')
  } catch {
    return false
  }
}

/** Loads MapLibre and makes a map of the city's borders in `box`. */
export async function loadMap(box: HTMLElement, tiles: string): Promise<{ map: GlMap; Marker: typeof Marker }> {
  const [gl, worker] = await Promise.all([
    import('maplibre-gl'),
    import('maplibre-gl/dist/maplibre-gl-worker.mjs?url'),
    import('maplibre-gl/dist/maplibre-gl.css'),
  ])
  gl.setWorkerUrl(new URL(worker.default, location.href).href)
  const brand = getComputedStyle(document.documentElement).getPropertyValue('--brand').trim() || '#1a5fa8'
  const map = new gl.Map({
    container: box,
    style: mapStyle(location.origin + tiles, brand),
    center: [105, 36],
    zoom: 4,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new gl.NavigationControl({ showCompass: false }), 'top-right')
  return { map, Marker: gl.Marker }
}

/** The box around rings of any depth: west, south, east, north. */
export function boxOf(coordinates: unknown, box: [number, number, number, number] = [180, 90, -180, -90]): [number, number, number, number] {
  if (!Array.isArray(coordinates)) return box
  const [lon, lat] = coordinates as unknown[]
  if (typeof lon === 'number' && typeof lat === 'number') {
    return [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)]
  }
  return coordinates.reduce<[number, number, number, number]>((wider, part) => boxOf(part, wider), box)
}

/** Shows the whole city once its border has arrived: no city's place is written down here. */
export function showCity(map: GlMap): void {
  map.once('idle', () => {
    let box = boxOf(null)
    for (const { geometry } of map.querySourceFeatures('areas', { sourceLayer: 'city' })) {
      if ('coordinates' in geometry) box = boxOf(geometry.coordinates, box)
    }
    if (box[0] < box[2]) map.fitBounds(box, { padding: 16, animate: false })
  })
}
