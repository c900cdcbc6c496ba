import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'

import type { Ground } from './load'

interface Drawn { level: string; from: number; until: number; width: number; nameFrom: number; nameUntil: number; size: number }

/** From the wide to the near: when a level's borders are drawn, and between which zooms its names. */
const drawn: Drawn[] = [
  { level: 'micro_grid', from: 15, until: 24, width: 0.4, nameFrom: 16, nameUntil: 24, size: 11 },
  { level: 'grid', from: 12, until: 24, width: 0.6, nameFrom: 13.5, nameUntil: 24, size: 12 },
  { level: 'community', from: 10, until: 24, width: 0.9, nameFrom: 11.5, nameUntil: 13.5, size: 12 },
  { level: 'township', from: 8, until: 24, width: 1.3, nameFrom: 9, nameUntil: 11.5, size: 13 },
  { level: 'county', from: 0, until: 24, width: 1.8, nameFrom: 6, nameUntil: 9, size: 15 },
  { level: 'city', from: 0, until: 24, width: 2.2, nameFrom: 0, nameUntil: 6, size: 15 },
]

function linesOf({ level, from, until, width }: Drawn): LayerSpecification {
  return {
    id: `${level}-lines`, type: 'line', source: 'areas', 'source-layer': level, minzoom: from, maxzoom: until,
    layout: { 'line-join': 'round' },
    paint: { 'line-color': width > 1 ? '#75838f' : '#a3aeb8', 'line-width': width },
  }
}

function namesOf({ level, nameFrom, nameUntil, size }: Drawn): LayerSpecification {
  return {
    id: `${level}-names`, type: 'symbol', source: 'areas', 'source-layer': level, minzoom: nameFrom, maxzoom: nameUntil,
    layout: { 'text-field': ['coalesce', ['get', 'short_name'], ['get', 'name']], 'text-size': size, 'text-padding': 6, 'text-max-width': 7 },
    paint: { 'text-color': '#3b4651', 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
  }
}

/** The levels whose area may be shown as chosen. */
export const chosenLayers = drawn.map(({ level }) => `${level}-chosen`)

function chosenOf({ level }: Drawn, brand: string): LayerSpecification {
  return {
    id: `${level}-chosen`, type: 'fill', source: 'areas', 'source-layer': level, filter: ['==', ['get', 'id'], ''],
    paint: { 'fill-color': brand, 'fill-opacity': 0.16 },
  }
}

/** Own borders only; no glyphs, no sprite, no foreign host. Names are drawn by the browser's own fonts. */
export function mapStyle({ tiles, minzoom, maxzoom, bounds }: Ground, brand: string): StyleSpecification {
  return {
    version: 8,
    sources: { areas: { type: 'vector', tiles, minzoom, maxzoom, bounds } },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#e9edf0' } },
      { id: 'land', type: 'fill', source: 'areas', 'source-layer': 'county', paint: { 'fill-color': '#fbfcfc' } },
      ...drawn.map((each) => chosenOf(each, brand)),
      ...drawn.map(linesOf),
      ...drawn.map(namesOf),
    ],
  }
}
