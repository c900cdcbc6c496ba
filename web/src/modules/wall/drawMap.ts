import type { FeatureCollection, Geometry, Point } from 'geojson'
import type { GeoJSONSource, LayerSpecification, Map as GlMap, Marker, StyleSpecification, VectorTileSource } from 'maplibre-gl'

import { chosenBase, layBase, restyleBase } from '@/shared/map/base'

import { classOf, ramps } from './picture'

export type Theme = 'day' | 'night'
export interface Named { id: string; name: string; level: string; parent: string }
export type Borders = FeatureCollection<Geometry, Named>
/** A matter just received, drawn for a while; ``fresh`` in the first minute. */
export interface Live { id: string; lon: number; lat: number; urgent: boolean; fresh: boolean }
export interface Station { lon: number; lat: number; name: string }
export interface Spot { id: string; lon: number; lat: number; label: string }
/** An early warning that is touched leads to its page, a video site to a look at it. */
export interface Leading { lon: number; lat: number; to?: string; site?: string }
/** From this zoom on stations and video sites are drawn. */
export const near = 10

/** What was touched on the map, and the area right below the shown one in which it lies. */
export interface Picked extends Named { pos: string; within: Named | null }

const dots = (of: readonly { lon: number; lat: number }[]): FeatureCollection<Point> => ({ type: 'FeatureCollection', features: of.map(({ lon, lat, ...rest }) => ({
  type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties: rest,
})) })
const empty: Borders = { type: 'FeatureCollection', features: [] }
const paper = {
  day: { ground: '#e9e7e0', none: '#f7f5ef', thin: '#ffffff', thick: '#56616a', name: '#1b2228', halo: '#fffefa', live: '#b35900', bad: '#a81f18', station: '#4b555e', alert: '#8a4b00', video: '#1a5fa8' },
  night: { ground: '#111a23', none: '#1c2833', thin: '#16202b', thick: '#a9b8c4', name: '#f2f6f9', halo: '#16202b', live: '#ffd28a', bad: '#ff9d94', station: '#b4c1cc', alert: '#f0bc6a', video: '#86b9e6' },
}
const fonts = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

const rootSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize)

/** Borders are drawn once; what colours them is told apart, place by place. No glyphs, no foreign host. */
function styleOf(theme: Theme): StyleSpecification {
  const colour = paper[theme]
  const rem = rootSize()
  const sign = (id: string, letter: string, size: number, shade: string, from: number): LayerSpecification => ({
    id, type: 'symbol', source: id, minzoom: from, layout: { 'text-field': letter, 'text-size': size * rem, 'text-allow-overlap': true, 'text-ignore-placement': true },
    paint: { 'text-color': shade, 'text-halo-color': colour.halo, 'text-halo-width': Math.max(1, 0.06 * rem) },
  })
  const classes = ramps[theme].flatMap((shade, n) => [n + 1, shade])
  return {
    version: 8,
    sources: { coloured: { type: 'geojson', data: empty }, below: { type: 'geojson', data: empty }, names: { type: 'geojson', data: empty }, live: { type: 'geojson', data: empty }, stations: { type: 'geojson', data: empty }, video: { type: 'geojson', data: empty }, alerts: { type: 'geojson', data: empty } },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colour.ground } },
      { id: 'fill', type: 'fill', source: 'coloured', paint: {
        'fill-color': ['match', ['coalesce', ['feature-state', 'shade'], 0], ...classes, colour.none] as never, 'fill-antialias': true, 'fill-outline-color': colour.thin,
      } },
      { id: 'touch', type: 'fill', source: 'below', paint: { 'fill-color': '#000000', 'fill-opacity': 0 } },
      { id: 'lines', type: 'line', source: 'below', layout: { 'line-join': 'round' }, paint: { 'line-color': colour.thick, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.2, 13, 2.5] } },
      sign('stations', '■', 0.5, colour.station, near),
      sign('video', '◉', 0.7, colour.video, near),
      sign('alerts', '◆', 0.8, colour.alert, 0),
      { id: 'live', type: 'circle', source: 'live', paint: {
        'circle-radius': ['case', ['get', 'fresh'], 0.45 * rem, 0.25 * rem], 'circle-color': ['case', ['get', 'urgent'], colour.bad, colour.live],
        'circle-stroke-color': colour.halo, 'circle-stroke-width': ['case', ['get', 'fresh'], 0.16 * rem, 0.08 * rem],
      } },
      { id: 'names', type: 'symbol', source: 'names', layout: {
        'text-field': ['get', 'name'], 'text-size': Math.max(16, 0.8 * rem), 'text-padding': 4, 'text-max-width': 8, 'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': 1,
      }, paint: { 'text-color': colour.name, 'text-halo-color': colour.halo, 'text-halo-width': Math.max(2, 0.08 * rem) } },
    ],
  }
}

/** Squares of a tile of 512 pixels that a number of this screen's size has room in; the server keeps points off their rims. */
const detailOf = (rem: number) => (rem > 36 ? { name: 'large', side: 256 } : { name: 'clusters', side: 128 })

