import { expect, test } from 'vitest'

import type { Messages } from './i18n'

const files = import.meta.glob<{ default: Messages }>('/src/**/messages.{zh,en}.ts', { eager: true })
const sources = import.meta.glob<string>(['/src/**/*.{ts,vue}', '!/src/**/messages.*.ts', '!/src/**/*.test.ts', '!/src/api/**'], {
  eager: true, query: '?raw', import: 'default',
})

function keys(part: Messages, above = ''): string[] {
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' ? [above + key] : keys(value, `${above}${key}.`),
  )
}
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()
function texts(part: Messages): string[] {
  return Object.values(part).flatMap((value) => (typeof value === 'string' ? [value] : texts(value)))
}

const places = Object.keys(files).filter((path) => path.endsWith('.zh.ts'))

test.each(places)('%s and its English half have the same keys and the same blanks', (path) => {
  const zh = files[path]!.default
  const en = files[path.replace('.zh.ts', '.en.ts')]?.default
  expect(en, 'the English half is missing').toBeDefined()
  expect(keys(en!).sort()).toEqual(keys(zh).sort())
  const sorted = (part: Messages) => Object.fromEntries(keys(part).map((key, at) => [key, blanks(texts(part)[at]!)]))
  expect(sorted(en!)).toEqual(sorted(zh))
})

test('English messages hold no Chinese sentence', () => {
  const strange = Object.entries(files).filter(([path]) => path.endsWith('.en.ts'))
    .flatMap(([, file]) => texts(file.default)).filter((text) => /[\u4e00-\u9fff]/.test(text) && text !== '中文')
  expect(strange).toEqual([])
})

test('no text of the screens stands outside the message files', () => {
  const strange = Object.entries(sources).filter(([, source]) => /[\u4e00-\u9fff]/.test(source)).map(([path]) => path)
  expect(strange).toEqual([])
})

test('every key a screen asks for exists', () => {
  const known = new Set(places.flatMap((path) => keys(files[path]!.default)))
  const asked = Object.entries(sources).flatMap(([path, source]) =>
    [...source.matchAll(/\bt\('([\w.]+)'/g)].map((found) => [path, found[1]!] as const))
  expect(asked.filter(([, key]) => !known.has(key))).toEqual([])
})

test('words that come with their own pages stand on no other page', () => {
  const late = Object.keys(sources).flatMap((path) => path.match(/^\/src\/modules\/(\w+)\/words\.ts$/)?.[1] ?? [])
  expect(late).toContain('deskadmin')
  const strange = late.flatMap((name) => {
    const own = `/src/modules/${name}/`
    const roots = Object.keys(files[`${own}messages.zh.ts`]!.default)
    return Object.entries(sources).filter(([path, source]) => !path.startsWith(own) && roots.some((root) => new RegExp(`['\`]${root}\\.`).test(source))).map(([path]) => `${path} uses ${name}`)
  })
  expect(strange).toEqual([])
})
