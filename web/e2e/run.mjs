/** Runs the journeys against a running demo server: node e2e/run.mjs [name …]. Ends with 1 when one fails. */
import { readdir } from 'node:fs/promises'

import { base, openBrowser } from './browser.mjs'

const wanted = process.argv.slice(2)
const files = (await readdir(new URL('journeys/', import.meta.url))).filter((file) => file.endsWith('.mjs')).sort()
let failed = 0
for (const file of files) {
  const name = file.replace('.mjs', '')
  if (wanted.length && !wanted.includes(name)) continue
  const { run, context = {} } = await import(new URL(`journeys/${file}`, import.meta.url))
  const browser = await openBrowser(context)
  const page = browser.pages()[0] ?? (await browser.newPage())
  const faults = []
  page.on('pageerror', (error) => faults.push(error.stack || error.message))
  const foreign = []
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(base).origin) foreign.push(request.url())
  })
  page.setDefaultTimeout(15_000)
  try {
    await run({ page, browser, base })
    if (faults.length) throw new Error(`the page broke: ${faults.join('; ')}`)
    if (foreign.length) throw new Error(`asked a foreign host: ${foreign.join(' ')}`)
    console.log(`ok      ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAILED  ${name}\n${error.stack}`)
    await page.screenshot({ path: `${process.env.WANGGE_SHOTS ?? '.'}/failed-${name}.png`, fullPage: true }).catch(() => undefined)
  } finally {
    await browser.close()
  }
}
process.exit(failed ? 1 : 0)
