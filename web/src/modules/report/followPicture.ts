const paper = { width: 640, height: 480 }

/** A picture of the follow code to keep in the album; WeChat saves it by a long press. */
export function followPicture(words: { title: string; code: string; number: string; hint: string; address: string }, colour: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = paper.width
  canvas.height = paper.height
  const pen = canvas.getContext('2d')!
  const write = (text: string, y: number, font: string, fill: string) => {
    pen.font = `${font} system-ui, "PingFang SC", "Microsoft YaHei", sans-serif`
    pen.fillStyle = fill
    pen.fillText(text, paper.width / 2, y, paper.width - 48)
  }
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, paper.width, paper.height)
  pen.fillStyle = colour
  pen.fillRect(0, 0, paper.width, 96)
  pen.textAlign = 'center'
  write(words.title, 62, '600 36px', '#ffffff')
  write(words.code, 220, '700 56px', '#1d2329')
  write(words.number, 290, '400 28px', '#545d67')
  write(words.hint, 380, '400 26px', '#545d67')
  write(words.address, 424, '400 24px', '#545d67')
  return canvas.toDataURL('image/png')
}
