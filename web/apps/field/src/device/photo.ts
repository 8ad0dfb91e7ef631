/** Longest side of a stored photo in pixels: a page of handwriting stays readable, a file stays below about 500 kB. */
export const LONGEST = 1600

/** The size of a picture shrunk to fit LONGEST; never enlarged. */
export function fit(width: number, height: number, longest = LONGEST): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A camera picture as a JPEG of at most LONGEST pixels, turned upright. Fails when the file is not a picture. */
export async function shrink(file: Blob): Promise<Blob> {
  const picture = await decode(file)
  try {
    const size = fit(picture.width, picture.height)
    const canvas = document.createElement('canvas')
    canvas.width = size.width
    canvas.height = size.height
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, size.width, size.height)
    pen.drawImage(picture, 0, 0, size.width, size.height)
    return await new Promise((done, fail) => {
      canvas.toBlob((b) => (b ? done(b) : fail(new Error('no jpeg'))), 'image/jpeg', 0.8)
    })
  } finally {
    if ('close' in picture) picture.close()
  }
}

// An <img> turns the picture by its EXIF mark in every browser we aim at; createImageBitmap does so only in newer ones.
async function decode(file: Blob): Promise<HTMLImageElement | ImageBitmap> {
  const url = URL.createObjectURL(file)
  try {
    const img = new Image()
    img.src = url
    await img.decode()
    return img
  } finally {
    URL.revokeObjectURL(url)
  }
}
