import type { Brand } from '@/api/shapes'
import { inWords } from '@/shared/i18n/i18n'

import { mixed, readable } from './colour'

const shelf = 'wg.brand'
const usual = '#1a5fa8'

function shadesOf(colour: string): Record<string, string> {
  return {
    '--brand': colour,
    '--brand-deep': mixed(colour, 'black', 0.18),
    '--brand-soft': mixed(colour, 'white', 0.91),
  }
}

/** Puts the city's colour, title and mark on the page; nothing is rebuilt for a city. */
export function wearBrand(brand: Brand): void {
  const root = document.documentElement
  const colour = readable(brand.colour ?? usual, usual)
  for (const [name, value] of Object.entries(shadesOf(colour))) root.style.setProperty(name, value)
  document.title = inWords(brand.name)
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour)
  if (brand.logo_url) document.querySelector('link[rel="icon"]')?.setAttribute('href', brand.logo_url)
  try {
    localStorage.setItem(shelf, JSON.stringify(brand))
  } catch {
    // Without storage the page shows the usual colour until the city's arrives.
  }
}

/** The brand of the last visit, so that the page does not change colour while it loads. */
export function wearLastBrand(): void {
  try {
    const kept = localStorage.getItem(shelf)
    if (kept) wearBrand(JSON.parse(kept) as Brand)
  } catch {
    // Nothing kept, or not ours.
  }
}
