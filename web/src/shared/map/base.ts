import type * as MapLibre from 'maplibre-gl'
import type { LayerSpecification, Map as GlMap, SourceSpecification } from 'maplibre-gl'

import type { paths } from '@/api/paths'

export type Basemap = paths['/api/v1/basemap']['get']['responses'][200]['content']['application/json']
type Gl = typeof MapLibre

const base = 'base'
const names = 'base-names'
/** Only these faces draw a base map; residents' and workers' phones ask nobody for one. */
const faces = /^\/(desk|wall)(\/|$)/

/** What the city has chosen to lay beneath its grids; nothing, too, where it cannot be heard. */
export async function chosenBase(): Promise<Basemap | null> {
  if (!faces.test(location.pathname)) return null
  try {
    const answer = await fetch('/api/v1/basemap')
    const found = answer.ok ? ((await answer.json()) as Basemap) : null
    return found?.kind === 'none' ? null : found
  } catch {
    return null
  }
}

/** Colours of a base map that brings shapes alone, by what its layers are usually called. */
const paper = {
  day: { water: '#c3d8e6', green: '#dfe9d8', built: '#dcd8d2', road: '#ffffff', thin: '#c9c5bd' },
  night: { water: '#16303f', green: '#1c2e2a', built: '#2a3641', road: '#3c4d5b', thin: '#2f3d49' },
}
const shades: [RegExp, keyof typeof paper.day][] = [
  [/water|ocean|river|lake/, 'water'], [/park|land_?use|land_?cover|wood|grass|green|natural/, 'green'], [/build/, 'built'], [/road|transport|street|highway/, 'road'],
]

/** Shapes and lines of each of its layers; borders are the city's own and names the grids'. */
function shapesOf(layers: readonly string[], theme: 'day' | 'night'): LayerSpecification[] {
  const colour = paper[theme]
  return layers.filter((layer) => !/bound|place|label|poi/.test(layer)).flatMap((layer): LayerSpecification[] => {
    const shade = shades.find(([name]) => name.test(layer))?.[1]
    const from = { source: base, 'source-layer': layer }
    return [
      ...(shade && shade !== 'road' ? [{ id: `${base}-${layer}`, type: 'fill' as const, ...from, filter: ['==', '$type', 'Polygon'] as never, paint: { 'fill-color': colour[shade] } }] : []),
      { id: `${base}-${layer}-lines`, type: 'line', ...from, filter: ['==', '$type', 'LineString'], paint: { 'line-color': shade === 'water' ? colour.water : shade === 'road' ? colour.road : colour.thin, 'line-width': shade === 'road' ? ['interpolate', ['linear'], ['zoom'], 8, 0.5, 16, 5] : 1 } },
    ]
  })
}

/** By night a picture made for the day is dimmed. */
const dimmed = (theme: 'day' | 'night') => (theme === 'night' ? { 'raster-brightness-max': 0.45, 'raster-saturation': -0.4 } : { 'raster-brightness-max': 1, 'raster-saturation': 0 })

async function sourceOf(gl: Gl, of: Basemap): Promise<SourceSpecification> {
  const zooms = { minzoom: of.min_zoom, maxzoom: of.max_zoom, ...(of.bounds ? { bounds: of.bounds as [number, number, number, number] } : {}) }
  if (of.kind === 'tianditu') return { type: 'raster', tiles: of.tiles, tileSize: 256, ...zooms }
  const { Protocol } = await import('pmtiles')
  gl.addProtocol('pmtiles', new Protocol().tile)
  const tiles = [`pmtiles://${location.origin}${of.address}/{z}/{x}/{y}`]
  return of.tile_type === 'mvt' ? { type: 'vector', tiles, ...zooms } : { type: 'raster', tiles, tileSize: 256, ...zooms }
}

/**
 * Lays the base map beneath `before` once the map stands; `seen` is told when its first piece is there.
 * Where its source is dead everything else stays as it is without one.
 */
export async function layBase(gl: Gl, map: GlMap, of: Basemap, before: string, theme: 'day' | 'night', seen: () => void): Promise<void> {
  let gone = false
  map.once('remove', () => { gone = true })
  map.on('error', (failure) => {
    // eslint-disable-next-line no-console -- MapLibre writes it down itself where nobody listens
    if (![base, names].includes((failure as { sourceId?: string }).sourceId ?? '')) console.error(failure.error)
  })
  const source = await sourceOf(gl, of)
  if (gone) return
  const first = (event: { sourceId?: string; tile?: unknown }) => {
    if (event.sourceId !== base || !event.tile) return
    map.off('sourcedata', first)
    seen()
  }
  map.on('sourcedata', first)
  map.addSource(base, source)
  const shown: LayerSpecification[] = source.type === 'vector' ? shapesOf(of.layers, theme) : [{ id: base, type: 'raster', source: base, paint: dimmed(theme) }]
  for (const layer of shown) map.addLayer(layer, before)
  if (!of.names.length) return
  map.addSource(names, { type: 'raster', tiles: of.names, tileSize: 256, minzoom: of.min_zoom, maxzoom: of.max_zoom })
  map.addLayer({ id: names, type: 'raster', source: names, paint: dimmed(theme) }, before)
}

/** The same base map by day or by night. */
export function restyleBase(map: GlMap, of: Basemap, theme: 'day' | 'night'): void {
  for (const layer of [{ id: base, paint: dimmed(theme) }, { id: names, paint: dimmed(theme) }, ...shapesOf(of.layers, theme)]) {
    if (map.getLayer(layer.id)) for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name as never, value as never)
  }
}
