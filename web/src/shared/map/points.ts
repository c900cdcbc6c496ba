/** Degrees in WGS-84. */
export interface Point { lon: number; lat: number }
export interface Pin extends Point {
  id: string
  tone?: 'brand' | 'bad' | 'warn' | 'quiet'
  label?: string
}