/** Cases by tile: circles with a number, or a heat; the server counts both. */
function dotLayers(theme: Theme, kind: string, rem: number): LayerSpecification[] {
  const colour = paper[theme]
  const n = ['to-number', ['get', 'n']]
  const from = { source: 'cases', 'source-layer': 'cases' }
  if (kind === 'heat') return [{ id: 'heat', type: 'heatmap', ...from, paint: {
    'heatmap-weight': ['interpolate', ['linear'], n, 0, 0, 12, 1] as never, 'heatmap-radius': 1.1 * rem, 'heatmap-opacity': 0.8,
    'heatmap-color': ['interpolate', ['linear'], ['heatmap-density'], 0, 'rgba(0,0,0,0)', 0.25, '#7a5195', 0.55, '#d4596f', 0.8, '#f2974b', 1, '#ffe08a'],
  } }]
  return [
    { id: 'clusters', type: 'circle', ...from, paint: {
      'circle-radius': ['interpolate', ['linear'], ['sqrt', n], 1, 0.11 * detailOf(rem).side, 40, 0.29 * detailOf(rem).side] as never,
      'circle-color': kind === 'late' ? colour.bad : colour.live, 'circle-opacity': 0.9, 'circle-stroke-color': colour.halo, 'circle-stroke-width': 0.05 * rem,
    } },
    { id: 'counts', type: 'symbol', ...from, layout: { 'text-field': ['get', 'n'], 'text-size': Math.max(12, 0.75 * rem), 'text-allow-overlap': true, 'text-padding': 0.3 * rem }, paint: { 'text-color': colour.halo } },
  ]
}

type Ring = [number, number][]

/** Twice the area of a ring and its centre, by the surveyor's formula. */
function middleOf(ring: Ring): [number, number, number] {
  let [x, y, area] = [0, 0, 0]
  ring.slice(1).forEach(([bx, by], n) => {
    const [ax, ay] = ring[n]!
    const part = ax * by - bx * ay
    area += part
    x += (ax + bx) * part
    y += (ay + by) * part
  })
  return area ? [x / (3 * area), y / (3 * area), Math.abs(area)] : [...ring[0]!, 0]
}

/** One point for each name, in the largest piece of its area: a tile of the map would each write its own. */
function namesOf({ features }: Borders): Borders {
  return { type: 'FeatureCollection', features: features.map((one): Borders['features'][number] => {
    const { geometry } = one
    const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.type === 'MultiPolygon' ? geometry.coordinates.map((part) => part[0]) : []
    const [x = 0, y = 0] = rings.map((ring) => middleOf(ring as Ring)).sort((a, b) => b[2] - a[2])[0] ?? []
    return { ...one, geometry: { type: 'Point', coordinates: [x, y] } }
  }) }
}

function boundsOf({ features }: Borders): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return
    if (typeof part[0] !== 'number') return part.forEach(visit)
    const [x, y] = part as [number, number]
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  for (const { geometry } of features) if ('coordinates' in geometry) visit(geometry.coordinates)
  return Number.isFinite(box[0]) ? box : null
}

/** What lies beneath shows through: most where there is no figure. */
const through = ['case', ['>', ['coalesce', ['feature-state', 'shade'], 0], 0], 0.68, 0.12]

