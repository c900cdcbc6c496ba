/** The acceptor takes down a call by keyboard alone, hears the danger in it, and finds it again when the same number calls. */
import assert from 'node:assert/strict'

import { signInAs } from '../browser.mjs'

export const context = { viewport: { width: 1440, height: 900 }, hasTouch: false }

export async function run({ page, base }) {
  await signInAs(page, 'acceptor')
  await page.goto(`${base}/desk/`)
  await page.locator('.case-list').waitFor()
  const phone = `139${String(Date.now()).slice(-8)}`

  await page.keyboard.press('n')
  await page.getByLabel('来电号码').waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'tel')
  await page.keyboard.type(phone)
  await page.keyboard.press('Tab')
  await page.keyboard.type('楼道里有很浓的煤气味，怀疑燃气泄漏')
  await page.getByRole('link', { name: /119/ }).waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('反映的内容').inputValue(), '楼道里有很浓的煤气味，怀疑燃气泄漏', 'a reload keeps the draft')
  await page.getByLabel('反映的内容').focus()
  await page.keyboard.press('Control+Enter')

  await page.getByRole('heading', { name: '已收到' }).waitFor()
  const [number, code] = await page.locator('.entry-sent dd').allInnerTexts()
  assert.match(number, /-\d{8}-\d+$/)
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  await page.locator('.emergency-banner').waitFor()

  await page.keyboard.press('n')
  await page.getByLabel('来电号码').fill(phone)
  await page.locator('.caller-history li', { hasText: '煤气味' }).waitFor({ timeout: 2_000 })
}
