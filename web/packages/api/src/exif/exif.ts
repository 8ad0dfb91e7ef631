/**
 * What a photograph says of its taking: the few tags of Exif 2.32 (CIPA DC-008) that matter as evidence. A canvas drops all of them, so a
 * photograph that was made smaller gets them written anew. Serial numbers, owners, thumbnails and makers' notes stay behind.
 */
export interface Exif {
  /** "2026:05:23 09:10:11" by the camera's clock, as Exif writes it; '' when the photograph does not say. */
  taken: string
  /** The clock's distance from UTC, "+08:00"; '' when unknown. */
  offset: string
  make: string
  model: string
  place: ExifPlace | null
}

/** WGS-84, degrees; north and east are positive. */
export interface ExifPlace {
  lat: number
  lon: number
  /** Metres above the sea; null when unknown. */
  alt: number | null
  /** Metres to either side; null when unknown. */
  accuracy: number | null
  /** What found the place, as GPSProcessingMethod has it; '' when unknown. */
  by: string
}

export const NOTHING: Exif = { taken: '', offset: '', make: '', model: '', place: null }

export const TAG = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  exif: 0x8769,
  gps: 0x8825,
  version: 0x9000,
  taken: 0x9003,
  offset: 0x9011,
} as const

/** Tags of the GPS block count from 0 again. */
export const GPS = {
  version: 0x00,
  latRef: 0x01,
  lat: 0x02,
  lonRef: 0x03,
  lon: 0x04,
  altRef: 0x05,
  alt: 0x06,
  datum: 0x12,
  by: 0x1b,
  accuracy: 0x1f,
} as const

/** Types of values. */
export const BYTE = 1
export const ASCII = 2
export const SHORT = 3
export const LONG = 4
export const RATIONAL = 5
export const UNDEFINED = 7

/** "Exif", then two zero bytes. */
export const MARK = [0x45, 0x78, 0x69, 0x66, 0, 0] as const

/** A moment as Exif writes it, by this machine's clock and zone. */
export function exifTime(at: Date): Pick<Exif, 'taken' | 'offset'> {
  const two = (n: number) => String(Math.trunc(n)).padStart(2, '0')
  const day = [String(at.getFullYear()).padStart(4, '0'), two(at.getMonth() + 1), two(at.getDate())].join(':')
  const hour = [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())].join(':')
  const east = -at.getTimezoneOffset()
  const minutes = Math.abs(east)
  return { taken: `${day} ${hour}`, offset: `${east < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}` }
}

/** The moment a photograph was taken; where it does not say its zone, by `zone` ("+08:00"). NaN when it does not say at all. */
export function takenAt(x: Pick<Exif, 'taken' | 'offset'>, zone = ''): number {
  const m = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(x.taken)
  return m ? Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}${x.offset || zone}`) : NaN
}
