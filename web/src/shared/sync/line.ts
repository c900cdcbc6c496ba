import { Broke, refusalOf, type Refusal, Unreachable } from '@/api/refusal'

/** The way to the server, for the page and for the service worker alike: each knows the session's token its own way. */
export interface Line {
  account: string
  device: string
  token(): Record<string, string>
}
export interface Answer { status: number; body: unknown; headers: Headers; refusal: Refusal | null }

export const version = 1
const patience = 45_000

/** Asks once. Throws Unreachable when no whole answer came: then nothing is known. */
export async function ask(line: Pick<Line, 'token'>, method: string, path: string, given: { json?: unknown; bytes?: Blob; headers?: Record<string, string> } = {}): Promise<Answer> {
  const headers: Record<string, string> = { 'Wangge-Sync': String(version), ...line.token(), ...given.headers }
  if (given.json !== undefined) headers['content-type'] = 'application/json'
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  try {
    const body = given.json !== undefined ? JSON.stringify(given.json) : given.bytes
    const response = await fetch(path, { method, headers, body, signal: stop.signal })
    if (response.status === 500) throw new Broke()
    if (response.status > 500) throw new Unreachable()
    const text = await response.text()
    const parsed: unknown = text ? JSON.parse(text) : null
    return { status: response.status, body: parsed, headers: response.headers, refusal: response.ok ? null : refusalOf(parsed, response) }
  } catch (error) {
    throw error instanceof Broke ? error : new Unreachable()
  } finally {
    clearTimeout(timer)
  }
}
