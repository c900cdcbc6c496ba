/** Words of danger bring the numbers to call before and after sending. */
export async function run({ page, base }) {
  await page.goto(`${base}/r/report`)
  await page.getByRole('textbox', { name: '什么事' }).fill('三号楼着火了，有人被困')
  await page.locator('.emergency-help a[href="tel:119"]').waitFor()
  await page.getByLabel('匿名').check()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('heading', { name: '我们收到了' }).waitFor()
  await page.locator('.emergency-help a[href="tel:119"]').waitFor()
}
