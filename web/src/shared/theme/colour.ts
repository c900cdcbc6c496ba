type Rgb = [number, number, number]

export function rgb(hex: string): Rgb | null {
  const found = /^#([0-9a-f]{6})$/i.exec(hex.trim())
  if (!found) return null
  const value = parseInt(found[1]!, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const white: Rgb = [255, 255, 255]

/** The nearest darker shade of `hex` on which white text, and which on white, reads at 4.5 : 1 or better. */
export function readable(hex: string, fallback: string): string {
  let colour = rgb(hex)
  if (!colour) return fallback
  while (contrast(colour, white) < 4.6) colour = colour.map((part) => Math.floor(part * 0.95)) as Rgb
  return hexOf(colour)
}

function hexOf(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

/** `hex` with a share of white or black in it, 0 to 1; worked out here because older phones know no color-mix. */
export function mixed(hex: string, other: 'white' | 'black', share: number): string {
  const colour = rgb(hex)
  if (!colour) return hex
  const towards = other === 'white' ? 255 : 0
  return hexOf(colour.map((part) => part + (towards - part) * share) as Rgb)
}
