/**
 * Pictures of every screen, to be looked at: node e2e/shots.mjs [folder] [only].
 * Needs a running server with the demo's doors (WANGGE_URL).
 */
import { mkdir } from 'node:fs/promises'

import { base, openBrowser, signInAs } from './browser.mjs'

const [, , folder = 'test-results/shots', only = ''] = process.argv
const sizes = { s: { width: 360, height: 640 }, m: { width: 412, height: 915 }, l: { width: 1440, height: 900 } }

const resident = [
  ['r-home', '/r'], ['r-report', '/r/report'], ['r-find', '/r/find'], ['r-matters', '/r/matters'],
]
const worker = [['w-today', '/w'], ['w-report', '/w/report'], ['w-grid', '/w/grid'], ['w-notices', '/w/notices'], ['w-me', '/w/me']]
const gate = [['gate', '/'], ['activate', '/activate']]

async function shoot(page, name, size) {
  if (only && !name.includes(only)) return
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.screenshot({ path: `${folder}/${name}-${size}.png`, fullPage: true })
}

async function walk(size, settings, pages, role, suffix = '') {
  const browser = await openBrowser({ viewport: sizes[size] })
  try {
    const page = browser.pages()[0] ?? (await browser.newPage())
    page.on('console', (line) => line.type() === 'error' && console.error(name, line.text()))
    page.on('pageerror', (error) => console.error(name, error.message))
    let name = ''
    await page.addInitScript((kept) => { for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value) }, settings)
    if (role) await signInAs(page, role)
    for (const [each, path] of pages) {
      name = each
      if (only && !each.includes(only)) continue
      await page.goto(base + path)
      await shoot(page, each + suffix, size)
    }
  } finally {
    await browser.close()
  }
}

await mkdir(folder, { recursive: true })
for (const size of ['s', 'm']) {
  await walk(size, {}, resident)
  await walk(size, {}, worker, 'grid_worker')
}
await walk('s', { 'wg.language': 'en' }, resident, '', '-en')
await walk('s', { 'wg.language': 'en' }, worker, 'grid_worker', '-en')
await walk('s', { 'wg.elder': 'yes' }, resident, '', '-elder')
await walk('s', { 'wg.elder': 'yes' }, worker, 'grid_worker', '-elder')
await walk('s', {}, gate)
await walk('l', {}, gate)
await walk('l', {}, resident)
