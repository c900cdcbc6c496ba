import type { StyleSpecification } from 'maplibre-gl'

/** Own borders only; no glyphs, no sprite, no foreign host. Names are drawn by the browser's own fonts. */
export function mapStyle(tiles: string, brand: string): StyleSpecification {
  return {
    version: 8,
    sources: { areas: { type: 'vector', tiles: [tiles], minzoom: 5, maxzoom: 14 } },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#eef1f4' } },
      {
        id: 'areas', type: 'fill', source: 'areas', 'source-layer': 'areas',
        paint: { 'fill-color': '#ffffff', 'fill-opacity': 0.55 },
      },
      {
        id: 'chosen', type: 'fill', source: 'areas', 'source-layer': 'areas', filter: ['==', ['get', 'id'], ''],
        paint: { 'fill-color': brand, 'fill-opacity': 0.16 },
      },
      {
        id: 'borders', type: 'line', source: 'areas', 'source-layer': 'areas',
        paint: {
          'line-color': '#8593a1',
          'line-width': ['match', ['get', 'level'], ['city', 'county'], 1.6, 'township', 1.1, 'community', 0.8, 0.5],
        },
      },
      {
        id: 'names', type: 'symbol', source: 'areas', 'source-layer': 'areas',
        layout: { 'text-field': ['get', 'name'], 'text-size': 13, 'text-padding': 8, 'text-max-width': 8 },
        paint: { 'text-color': '#3b4651', 'text-halo-color': '#ffffff', 'text-halo-width': 1.4 },
      },
    ],
  }
}
