/** One matter round the whole loop on phones: reported, verified, handled, checked, answered, rated. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

import { atTheDoor, signInAs } from '../browser.mjs'

const said = '单元门口垃圾堆了三天没人清'

async function take(page, base, caseId, button, fill) {
  await page.goto(`${base}/w/case/${caseId}`)
  await page.locator('.actions').getByRole('button', { name: button, exact: true }).click()
  await fill(page.locator('.step-form'))
  await page.locator('.step-form').getByRole('button', { name: button, exact: true }).click()
  await page.locator('.said').waitFor()
}

export async function run({ page, base }) {
  const [desk, dispatcher, leader] = [await atTheDoor('acceptor'), await atTheDoor('dispatcher'), await atTheDoor('duty_leader')]
  const worker = await atTheDoor('grid_worker')
  const grid = await worker.read(`/areas/${worker.me.posts[0].area.id}`)
  const id = randomUUID()
  const report = await page.request.post(`${base}/api/v1/public/cases`, {
    data: { id, text: said, lon: grid.centre[0], lat: grid.centre[1], asker: { name: '王女士', phone: '13805460101' } },
  })
  const { code } = await report.json()
  await desk.step(id, 'send_verify')

  await page.goto(`${base}/r`)
  const picture = { name: 'spot.jpg', mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg' }) }
  await signInAs(page, 'grid_worker')
  await page.goto(`${base}/w`)
  await page.getByText(said).first().waitFor()
  await take(page, base, id, '核实', async (form) => {
    await form.locator('input[type=file][multiple]').setInputFiles(picture)
    await form.getByText('已上传').waitFor()
    await form.getByText('还在，需要办').click()
    // The server asks for a note: without it the form says so and keeps what there is.
    await form.getByRole('button', { name: '核实', exact: true }).click()
    await form.getByText('此项必填').waitFor()
    await form.getByLabel('现场看到的情况').fill('确有积存垃圾约两方')
  })

  const manager = await atTheDoor('property_manager')
  let now = await desk.step(id, 'accept')
  if (now.state === 'accepted') now = await leader.step(id, 'register')
  if (now.state === 'dispatched' && now.unit.id !== manager.me.posts[0].unit.id) now = await dispatcher.step(id, 'recall', { note: '改派物业' })
  if (now.state === 'registered') await dispatcher.step(id, 'dispatch', { unit_id: manager.me.posts[0].unit.id })

  await signInAs(page, 'property_manager')
  await take(page, base, id, '签收', async () => undefined)
  await take(page, base, id, '部门办结', async (form) => {
    for (const input of await form.locator('input[type=file][multiple]').all()) await input.setInputFiles(picture)
    await form.getByText('已上传').first().waitFor()
    await form.getByLabel(/怎么办的/).fill('已派保洁清运两车')
    await form.getByLabel('给反映人的答复').fill('垃圾已清运，并增加每日巡查一次。')
  })

  if ((await leader.read(`/cases/${id}`)).state === 'handled') await leader.step(id, 'send_check')
  await signInAs(page, 'grid_worker')
  await take(page, base, id, '核查通过', async () => undefined)
  if ((await leader.read(`/cases/${id}`)).state === 'checked') await leader.step(id, 'close', { answer: '垃圾已清运，并增加每日巡查一次。' })

  await page.goto(`${base}/r/m/${code}`)
  await page.getByText('垃圾已清运').first().waitFor()
  await page.getByText('没解决，请再办').click()
  await page.getByRole('button', { name: '问题还在' }).click()
  await page.getByRole('button', { name: '提交，请再办' }).click()
  await page.getByText('已转回重新办理').waitFor()
  assert.equal((await leader.read(`/cases/${id}`)).round, 2)
  await Promise.all([desk, dispatcher, leader, worker, manager].map((person) => person.leave()))
}
