import { ASCII, BYTE, GPS, LONG, MARK, RATIONAL, SHORT, TAG, UNDEFINED, type Exif, type ExifPlace } from './exif'
import { APP0, isExif, segments } from './segment'

/** A tag with the bytes of its value, big-endian. */
interface Field {
  tag: number
  type: number
  count: number
  value: number[]
}

/** A JPEG with these tags in the place of any it had. Its picture has to stand upright already: that is what the tags say. */
export function withExif(jpeg: Uint8Array, exif: Exif): Uint8Array<ArrayBuffer> {
  const parts = segments(jpeg)
  const old = parts.find((s) => isExif(jpeg, s))
  const rest = old ? joined(jpeg.subarray(0, old.from), jpeg.subarray(old.to)) : new Uint8Array(jpeg)
  const first = parts[0]
  if (!first) return rest // no JPEG
  const at = first.marker === APP0 ? first.to : 2 // the JFIF header keeps its place before it
  return joined(rest.subarray(0, at), segment(exif), rest.subarray(at))
}

function segment(x: Exif): Uint8Array {
  const photo = [
    field(TAG.version, UNDEFINED, chars('0232')),
    ...(x.taken ? [text(TAG.taken, x.taken)] : []),
    ...(x.offset ? [text(TAG.offset, x.offset)] : []),
  ]
  const gps = x.place ? place(x.place) : []
  const first = [
    ...(x.make ? [text(TAG.make, x.make)] : []),
    ...(x.model ? [text(TAG.model, x.model)] : []),
    field(TAG.orientation, SHORT, [0, 1]), // upright
  ]
  // The first block points to the others, so its length is reckoned before their places are known.
  const pointers = 1 + (gps.length > 0 ? 1 : 0)
  const photoAt = 8 + length(first) + pointers * 12
  const gpsAt = photoAt + length(photo)
  first.push(field(TAG.exif, LONG, u32(photoAt)))
  if (gps.length > 0) first.push(field(TAG.gps, LONG, u32(gpsAt)))
  const tiff = [0x4d, 0x4d, 0, 42, ...u32(8), ...block(first, 8), ...block(photo, photoAt)]
  if (gps.length > 0) tiff.push(...block(gps, gpsAt))
  return Uint8Array.from([0xff, 0xe1, ...u16(2 + MARK.length + tiff.length), ...MARK, ...tiff])
}

function place(p: ExifPlace): Field[] {
  const out = [
    field(GPS.version, BYTE, [2, 3, 0, 0]),
    text(GPS.latRef, p.lat < 0 ? 'S' : 'N'),
    field(GPS.lat, RATIONAL, degrees(p.lat)),
    text(GPS.lonRef, p.lon < 0 ? 'W' : 'E'),
    field(GPS.lon, RATIONAL, degrees(p.lon)),
  ]
  if (p.alt !== null) {
    out.push(field(GPS.altRef, BYTE, [p.alt < 0 ? 1 : 0]), field(GPS.alt, RATIONAL, rational(Math.abs(p.alt), 100)))
  }
  out.push(text(GPS.datum, 'WGS-84'))
  if (p.by) out.push(field(GPS.by, UNDEFINED, [...chars('ASCII'), 0, 0, 0, ...chars(p.by)]))
  if (p.accuracy !== null) out.push(field(GPS.accuracy, RATIONAL, rational(p.accuracy, 100)))
  return out
}

/** Degrees, minutes and seconds; a ten-thousandth of a second is three millimetres. */
function degrees(x: number): number[] {
  const all = Math.round(Math.abs(x) * 36_000_000)
  const whole = Math.floor(all / 36_000_000)
  const minutes = Math.floor((all % 36_000_000) / 600_000)
  return [...rational(whole, 1), ...rational(minutes, 1), ...u32(all % 600_000), ...u32(10_000)]
}

function field(tag: number, type: number, value: number[]): Field {
  const size = { [SHORT]: 2, [LONG]: 4, [RATIONAL]: 8 }[type] ?? 1
  return { tag, type, count: value.length / size, value }
}
const text = (tag: number, s: string): Field => field(tag, ASCII, [...chars(s), 0])

/** A block with the values that do not fit into it behind it. Tags have to be in order. */
function block(fields: Field[], at: number): number[] {
  const out = u16(fields.length)
  const behind: number[] = []
  const behindAt = at + 2 + fields.length * 12 + 4
  for (const f of fields) {
    out.push(...u16(f.tag), ...u16(f.type), ...u32(f.count))
    if (f.value.length <= 4) {
      out.push(...f.value, ...Array<number>(4 - f.value.length).fill(0))
    } else {
      out.push(...u32(behindAt + behind.length))
      behind.push(...even(f.value))
    }
  }
  return [...out, ...u32(0), ...behind]
}

const length = (fields: Field[]): number =>
  2 + fields.length * 12 + 4 + fields.reduce((n, f) => n + (f.value.length > 4 ? even(f.value).length : 0), 0)

const even = (value: number[]): number[] => (value.length % 2 === 0 ? value : [...value, 0])
const chars = (s: string): number[] => [...s].map((c) => c.charCodeAt(0) & 0x7f)
const u16 = (n: number): number[] => [(n >>> 8) & 0xff, n & 0xff]
const u32 = (n: number): number[] => [...u16(n >>> 16), ...u16(n & 0xffff)]
const rational = (x: number, parts: number): number[] => [...u32(Math.round(x * parts)), ...u32(parts)]

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}
