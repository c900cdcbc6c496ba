import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { rolldown } from 'rolldown'
import type { Plugin, Rolldown } from 'vite'

interface Face { face: string; page: string; extras: string[] }
type Bundle = Rolldown.OutputBundle

/** Loaded when a map is first looked at: kept for later, never before the first start. */
const heavy = /maplibre/

/** Everything a page can ever load: its scripts, what they import now or later, and their styles. */
function reached(bundle: Bundle, page: string): string[] {
  const found = new Set<string>()
  const look = (name: string): void => {
    const chunk = bundle[name]
    if (!chunk || found.has(name)) return
    found.add(name)
    if (chunk.type !== 'chunk') return
    const meta = chunk.viteMetadata
    for (const file of [...(meta?.importedCss ?? []), ...(meta?.importedAssets ?? [])]) found.add(file)
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) look(next)
  }
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === 'chunk' && chunk.isEntry && chunk.facadeModuleId?.endsWith(`/${page}`)) look(chunk.fileName)
  }
  return [...found].sort()
}

function digest(parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 12)
}

/** One service worker a face, each knowing the files of its own face alone. */
export function shells(source: string, target: string[], faces: Face[], folder: string): Plugin {
  return {
    name: 'wangge-shells',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const build = await rolldown({ input: source, platform: 'browser', resolve: { alias: { '@': `${folder}/../src` } }, transform: { target } })
      const { output: [script] } = await build.generate({ format: 'iife', minify: true })
      for (const { face, page, extras } of faces) {
        const all = reached(bundle, page).map((name) => `/${name}`)
        const html = bundle[page]
        if (!all.length || html?.type !== 'asset') throw new Error(`no page ${page} to keep`)
        const files = [`/${page}`, ...extras, ...all.filter((name) => !heavy.test(name))]
        const fixed = extras.map((name) => readFileSync(folder + name).toString('base64'))
        const version = digest([String(html.source), script.code, ...files, ...fixed])
        const shell = { face, page: `/${page}`, version, files, later: all.filter((name) => heavy.test(name)) }
        this.emitFile({
          type: 'asset',
          fileName: `${face}.sw.js`,
          source: `self.WG_SHELL=${JSON.stringify(shell)};\n${script.code}`,
        })
      }
    },
  }
}
