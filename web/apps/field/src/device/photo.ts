import { exifTime, readExif, takenAt, withExif, type Exif, type ExifPlace } from '@ruhu/api'
import type { Fix } from './position'

/** Longest side of a stored photo in pixels: a page of handwriting stays readable, a file stays below about 500 kB. */
export const LONGEST = 1600

/** The size of a picture shrunk to fit LONGEST; never enlarged. */
export function fit(width: number, height: number, longest = LONGEST): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A photograph taken longer ago than this was not taken where the phone is now. */
const HERE_MS = 5 * 60_000

/**
 * What the small picture says of its taking: what the camera wrote; a time that it did not write from the file, which the phone's clock
 * dated; a place that it did not write from the phone's own fix, if the picture is fresh. Android hands pages photographs without
 * their place, so that the fix is the usual case. A picture that is chosen again says the same again, which shows that it is the same.
 */
export function provenance(camera: Exif, modified: number, fix: Fix | null, now: number): Exif {
  const time = camera.taken ? camera : exifTime(new Date(modified))
  const at = takenAt(time, exifTime(new Date(modified)).offset)
  const fresh = fix && Math.abs(now - at) < HERE_MS && Math.abs(now - fix.at) < HERE_MS
  return { ...camera, taken: time.taken, offset: time.offset, place: camera.place ?? (fresh ? placeOf(fix) : null) }
}

const placeOf = ({ lat, lon, alt, accuracy }: Fix): ExifPlace => ({ lat, lon, alt, accuracy, by: 'BROWSER' })

/** A camera's picture made small, with time and place of its taking. A picture without them is better than none. */
export async function photograph(file: Blob, fix: Fix | null, longest = LONGEST, now = Date.now()): Promise<Blob> {
  const small = await shrink(file, Math.min(LONGEST, longest))
  try {
    const modified = file instanceof File && file.lastModified > 0 ? Math.min(file.lastModified, now) : now
    const exif = provenance(readExif(new Uint8Array(await file.arrayBuffer())), modified, fix, now)
    return new Blob([withExif(new Uint8Array(await small.arrayBuffer()), exif)], { type: small.type })
  } catch (e) {
    console.error('exif', e)
    return small
  }
}

/** A picture that was made from another one, with what that says of its taking. */
export async function retaken(jpeg: Blob, from: Blob): Promise<Blob> {
  const exif = readExif(new Uint8Array(await from.arrayBuffer()))
  return new Blob([withExif(new Uint8Array(await jpeg.arrayBuffer()), exif)], { type: 'image/jpeg' })
}

/** A camera picture as a JPEG of at most so many pixels a side, turned upright. Fails when the file is not a picture. */
async function shrink(file: Blob, longest: number): Promise<Blob> {
  const picture = await decode(file)
  try {
    const size = fit(picture.width, picture.height, longest)
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
