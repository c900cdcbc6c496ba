const SCALE = 2
const PAD = 24
const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

export interface Said { title: string; lines: string[]; foot: string[] }

/** Words folded where they would leave the picture; a letter of English is half as wide as a sign. */
export function folded(words: string, size: number, width: number): string[] {
  const found: string[] = []
  let line = ''
  let used = 0
  for (const sign of words) {
    const wide = size * (sign.charCodeAt(0) < 256 ? 0.56 : 1)
    if (used + wide > width) {
      found.push(line)
      line = ''
      used = 0
    }
    line += sign
    used += wide
  }
  return line ? [...found, line] : found
}

/** The charts of a page as one PNG, with what was asked above and who took it out below; made in the browser alone. */
export async function pictureOf(charts: readonly SVGSVGElement[], said: Said): Promise<Blob> {
  const width = Math.max(480, ...charts.map((chart) => chart.viewBox.baseVal.width)) + 2 * PAD
  const rows: { words: string; size: number; strong: boolean; y: number }[] = []
  let y = PAD
  const write = (words: string, size: number, strong = false) => {
    for (const line of folded(words, size, width - 2 * PAD)) {
      y += size * 1.4
      rows.push({ words: line, size, strong, y })
    }
  }
  write(said.title, 22, true)
  for (const line of said.lines) write(line, 14)
  const parts: { picture: HTMLImageElement; y: number; width: number; height: number }[] = []
  for (const chart of charts) {
    const box = chart.viewBox.baseVal
    y += 16
    parts.push({ picture: await imageOf(chart), y, width: box.width, height: box.height })
    y += box.height
  }
  y += 8
  for (const line of said.foot) write(line, 12)
  const canvas = Object.assign(document.createElement('canvas'), { width: width * SCALE, height: (y + PAD) * SCALE })
  const pen = canvas.getContext('2d')!
  pen.scale(SCALE, SCALE)
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, width, y + PAD)
  pen.fillStyle = '#1d2329'
  for (const row of rows) {
    pen.font = `${row.strong ? 600 : 400} ${row.size}px ${FONT}`
    pen.fillText(row.words, PAD, row.y)
  }
  for (const part of parts) pen.drawImage(part.picture, PAD, part.y, part.width, part.height)
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/png'))
}

/** A drawing carries its colours in itself, so it looks the same outside of the page. */
async function imageOf(chart: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = chart.cloneNode(true) as SVGSVGElement
  const box = chart.viewBox.baseVal
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(box.width * SCALE))
  copy.setAttribute('height', String(box.height * SCALE))
  copy.setAttribute('font-family', FONT)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await image.decode()
  return image
}
