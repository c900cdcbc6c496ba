const shelf = 'wg.device'
let token = ''

function make(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A random word of this browser: files it sent can be attached by it alone. It names nobody. */
function deviceToken(): string {
  if (token) return token
  try {
    token = localStorage.getItem(shelf) ?? make()
    localStorage.setItem(shelf, token)
  } catch {
    token ||= make()
  }
  return token
}

export function deviceLine(): [string, string] {
  return ['X-Upload-Token', deviceToken()]
}
export function deviceHeader(): Record<string, string> {
  return Object.fromEntries([deviceLine()])
}
