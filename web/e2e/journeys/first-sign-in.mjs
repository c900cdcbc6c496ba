/** A new account begins with a code and a password of its owner's choice, signs in with it and changes it. */
import { randomUUID } from 'node:crypto'

import { atTheDoor } from '../browser.mjs'

const first = '清晨先巡一圈再写日记本'
const second = '傍晚再看一遍楼道里的灯'

export async function run({ page, base }) {
  const admin = await atTheDoor('system_admin')
  const worker = await atTheDoor('grid_worker')
  const username = `new${randomUUID().slice(0, 8)}`
  const { code } = await admin.write('/people', {
    username, name: '陈新', posts: [{ role: 'grid_worker', area_id: worker.me.posts[0].area.id }],
  })

  await page.goto(`${base}/w`)
  await page.waitForURL(/\/\?back=/)
  await page.getByRole('link', { name: /第一次登录/ }).click()
  await page.getByRole('heading', { name: '开通账号' }).waitFor()
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('激活码').fill(code)
  await page.getByLabel('设置新密码').fill(first)
  await page.getByLabel('再输一遍').fill(`${first}。`)
  await page.getByRole('button', { name: '开通并登录' }).click()
  await page.getByText('两次输入不一样').waitFor()
  await page.getByLabel('再输一遍').fill(first)
  await page.getByRole('button', { name: '开通并登录' }).click()
  await page.waitForURL(/\/w$/)

  await page.goto(`${base}/w/me`)
  await page.getByRole('link', { name: '修改密码' }).click()
  await page.getByLabel('原密码').fill('不是这一句不是这一句')
  await page.getByLabel('设置新密码').fill(second)
  await page.getByLabel('再输一遍').fill(second)
  await page.getByRole('button', { name: '保存新密码' }).click()
  await page.getByText('原密码不正确').waitFor()
  await page.getByLabel('原密码').fill(first)
  await page.getByRole('button', { name: '保存新密码' }).click()
  await page.waitForURL(/\/w\/me$/)

  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '确定退出' }).click()
  await page.waitForURL(`${base}/`)
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码', { exact: true }).fill(first)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('密码', { exact: true }).fill(second)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL(/\/w$/)
  await Promise.all([admin.leave(), worker.leave()])
}
