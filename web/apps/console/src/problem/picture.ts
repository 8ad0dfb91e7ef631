import { readExif, withExif } from '@ruhu/api'

// Phones make photos of 5 to 10 MB; evidence needs none of that.
const longest = 1600

/** A JPEG of at most 1600 pixels a side, with time and place of its taking. What the browser cannot read as a picture is passed on as it is. */
export async function shrink(file: Blob): Promise<Blob> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file)
  } catch {
    return file
  }
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
  if (scale === 1 && file.type === 'image/jpeg' && file.size < 1024 * 1024) {
    bitmap.close()
    return file
  }
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.82))
  if (!small) return file
  const exif = readExif(new Uint8Array(await file.arrayBuffer()))
  return new Blob([withExif(new Uint8Array(await small.arrayBuffer()), exif)], { type: small.type })
}
