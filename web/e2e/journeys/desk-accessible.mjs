/** No page of the desk breaks a rule of WCAG 2.2 AA that a machine can see, at rest and with its forms open. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { signInAs } from '../browser.mjs'

export const context = { viewport: { width: 1440, height: 900 }, hasTouch: false }
const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }

export async function run({ page, base }) {
  const axe = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
  const found = []
  async function look(where) {
    await page.evaluate(axe)
    const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), rules)
    for (const { id, nodes } of violations) found.push(`${where} ${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`)
  }
  async function visit(path, settled) {
    await page.goto(base + path)
    await page.locator(settled).first().waitFor()
    await page.waitForTimeout(600)
    await look(path)
  }
  await signInAs(page, 'duty_leader')
  await visit('/desk/?queue=in_grid', '.case-row')
  await page.getByRole('button', { name: '筛选', exact: true }).click()
  await look('filters')
  await page.keyboard.press('j')
  await page.locator('.case-pane .columns').waitFor()
  await page.waitForTimeout(600)
  await look('case')
  const actions = await page.locator('.action-bar button').count()
  for (let at = 0; at < actions; at += 1) {
    await page.locator('.action-bar button').nth(at).click()
    await page.waitForTimeout(300)
    await look(`form ${await page.locator('.action-bar button').nth(at).innerText()}`)
  }
  await visit('/desk/new', '.entry-form')
  await visit('/desk/roster', '.week')
  await visit('/desk/people', 'table')
  await visit('/desk/demo', '.demo-clock')
  await signInAs(page, 'system_admin')
  for (const name of ['brand', 'switches', 'lists', 'all']) await visit(`/desk/rules/${name}`, '.panel h2')
  await visit('/desk/areas', '.topology-page')
  await signInAs(page, 'audit_admin')
  await visit('/desk/audit', 'table')
  assert.deepEqual(found, [])
}
