export interface Shape { id: string; name: string; d: string; x: number; y: number }
type Ring = [number, number][]
export interface Borders { features: { properties: { id: string; name: string } ; geometry: { type: string; coordinates: unknown } }[] }

const polygons = ({ type, coordinates }: Borders['features'][number]['geometry']): Ring[][] =>
  type === 'MultiPolygon' ? (coordinates as Ring[][]) : type === 'Polygon' ? [coordinates as Ring[]] : []

/** Borders in degrees as paths in a box: east is narrowed as it is at this latitude, the rest is not bent. */
export function drawn({ features }: Borders, width: number, most: number): { shapes: Shape[]; height: number } {
  const points = features.flatMap((one) => polygons(one.geometry).flat(2)) as [number, number][]
  if (!points.length) return { shapes: [], height: 0 }
  const [west, east, south, north] = points.reduce(([w, e, s, n], [lon, lat]) => [Math.min(w!, lon), Math.max(e!, lon), Math.min(s!, lat), Math.max(n!, lat)], [180, -180, 90, -90]) as [number, number, number, number]
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = Math.min((width - 8) / Math.max((east - west) * narrow, 1e-6), (most - 8) / Math.max(north - south, 1e-6))
  const left = (width - (east - west) * narrow * scale) / 2
  const x = (lon: number) => left + (lon - west) * narrow * scale
  const y = (lat: number) => 4 + (north - lat) * scale
  const shapes = features.map(({ properties, geometry }) => {
    const rings = polygons(geometry).flat()
    const widest = rings.reduce((one, other) => (other.length > one.length ? other : one), rings[0] ?? [])
    const middle = (of: (point: [number, number]) => number) => (Math.min(...widest.map(of)) + Math.max(...widest.map(of))) / 2
    return {
      id: properties.id, name: properties.name, d: rings.map((ring) => `M${ring.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join('L')}Z`).join(''),
      x: x(middle(([lon]) => lon)), y: y(middle(([, lat]) => lat)),
    }
  })
  return { shapes, height: (north - south) * scale + 8 }
}

/** One hue from pale to deep, told apart by lightness alone; what is nothing stays paper. */
export const ramp = ['#d3e3ec', '#a3c4d8', '#6f9fbe', '#3f779e', '#174f78']

/** Equal steps up to the largest; a legend says them. */
export function bounds(values: readonly number[]): number[] {
  const most = Math.max(0, ...values)
  return most ? ramp.map((_, n) => (most * n) / ramp.length) : []
}

export function shadeOf(value: number | null | undefined, steps: readonly number[]): string {
  if (value === null || value === undefined || !steps.length) return '#f3f5f7'
  return ramp[Math.max(0, steps.filter((step) => value >= step).length - 1)]!
}
