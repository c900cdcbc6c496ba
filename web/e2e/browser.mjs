import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { chromium, request } from 'playwright-core'

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

/** Somebody at the doors without a screen, signed in as the first of a role. */
export async function atTheDoor(role) {
  const context = await request.newContext({ baseURL: base })
  const me = await signInAs({ request: context }, role)
  const read = async (path) => (await context.get(`/api/v1${path}`)).json()
  async function write(path, data) {
    const answer = await context.post(`/api/v1${path}`, { data, headers: { 'X-CSRF-Token': me.csrf } })
    if (!answer.ok()) throw new Error(`${role} may not write ${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  async function step(caseId, action, more = {}) {
    const { version } = await read(`/cases/${caseId}`)
    return write(`/cases/${caseId}/steps`, { id: randomUUID(), action, version, ...more })
  }
  return { me, read, write, step, leave: () => context.dispose() }
}
