/** Without network a report stays on the phone, the small word says so, and it goes by itself later. */
import assert from 'node:assert/strict'

import { signInAs } from '../browser.mjs'

export async function run({ page, browser, base }) {
  await signInAs(page, 'grid_worker')
  const text = `井盖松动 ${Date.now()}`
  await page.goto(`${base}/w/report`)
  await page.locator('.type-chips button[aria-pressed]').first().waitFor()
  await browser.setOffline(true)
  await page.getByText('无网络，已存手机').waitFor()
  await page.getByLabel('补充说明').fill(text)
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.getByText('有网会自动上报').waitFor()
  await browser.setOffline(false)
  await page.getByText('已同步').waitFor()
  const { items } = await (await page.request.get(`${base}/api/v1/cases?queue=reported_by_me`)).json()
  assert.equal(items.filter((card) => card.text.includes(text)).length, 1)
}
