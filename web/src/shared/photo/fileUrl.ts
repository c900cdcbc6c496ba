/** Where a stored file is read; the server checks the case's visibility. */
export function fileUrl(id: string, size: 'full' | 'thumb' = 'full'): string {
  return `/api/v1/files/${encodeURIComponent(id)}?size=${size}`
}

/** The same for what was released to the public. */
export function publicFileUrl(id: string, size: 'full' | 'thumb' = 'full'): string {
  return `/api/v1/public/files/${encodeURIComponent(id)}?size=${size}`
}
