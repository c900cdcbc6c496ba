const shelf = 'wg.device'
let token = ''

function make(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A random word of this browser: files it sent can be attached by it alone. It names nobody. */
export function deviceToken(): string {
  if (token) return token
  try {
    token = localStorage.getItem(shelf) ?? make()
    localStorage.setItem(shelf, token)
  } catch {
    token ||= make()
  }
  return token
}

/** What public doors are told: whose files these are, and whose bucket of questions. */
export function deviceHeaders(): Record<string, string> {
  return { 'X-Upload-Token': deviceToken(), 'X-Device': deviceToken() }
}
