import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { chromium } from 'playwright-core'

const quiet = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
]

/** A browser with an empty profile of its own. `context` takes what playwright's contexts take. */
export async function openBrowser(context = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'wangge-e2e-'))
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: quiet, locale: 'zh-CN',
    viewport: { width: 360, height: 640 }, hasTouch: true, ...context,
  })
}

export const base = process.env.WANGGE_URL ?? 'http://127.0.0.1:8000'

/** Signs in through the demo's door as the first person of a role; needs `WANGGE_DEMO`. */
export async function signInAs(page, role) {
  const { items } = await (await page.request.get(`${base}/api/v1/demo/accounts`)).json()
  const person = items.find((each) => each.role === role)
  if (!person) throw new Error(`nobody in the demo's cast is a ${role}`)
  const answer = await page.request.post(`${base}/api/v1/demo/session`, { data: { account_id: person.id } })
  if (!answer.ok()) throw new Error(`signing in as ${role}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}
