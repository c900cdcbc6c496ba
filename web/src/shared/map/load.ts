import type { Map as GlMap, Marker } from 'maplibre-gl'

import { chosenBase, layBase } from './base'
import { chosenLayers, mapStyle } from './style'

/** Whether this browser can draw the map at all. */
export function canDraw(): boolean {
  try {
    return !!document.createElement('canvas').getContext('webgl2')
  } catch {
    return false
  }
}

/** TileJSON 3.0.0, as far as the map needs it. */
export interface Ground {
  tiles: string[]
  minzoom: number
  maxzoom: number
  bounds: [number, number, number, number]
}

async function groundOf(path: string): Promise<Ground> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  const ground = (await answer.json()) as Ground
  return { ...ground, tiles: ground.tiles.map((each) => new URL(each, location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}')) }
}

/** Loads MapLibre and makes a map in `box` that shows all of the ground which `path` describes; `credit` is the base map's. */
export async function loadMap(box: HTMLElement, path: string): Promise<{ map: GlMap; Marker: typeof Marker; credit: string }> {
  const [ground, base, gl, worker] = await Promise.all([
    groundOf(path),
    chosenBase(),
    import('maplibre-gl'),
    import('maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'),
    import('maplibre-gl/dist/maplibre-gl.css'),
  ])
  gl.setWorkerUrl(new URL(worker.default, location.href).href)
  const brand = getComputedStyle(document.documentElement).getPropertyValue('--brand').trim() || '#1a5fa8'
  const map = new gl.Map({
    container: box,
    style: mapStyle(ground, brand),
    bounds: ground.bounds,
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new gl.NavigationControl({ showCompass: false }), 'top-right')
  // After its own tiles: a server that does not answer keeps nothing of ours waiting.
  if (base) map.once('load', () => layBase(gl, map, base, chosenLayers[0]!, 'day', () => undefined))
  return { map, Marker: gl.Marker, credit: base?.attribution ?? '' }
}
