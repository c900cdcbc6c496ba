const enough = 4_000_000
const longSide = 2400
const smallSide = 1600

interface Picture { width: number; height: number; source: CanvasImageSource; done(): void }

async function opened(file: Blob): Promise<Picture> {
  if ('createImageBitmap' in globalThis) {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    return { width: bitmap.width, height: bitmap.height, source: bitmap, done: () => bitmap.close() }
  }
  // Safari 14 opens pictures only as elements; it turns them upright by itself.
  const image = new Image()
  const url = URL.createObjectURL(file)
  image.src = url
  await image.decode()
  return { width: image.naturalWidth, height: image.naturalHeight, source: image, done: () => URL.revokeObjectURL(url) }
}

async function redrawn(file: Blob, side: number, quality: number): Promise<Blob | null> {
  const picture = await opened(file)
  try {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')!.drawImage(picture.source, 0, 0, canvas.width, canvas.height)
    return await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
  } finally {
    picture.done()
  }
}

const isPhoto = (file: Blob) => file.type.startsWith('image/') && file.type !== 'image/gif'

/** A photo small enough for a slow line; the original, which tells when it was taken, when it is small already. */
export async function shrink(file: File): Promise<Blob> {
  if (!isPhoto(file) || file.size <= enough) return file
  try {
    const small = await redrawn(file, longSide, 0.86)
    return small && small.size < file.size ? small : file
  } catch {
    return file
  }
}

/** A photo drawn anew for the store of the phone: small, and without what the camera wrote into it. */
export async function bare(file: File): Promise<Blob> {
  if (!isPhoto(file)) return file
  try {
    return (await redrawn(file, smallSide, 0.8)) ?? file
  } catch {
    // A form that this browser cannot draw: the server takes out what it carries.
    return file
  }
}
