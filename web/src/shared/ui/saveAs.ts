/** Hands a file that the server has made to the browser's own downloads. */
export function saveAs(body: Blob, name: string): void {
  const url = URL.createObjectURL(body)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}
