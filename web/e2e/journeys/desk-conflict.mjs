/** Two people on one case: who is second sees what the first did, keeps his words, and goes on with them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

import { signInAs } from '../browser.mjs'

export const context = { viewport: { width: 1440, height: 900 }, hasTouch: false }

export async function run({ page, base }) {
  const me = await signInAs(page, 'acceptor')
  const headers = { 'x-csrf-token': me.csrf }
  const id = randomUUID()
  const opened = await page.request.post(`${base}/api/v1/cases`, { headers, data: { id, text: '小区门口的井盖松动，车一过就响', channel: 'phone' } })
  assert.equal(opened.status(), 200, await opened.text())
  const { version } = (await opened.json()).case

  await page.goto(`${base}/desk/?case=${id}`)
  await page.locator('.action-bar').waitFor()
  await page.keyboard.press('a')
  const note = page.locator('.step-form').getByLabel('办理意见')
  await note.fill('已电话核实')
  await page.reload()
  await page.locator('.action-bar').waitFor()
  await page.keyboard.press('a')
  assert.equal(await note.inputValue(), '已电话核实', 'a reload keeps what was typed')

  // Behind the page's back; the live line may tell it, the version that was seen stays the old one.
  const remark = await page.request.post(`${base}/api/v1/cases/${id}/steps`, { headers, data: { id: randomUUID(), action: 'remark', version, note: '物业已去看过' } })
  assert.equal(remark.status(), 200, await remark.text())
  await note.focus()
  await page.keyboard.press('Control+Enter')
  await page.getByText('这件事项刚被他人更新').waitFor()
  await page.locator('.moved-note').getByText('物业已去看过').waitFor()
  assert.equal(await note.inputValue(), '已电话核实')

  await page.getByRole('button', { name: '仍要受理' }).click()
  await page.locator('.case-pane .said').waitFor()
  const steps = (await (await page.request.get(`${base}/api/v1/cases/${id}`)).json()).steps
  assert.ok(steps.some((step) => step.action === 'accept' && step.note === '已电话核实'))
}
