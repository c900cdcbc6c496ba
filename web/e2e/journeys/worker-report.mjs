/** A grid worker reports in three touches, then settles another on the spot with a photo from after. */
import assert from 'node:assert/strict'

import { signInAs } from '../browser.mjs'

export const context = { permissions: ['geolocation'] }

export async function run({ page, browser, base }) {
  const me = await signInAs(page, 'grid_worker')
  const grid = await (await page.request.get(`${base}/api/v1/areas/${me.posts[0].area.id}`)).json()
  await browser.setGeolocation({ longitude: grid.centre[0], latitude: grid.centre[1] })

  await page.goto(`${base}/w`)
  await page.getByRole('link', { name: '上报' }).click()
  await page.getByText('您现在的位置').waitFor()
  await page.locator('.type-chips button[aria-pressed]').first().click()
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.getByRole('heading', { name: '已上报' }).waitFor()

  await page.getByRole('button', { name: '再报一件' }).click()
  await page.getByLabel('补充说明').fill('楼道堆放杂物，堵了消防通道')
  await page.getByText('按您写的').waitFor()
  await page.locator('.type-chips button[aria-pressed]').first().click()
  await page.getByText('当场已办结').click()
  await page.getByLabel('怎么处置的').fill('已联系住户当场搬走')
  const picture = await page.screenshot({ type: 'jpeg' })
  await page.getByRole('group', { name: '处置后照片' }).locator('input[type=file][multiple]').setInputFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: picture })
  await page.getByText('已上传').waitFor()
  await page.getByRole('button', { name: '上报并办结' }).click()
  await page.getByRole('heading', { name: '已上报，当场办结' }).waitFor()
  await page.getByRole('button', { name: '查看这件事' }).click()
  await page.getByText('已联系住户当场搬走').first().waitFor()
  assert.ok(await page.locator('.timeline li').count() >= 1)
}
