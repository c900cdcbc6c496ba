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
    center: [118.6, 37.6],
    zoom: 8,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new gl.NavigationControl({ showCompass: false }), 'top-right')
  return { map, Marker: gl.Marker }
}
