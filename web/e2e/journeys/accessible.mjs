/** No page breaks a rule of WCAG 2.2 AA that a machine can see, plain and in elder mode. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { atTheDoor, signInAs } from '../browser.mjs'

const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }

export async function run({ page, base }) {
  const axe = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
  const found = []
  async function look(path) {
    await page.goto(base + path)
    await page.waitForLoadState('networkidle')
    await page.evaluate(axe)
    const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), rules)
    for (const { id, nodes } of violations) found.push(`${path} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  }
  const worker = await atTheDoor('grid_worker')
  const { items } = await worker.read('/cases?queue=in_grid')
  const area = worker.me.posts[0].area.code
  for (const elder of ['no', 'yes']) {
    await page.goto(`${base}/r`)
    await page.evaluate((kept) => localStorage.setItem('wg.elder', kept), elder)
    for (const path of ['/', '/activate', '/r', '/r/report', '/r/find', '/r/matters', `/r/serve/${area}`]) await look(path)
  }
  await signInAs(page, 'grid_worker')
  for (const path of ['/w', '/w/grid', '/w/report', '/w/notices', '/w/me', `/w/case/${items[0].id}`]) await look(path)
  await worker.leave()
  assert.deepEqual(found, [])
}