/** The wall's map in a box: MapLibre comes with it, and with nothing else. */
export async function drawMap(box: HTMLElement, theme: Theme, on: { picked: (one: Picked | null) => void; idle: (zoom: number) => void; beneath: () => void; look: (site: string) => void }) {
  const [base, gl, worker] = await Promise.all([
    chosenBase(),
    import('maplibre-gl'),
    import('maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'),
    import('maplibre-gl/dist/maplibre-gl.css'),
  ])
  gl.setWorkerUrl(new URL(worker.default, location.href).href)
  const map: GlMap = new gl.Map({
    container: box, style: styleOf(theme), attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
    localIdeographFontFamily: fonts,
  })
  map.touchZoomRotate.disableRotation()
  const under = (point: [number, number], layer: string) => map.queryRenderedFeatures(point, { layers: [layer] })[0]
  map.on('click', ({ point: { x, y } }) => {
    const live = under([x, y], 'live')
    if (live) return void location.assign(`/desk/?queue=all&case=${String(live.properties.id)}`)
    const leads = under([x, y], 'alerts') ?? under([x, y], 'video')
    if (leads?.properties.site) return on.look(String(leads.properties.site))
    if (leads?.properties.to) return void location.assign(String(leads.properties.to))
    const cluster = map.getLayer('clusters') && under([x, y], 'clusters')
    if (cluster) return void map.jumpTo({ center: map.unproject([x, y]), zoom: map.getZoom() + 1.5 })
    const [one, around] = [under([x, y], 'fill'), under([x, y], 'touch')]
    on.picked(one ? { pos: String(one.id), ...(one.properties as Named), within: around && around.id !== one.id ? (around.properties as Named) : null } : null)
  })
  map.on('idle', () => on.idle(map.getZoom()))
  await new Promise<void>((done) => map.once('load', () => done()))
  // Grids give way to it only once there is something to be seen of it.
  if (base) void layBase(gl, map, base, 'fill', theme, () => {
    map.setPaintProperty('fill', 'fill-opacity', through as never)
    on.beneath()
  })
  let shaded = new Map<number, number>()
  let marks: Marker[] = []
  let spread = ''
  let bounds: ReturnType<typeof boundsOf> = null
  let untouched = true
  const fit = () => { if (bounds) map.fitBounds(bounds, { padding: { top: 2.2 * rootSize(), right: 2 * rootSize(), bottom: rootSize(), left: 2 * rootSize() }, animate: false }) }
  // A longer legend or the bar of a replay takes of its height: who has not moved it sees the whole of it still.
  map.on('movestart', ({ originalEvent }) => { if (originalEvent && originalEvent.type !== 'resize') untouched = false })
  map.on('resize', () => { if (untouched) fit() })

  return {
    /** Who is to be named for what lies beneath. */
    credit: base?.attribution ?? '',
    /** By day or by night: the same map in other colours, nothing of it made anew. */
    restyle(next: Theme): void {
      theme = next
      if (base) restyleBase(map, base, next)
      const dressed = [...styleOf(next).layers, ...dotLayers(next, spread.split(' ')[0]!, rootSize())]
      for (const { id, paint } of dressed) if (map.getLayer(id)) for (const [name, value] of Object.entries(paint ?? {})) map.setPaintProperty(id, name as Parameters<GlMap['setPaintProperty']>[1], value as never)
    },
    /** Another area or level: its borders, fitted into the box. */
    show(coloured: Borders, below: Borders): void {
      map.removeFeatureState({ source: 'coloured' })
      shaded = new Map()
      ;(map.getSource('coloured') as GeoJSONSource).setData(coloured)
      ;(map.getSource('below') as GeoJSONSource).setData(below)
      ;(map.getSource('names') as GeoJSONSource).setData(namesOf(below))
      bounds = boundsOf(below.features.length ? below : coloured)
      untouched = true
      fit()
    },
    /** The values of the places; those that stayed in their class are left alone. */
    shade(values: Record<string, number>, bounds: readonly number[]): void {
      const next = new Map(Object.entries(values).map(([pos, n]) => [Number(pos), classOf(n, bounds)]))
      for (const [id, shade] of next) if (shaded.get(id) !== shade) map.setFeatureState({ source: 'coloured', id }, { shade })
      for (const id of shaded.keys()) if (!next.has(id)) map.setFeatureState({ source: 'coloured', id }, { shade: 0 })
      shaded = next
      // Also where nothing changed its class: whoever waits hears that the map is at rest.
      map.triggerRepaint()
    },
    /** What has just come in, the newest largest; nothing blinks. */
    live(now: readonly Live[]): void {
      ;(map.getSource('live') as GeoJSONSource).setData(dots(now))
    },
    /** Cases as ``kind``, of an area; ``at`` is another when they are to be asked for anew. */
    cases(kind: string, area: string, at: number): void {
      const rem = rootSize()
      const query = new URLSearchParams({ area, at: `${at}`, detail: kind === 'heat' ? 'heat' : detailOf(rem).name, show: kind === 'late' ? 'late' : 'open' })
      const tiles = [`${location.origin}/api/v1/wall/cases/{z}/{x}/{y}?${query}`]
      // Asked for anew, the old ones stay until the new ones have come.
      if (kind !== 'none' && spread === `${kind} ${area}`) return void (map.getSource('cases') as VectorTileSource).setTiles(tiles)
      spread = `${kind} ${area}`
      for (const id of ['heat', 'clusters', 'counts']) if (map.getLayer(id)) map.removeLayer(id)
      if (map.getSource('cases')) map.removeSource('cases')
      if (kind === 'none') return
      map.addSource('cases', { type: 'vector', minzoom: 4, maxzoom: 16, tiles })
      // Numbers stand above the names, which make way for them; circles above what has just come in, which would hide their numbers.
      for (const layer of dotLayers(theme, kind, rem)) map.addLayer(layer, kind === 'heat' ? 'lines' : layer.type === 'symbol' ? undefined : 'names')
    },
    stations(there: readonly Station[]): void {
      ;(map.getSource('stations') as GeoJSONSource).setData(dots(there))
    },
    leading(kind: 'alerts' | 'video', there: readonly Leading[]): void {
      ;(map.getSource(kind) as GeoJSONSource).setData(dots(there))
    },
    mark(spots: readonly Spot[]): void {
      marks.forEach((mark) => mark.remove())
      marks = spots.map(({ id, lon, lat, label }) => {
        const element = document.createElement('a')
        element.className = 'wall-spot'
        element.href = `/desk/?queue=all&case=${id}`
        element.setAttribute('aria-label', label)
        return new gl.Marker({ element, anchor: 'bottom' }).setLngLat([lon, lat]).addTo(map)
      })
    },
    remove: () => map.remove(),
  }
}
