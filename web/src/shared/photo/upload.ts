import { csrfHeader } from '@/api/client'
import { refusalOf, Unreachable } from '@/api/refusal'

/** What a file is for, as the server knows it; anything else is refused. */
export type Purpose = 'report' | 'before' | 'after' | 'answer' | 'letter' | 'other'

export interface Upload {
  id: string
  blob: Blob
  name: string
  purpose: Purpose
}

/** Sends one file; `onShare` hears the share sent, 0 to 1. The id makes a repeat harmless. */
export function upload(url: string, file: Upload, onShare: (share: number) => void): Promise<void> {
  return new Promise((done, failed) => {
    const form = new FormData()
    form.set('id', file.id)
    form.set('purpose', file.purpose)
    form.set('file', file.blob, file.name)
    // XMLHttpRequest, because fetch tells nothing of what has been sent.
    const request = new XMLHttpRequest()
    request.open('POST', url)
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total)
    request.onload = () => {
      if (request.status < 300) return done()
      const headers = { 'x-request-id': request.getResponseHeader('x-request-id') ?? '' }
      const response = new Response(null, { status: Math.max(request.status, 400), headers })
      failed(refusalOf(parsed(request.responseText), response))
    }
    request.onerror = request.ontimeout = () => failed(new Unreachable())
    request.send(form)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
