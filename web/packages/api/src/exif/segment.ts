import { MARK } from './exif'

/** A part of a JPEG before its picture: marker, and where it begins and ends in the file, marker and length included. */
export interface Segment {
  marker: number
  from: number
  to: number
}

export const APP0 = 0xe0
export const APP1 = 0xe1

/** The segments between the start of the image and its first scan; empty for what is no JPEG. Stops where the bytes make no sense. */
export function segments(jpeg: Uint8Array): Segment[] {
  const out: Segment[] = []
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return out
  let at = 2
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] ?? 0
    if (marker === 0xff) {
      at++ // a fill byte
      continue
    }
    if (marker === 0xda || marker === 0xd9 || marker === 0) break
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0)
    if (length < 2 || at + 2 + length > jpeg.length) break
    out.push({ marker, from: at, to: at + 2 + length })
    at += 2 + length
  }
  return out
}

export function isExif(jpeg: Uint8Array, s: Segment): boolean {
  return s.marker === APP1 && MARK.every((b, i) => jpeg[s.from + 4 + i] === b)
}
