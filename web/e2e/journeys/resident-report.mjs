/** A resident without account and without location reports with a photo, gets a code and follows it. */
import assert from 'node:assert/strict'

export async function run({ page, base }) {
  await page.goto(`${base}/r`)
  const picture = await page.screenshot({ type: 'jpeg' })
  await page.getByRole('link', { name: '我要反映' }).click()
  await page.locator('input[type=file][multiple]').setInputFiles({ name: 'lamp.jpg', mimeType: 'image/jpeg', buffer: picture })
  await page.getByText('已上传').waitFor()

  // What was typed survives leaving the page.
  await page.getByRole('textbox', { name: '什么事' }).fill('楼下路灯不亮三天了，晚上看不清路')
  await page.waitForTimeout(600)
  await page.reload()
  await page.getByText('已为您恢复').waitFor()
  await page.getByText('已上传').waitFor()

  await page.getByLabel('手机号码').fill('12')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('号码好像不对').waitFor()
  await page.getByLabel('手机号码').fill('13805460101')
  await page.getByLabel('地点说明').fill('东方社区 3 号楼楼下')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('heading', { name: '我们收到了' }).waitFor()
  const code = (await page.locator('.code').textContent()).trim()
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)

  await page.getByRole('button', { name: '保存为图片' }).click()
  await page.getByRole('img', { name: new RegExp(code) }).waitFor()
  await page.getByRole('button', { name: '查看办理进度' }).click()
  await page.getByText('楼下路灯不亮三天了').waitFor()
  assert.equal(await page.locator('.five-steps li').count(), 5)

  // The phone remembers the matter; the code finds it too, however it is typed.
  await page.goto(`${base}/r/matters`)
  await page.getByText('楼下路灯不亮三天了').waitFor()
  await page.getByLabel('查询码').fill(code.replaceAll('-', '').toLowerCase())
  await page.getByRole('button', { name: '查询' }).first().click()
  await page.getByText('楼下路灯不亮三天了').waitFor()
}
