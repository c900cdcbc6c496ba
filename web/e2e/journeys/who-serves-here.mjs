/** A resident finds the grid worker by the name of a place, and by the device's own location. */
import assert from 'node:assert/strict'

export async function run({ page, browser, base }) {
  const { items } = await (await page.request.get(`${base}/api/v1/public/places?q=${encodeURIComponent('东方')}`)).json()
  const place = items[0]
  await page.goto(`${base}/r/find`)
  await page.getByRole('button', { name: '用我的位置找' }).click()
  await page.getByText(/没有取得定位权限|暂时定不了位/).waitFor()
  await page.getByLabel('小区、社区、村或地名').fill(place.name)
  await page.getByRole('button', { name: place.name }).first().click()
  await page.waitForURL(/\/r\/serve\//)
  await page.locator('a.call[href^="tel:"]').first().waitFor()
  assert.match(await page.locator('a[href$="poster.pdf"]').getAttribute('href'), /public\/serve/)

  await browser.grantPermissions(['geolocation'], { origin: base })
  await browser.setGeolocation({ longitude: place.lon, latitude: place.lat })
  await page.goto(`${base}/r/find`)
  await page.getByRole('button', { name: '用我的位置找' }).click()
  await page.waitForURL(/\/r\/serve\//)

  // From the notice the report knows its grid.
  await page.getByRole('button', { name: '向这个网格反映' }).click()
  await page.getByText('您扫码的网格').waitFor()
}
