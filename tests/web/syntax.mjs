// Reads every built script as an old browser would: node tests/web/syntax.mjs DIST → JSON of what it cannot read.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { parse } = createRequire(new URL('../../web/package.json', import.meta.url))('acorn')
const [dist] = process.argv.slice(2)
const wrong = {}
let read = 0
for (const name of readdirSync(`${dist}/assets`)) {
  if (!/\.m?js$/.test(name)) continue
  read += 1
  const text = readFileSync(`${dist}/assets/${name}`, 'utf8')
  // A worker is started as a classic script where modules are not known there.
  const sourceType = /worker/.test(name) && !/export\s*\{/.test(text) ? 'script' : 'module'
  try {
    parse(text, { ecmaVersion: 2020, sourceType })
  } catch (error) {
    wrong[name] = `${error.message}: ${text.slice(Math.max(0, error.pos - 40), error.pos + 40)}`
  }
}
process.stdout.write(JSON.stringify({ read, wrong }))
