/** A department takes a work order, is told what is missing, and hands it in with a note for the house and an answer for the asker. */
import assert from 'node:assert/strict'

import { signInAs } from '../browser.mjs'

export const context = { viewport: { width: 1440, height: 900 }, hasTouch: false }

export async function run({ page, base }) {
  await signInAs(page, 'handler')
  await page.goto(`${base}/desk/?queue=to_acknowledge`)
  await page.locator('.case-row').first().waitFor()
  await page.keyboard.press('j')
  await page.locator('.case-pane .columns').waitFor()
  await page.getByText('为什么由本单位办理').waitFor()
  const id = new URL(page.url()).searchParams.get('case')

  await page.locator('.action-bar').getByRole('button', { name: '签收' }).click()
  await page.keyboard.press('Control+Enter')
  await page.locator('.said', { hasText: '签收' }).waitFor()

  await page.locator('.action-bar').getByRole('button', { name: '部门办结' }).click()
  const form = page.locator('.step-form')
  await form.getByLabel('办理意见').fill('更换井盖一只，费用由养护经费列支')
  await page.keyboard.press('Control+Enter')
  await form.getByText('请填写对外答复').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.closest('.answer') !== null), true, 'the empty field has the focus')
  await page.keyboard.type('井盖已更换，可以放心通行。')
  const picture = await page.screenshot({ type: 'jpeg' })
  await form.locator('input[type=file][multiple]').setInputFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: picture })
  await form.getByText('已上传').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('.said', { hasText: '部门办结' }).waitFor()

  const history = page.locator('.case-pane')
  await history.locator('.note', { hasText: '养护经费' }).waitFor()
  await history.locator('.answer', { hasText: '可以放心通行' }).first().waitFor()
  const { steps } = await (await page.request.get(`${base}/api/v1/cases/${id}`)).json()
  const finish = steps.findLast((step) => step.action === 'finish')
  assert.deepEqual([finish.note, finish.answer, finish.files.length], ['更换井盖一只，费用由养护经费列支', '井盖已更换，可以放心通行。', 1])
}
