import { isCount, type Shape } from './value'

export interface Mark { label: string; value: number | null; before: number | null; usual: number | null; unusual: boolean }
export interface Rect { x: number; y: number; width: number; height: number; of: 'now' | 'before' }
export interface Text { x: number; y: number; words: string; anchor: 'start' | 'middle' | 'end'; strong?: boolean }
export interface Rule { x1: number; y1: number; x2: number; y2: number; of: 'grid' | 'usual' }
export interface Line { d: string; of: 'now' | 'before' | 'usual' }
export interface Dot { x: number; y: number }
export interface Drawing { width: number; height: number; rects: Rect[]; texts: Text[]; rules: Rule[]; lines: Line[]; dots: Dot[]; up: Dot[] }

const blank = (width: number, height: number): Drawing => ({ width, height, rects: [], texts: [], rules: [], lines: [], dots: [], up: [] })

/** Where an axis ends, and its few round steps; it always begins at nothing, and a share never ends above all. */
export function axis(most: number, shape: Shape): number[] {
  const cap = !isCount(shape) && !shape.mean ? 1 : Infinity
  const rough = Math.max(most, isCount(shape) ? 4 : 0.04) / 4
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * unit).find((n) => n >= rough - 1e-9)!
  const whole = isCount(shape) ? Math.max(1, Math.ceil(step)) : step
  const steps = Array.from({ length: 6 }, (_, n) => n * whole)
  const end = steps.findIndex((n) => n >= most - 1e-9)
  return steps.slice(0, end < 0 ? 6 : Math.max(end, 1) + 1).filter((n) => n <= cap + 1e-9)
}

const most = (marks: readonly Mark[]) => Math.max(0, ...marks.flatMap((one) => [one.value, one.before, one.usual]).filter((n): n is number => n !== null))

/** Columns for counts, a line for shares and times; what it is compared with is drawn behind, the usual dashed. */
export function overTime(marks: readonly Mark[], shape: Shape, width: number, say: (value: number) => string): Drawing {
  const height = 280
  const [left, right, top, bottom] = [width < 500 ? 44 : 60, 10, 16, 34]
  const found = blank(width, height)
  const steps = axis(most(marks), shape)
  const full = Math.max(steps.at(-1) ?? 1, most(marks)) || 1
  const y = (n: number) => top + (height - top - bottom) * (1 - n / full)
  const slot = (width - left - right) / Math.max(marks.length, 1)
  const x = (n: number) => left + slot * (n + 0.5)
  for (const step of steps) {
    found.rules.push({ x1: left, y1: y(step), x2: width - right, y2: y(step), of: 'grid' })
    found.texts.push({ x: left - 6, y: y(step) + 4, words: say(step), anchor: 'end' })
  }
  const every = Math.max(1, Math.ceil((width < 500 ? 58 : 66) / slot))
  marks.forEach((one, n) => {
    if (n % every === 0) found.texts.push({ x: x(n), y: height - 12, words: one.label, anchor: 'middle' })
    if (isCount(shape)) {
      if (one.before !== null) found.rects.push({ x: x(n) - slot * 0.44, y: y(one.before), width: slot * 0.88, height: y(0) - y(one.before), of: 'before' })
      if (one.value !== null) found.rects.push({ x: x(n) - slot * 0.3, y: y(one.value), width: slot * 0.6, height: y(0) - y(one.value), of: 'now' })
    } else if (one.value !== null) {
      found.dots.push({ x: x(n), y: y(one.value) })
    }
    if (one.unusual && one.value !== null) found.up.push({ x: x(n), y: y(one.value) - 8 })
  })
  const path = (of: (one: Mark) => number | null) => {
    let open = false
    return marks.map((one, n) => {
      const value = of(one)
      const said = value === null ? '' : `${open ? 'L' : 'M'}${x(n).toFixed(1)} ${y(value).toFixed(1)}`
      open = value !== null
      return said
    }).join('')
  }
  if (!isCount(shape)) found.lines.push({ d: path((one) => one.before), of: 'before' }, { d: path((one) => one.value), of: 'now' })
  found.lines.push({ d: path((one) => one.usual), of: 'usual' })
  found.lines = found.lines.filter((line) => line.d)
  return found
}

/** A bar for each, in the order in which they came: the order of the directory or of the city's list. */
export function inRows(marks: readonly Mark[], width: number, say: (value: number) => string): Drawing {
  const [left, right, top, each] = [width < 500 ? 104 : 170, 78, 8, 30]
  const found = blank(width, top * 2 + each * marks.length)
  const full = most(marks) || 1
  const long = (n: number) => Math.max(n ? 1 : 0, ((width - left - right) * n) / full)
  const room = Math.floor((left - 12) / 14)
  found.rules.push({ x1: left, y1: top, x2: left, y2: found.height - top, of: 'grid' })
  marks.forEach((one, n) => {
    const y = top + n * each
    found.texts.push({ x: left - 8, y: y + 20, words: fitting(one.label, room), anchor: 'end' })
    if (one.before !== null) found.rects.push({ x: left, y: y + 4, width: long(one.before), height: 22, of: 'before' })
    if (one.value !== null) found.rects.push({ x: left, y: y + 9, width: long(one.value), height: 12, of: 'now' })
    if (one.usual !== null) found.rules.push({ x1: left + long(one.usual), y1: y + 3, x2: left + long(one.usual), y2: y + 27, of: 'usual' })
    const end = Math.max(long(one.value ?? 0), long(one.before ?? 0), one.usual === null ? 0 : long(one.usual))
    found.texts.push({ x: left + end + 6, y: y + 20, words: `${one.value === null ? '—' : say(one.value)}${one.unusual ? ' ▲' : ''}`, anchor: 'start', strong: one.unusual })
  })
  return found
}

/** A name that fits beside its bar; a letter of English takes half the room of a sign. */
function fitting(words: string, room: number): string {
  let used = 0
  for (let n = 0; n < words.length; n += 1) {
    used += words.charCodeAt(n) < 256 ? 0.56 : 1
    if (used > room) return `${words.slice(0, Math.max(n - 1, 1))}…`
  }
  return words
}
