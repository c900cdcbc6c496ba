/** The switch changes every word at once and is remembered; elder mode enlarges type and targets. */
import assert from 'node:assert/strict'

export async function run({ page, base }) {
  await page.goto(`${base}/r`)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByText('Report something').waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  await page.reload()
  await page.getByText('Report something').waitFor()
  await page.getByRole('button', { name: '中文' }).click()
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))
  const before = await size()
  await page.getByRole('button', { name: '大字版' }).click()
  assert.ok((await size()) >= before * 1.25)
  const low = await page.evaluate(() => [...document.querySelectorAll('main a, main button')].filter((each) => each.getBoundingClientRect().height < 56).length)
  assert.equal(low, 0)
}
