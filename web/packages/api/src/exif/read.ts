import {
  ASCII,
  BYTE,
  GPS,
  LONG,
  MARK,
  NOTHING,
  RATIONAL,
  SHORT,
  TAG,
  UNDEFINED,
  type Exif,
  type ExifPlace,
} from './exif'
import { isExif, segments } from './segment'

/** Bytes that a value of each type takes. */
const SIZE: { [type: number]: number } = { [BYTE]: 1, [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 8, [UNDEFINED]: 1 }

/** Where a value lies. */
interface Entry {
  type: number
  count: number
  at: number
}

/** What a JPEG says of its taking. Anything that is not a well-formed JPEG with Exif says nothing; it never fails. */
export function readExif(jpeg: Uint8Array): Exif {
  const s = segments(jpeg).find((x) => isExif(jpeg, x))
  if (!s) return NOTHING
  try {
    return new Tiff(jpeg.subarray(s.from + 4 + MARK.length, s.to)).exif()
  } catch (e) {
    if (e instanceof RangeError) return NOTHING // an offset that leads out of the segment
    throw e
  }
}

class Tiff {
  private readonly view: DataView
  private readonly little: boolean

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.little = this.view.getUint16(0) === 0x4949
  }

  exif(): Exif {
    if (this.view.getUint16(2, this.little) !== 42) return NOTHING
    const first = this.block(this.view.getUint32(4, this.little))
    const photo = this.below(first, TAG.exif)
    return {
      taken: /^\d{4}(:\d\d){2} \d\d(:\d\d){2}$/.exec(this.text(photo.get(TAG.taken)))?.[0] ?? '',
      offset: /^[+-]\d\d:\d\d$/.exec(this.text(photo.get(TAG.offset)))?.[0] ?? '',
      make: this.text(first.get(TAG.make)).slice(0, 64),
      model: this.text(first.get(TAG.model)).slice(0, 64),
      place: this.place(this.below(first, TAG.gps)),
    }
  }

  private block(at: number): Map<number, Entry> {
    const out = new Map<number, Entry>()
    const n = this.view.getUint16(at, this.little)
    for (let i = 0; i < n; i++) {
      const e = at + 2 + i * 12
      const type = this.view.getUint16(e + 2, this.little)
      const count = this.view.getUint32(e + 4, this.little)
      const here = (SIZE[type] ?? 1) * count <= 4
      out.set(this.view.getUint16(e, this.little), {
        type,
        count,
        at: here ? e + 8 : this.view.getUint32(e + 8, this.little),
      })
    }
    return out
  }

  private below(block: Map<number, Entry>, tag: number): Map<number, Entry> {
    const e = block.get(tag)
    return e?.type === LONG ? this.block(this.view.getUint32(e.at, this.little)) : new Map()
  }

  /** Text without what nobody can read: ends at the first zero byte. */
  private text(e: Entry | undefined): string {
    if (e?.type !== ASCII && e?.type !== UNDEFINED) return ''
    let out = ''
    for (let i = 0; i < Math.min(e.count, 200); i++) {
      const c = this.view.getUint8(e.at + i)
      if (c === 0) break
      if (c >= 0x20 && c < 0x7f) out += String.fromCharCode(c)
    }
    return out.trim()
  }

  private rational(e: Entry | undefined, i = 0): number {
    if (e?.type !== RATIONAL || i >= e.count) return NaN
    return this.view.getUint32(e.at + i * 8, this.little) / this.view.getUint32(e.at + i * 8 + 4, this.little)
  }

  private degrees(e: Entry | undefined, ref: Entry | undefined, negative: string): number {
    const value = this.rational(e) + this.rational(e, 1) / 60 + this.rational(e, 2) / 3600
    return this.text(ref) === negative ? -value : value
  }

  private place(gps: Map<number, Entry>): ExifPlace | null {
    const lat = this.degrees(gps.get(GPS.lat), gps.get(GPS.latRef), 'S')
    const lon = this.degrees(gps.get(GPS.lon), gps.get(GPS.lonRef), 'W')
    // Android hands a page photographs with the place blotted out: zeros are no place.
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) return null
    const known = (n: number) => (Number.isFinite(n) ? n : null)
    const below = gps.get(GPS.altRef)
    const alt = known(this.rational(gps.get(GPS.alt)))
    const method = gps.get(GPS.by) // eight bytes name its characters
    return {
      lat,
      lon,
      alt: alt !== null && below && this.view.getUint8(below.at) === 1 ? -alt : alt,
      accuracy: known(this.rational(gps.get(GPS.accuracy))),
      by: method && method.count > 8 ? this.text({ ...method, at: method.at + 8, count: method.count - 8 }) : '',
    }
  }
}
