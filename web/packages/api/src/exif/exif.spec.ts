import exifr from 'exifr'
import { describe, expect, it } from 'vitest'
import { exifTime, NOTHING, takenAt, type Exif } from './exif'
import { readExif } from './read'
import { withExif } from './write'

const JFIF = [0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
const SCAN = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]
const bare = Uint8Array.from([0xff, 0xd8, ...JFIF, ...SCAN])

const full: Exif = {
  taken: '2026:05:23 09:10:11',
  offset: '+08:00',
  make: 'Maker',
  model: 'Model 7',
  place: { lat: 27.1234567, lon: -109.7654321, alt: -12.5, accuracy: 8.25, by: 'GPS' },
}

/** A camera's Exif, little-endian, written down byte by byte: orientation 6, a time, 27°30'0"S 109°6'36"E. */
function camera(): number[] {
  const le16 = (n: number) => [n & 0xff, n >> 8]
  const le32 = (n: number) => [...le16(n & 0xffff), ...le16(n >>> 16)]
  const entry = (tag: number, type: number, count: number, value: number[]) => [
    ...le16(tag),
    ...le16(type),
    ...le32(count),
    ...value,
  ]
  const tiff = [
    ...[0x49, 0x49, 42, 0, ...le32(8)],
    // 8: the first block
    ...le16(3),
    ...entry(0x0112, 3, 1, [6, 0, 0, 0]),
    ...entry(0x8769, 4, 1, le32(50)),
    ...entry(0x8825, 4, 1, le32(88)),
    ...le32(0),
    // 50: the block of the photograph, its time behind it
    ...le16(1),
    ...entry(0x9003, 2, 20, le32(68)),
    ...le32(0),
    ...[...'2026:05:23 09:10:11\0'].map((c) => c.charCodeAt(0)),
    // 88: the block of the place, two triples behind it
    ...le16(4),
    ...entry(1, 2, 2, [0x53, 0, 0, 0]),
    ...entry(2, 5, 3, le32(142)),
    ...entry(3, 2, 2, [0x45, 0, 0, 0]),
    ...entry(4, 5, 3, le32(166)),
    ...le32(0),
    ...[27, 1, 30, 1, 0, 1, 109, 1, 6, 1, 36, 1].flatMap(le32),
  ]
  const n = 2 + 6 + tiff.length
  return [0xff, 0xe1, n >> 8, n & 0xff, ...[...'Exif\0\0'].map((c) => c.charCodeAt(0)), ...tiff]
}

describe('what a photograph says of its taking', () => {
  it('reads what a camera wrote', () => {
    const got = readExif(Uint8Array.from([0xff, 0xd8, ...camera(), ...SCAN]))
    expect(got).toMatchObject({ taken: '2026:05:23 09:10:11', offset: '', make: '' })
    expect(got.place?.lat).toBeCloseTo(-27.5, 9)
    expect(got.place?.lon).toBeCloseTo(109.11, 9)
    expect(got.place).toMatchObject({ alt: null, accuracy: null })
  })

  it('reads back what it wrote, to a centimetre', () => {
    const got = readExif(withExif(bare, full))
    expect(got.place?.lat).toBeCloseTo(27.1234567, 7)
    expect(got.place?.lon).toBeCloseTo(-109.7654321, 7)
    expect({ ...got, place: { ...got.place, lat: 27.1234567, lon: -109.7654321 } }).toEqual(full)
  })

  it.each<[string, Exif]>([
    ['everything', full],
    ['a time alone', { ...NOTHING, taken: '2026:01:02 03:04:05' }],
    ['a place alone', { ...NOTHING, place: { lat: 0.5, lon: 179.9999999, alt: null, accuracy: null, by: '' } }],
    ['nothing', NOTHING],
  ])('keeps the picture’s own bytes, header first: %s', (_, exif) => {
    const out = withExif(bare, exif)
    expect([...out.subarray(2, 2 + JFIF.length)]).toEqual(JFIF)
    expect([...out.subarray(out.length - SCAN.length)]).toEqual(SCAN)
    const length = ((out[22] ?? 0) << 8) | (out[23] ?? 0)
    expect(out.length).toBe(bare.length + 2 + length)
  })

  it('takes the place of tags that were there', () => {
    const once = withExif(bare, NOTHING)
    expect(withExif(withExif(bare, full), NOTHING)).toEqual(once)
    expect(withExif(Uint8Array.from([0xff, 0xd8, ...camera(), ...SCAN]), NOTHING).length).toBe(
      once.length - JFIF.length,
    )
  })

  it('is read alike by another reader', async () => {
    const got = (await exifr.parse(withExif(bare, full), {
      gps: true,
      translateValues: false,
      reviveValues: false,
    })) as Record<string, unknown>
    expect(got).toMatchObject({
      DateTimeOriginal: '2026:05:23 09:10:11',
      OffsetTimeOriginal: '+08:00',
      Orientation: 1,
      Make: 'Maker',
      Model: 'Model 7',
      GPSMapDatum: 'WGS-84',
      GPSAltitude: 12.5,
      GPSHPositioningError: 8.25,
    })
    expect(got['latitude']).toBeCloseTo(27.1234567, 7)
    expect(got['longitude']).toBeCloseTo(-109.7654321, 7)
  })

  it('says nothing of what is cut off or spoilt, and never fails', () => {
    const good = Uint8Array.from([0xff, 0xd8, ...camera(), ...SCAN])
    for (let n = 0; n < good.length - SCAN.length; n++) expect(readExif(good.subarray(0, n))).toEqual(NOTHING)
    for (let i = 2; i < good.length; i++) {
      const spoilt = good.slice()
      spoilt[i] = 0xff
      const got = readExif(spoilt)
      if (got.place) expect(Math.abs(got.place.lat)).toBeLessThanOrEqual(90)
    }
    expect(readExif(new Uint8Array())).toEqual(NOTHING)
  })

  it('takes zeros for no place', () => {
    const zero = withExif(bare, { ...full, place: { lat: 0, lon: 0, alt: null, accuracy: null, by: '' } })
    expect(readExif(zero).place).toBeNull()
  })
})

describe('times', () => {
  it('writes a moment and reads it back', () => {
    const at = new Date(2026, 4, 23, 9, 10, 11)
    expect(exifTime(at).taken).toBe('2026:05:23 09:10:11')
    expect(takenAt(exifTime(at))).toBe(at.getTime())
  })

  it('uses the given zone where the photograph names none', () => {
    const at = Date.UTC(2026, 4, 23, 1, 10, 11)
    expect(takenAt({ taken: '2026:05:23 09:10:11', offset: '' }, '+08:00')).toBe(at)
    expect(takenAt({ taken: '2026:05:23 09:10:11', offset: '+09:00' }, '+08:00')).toBe(at - 3_600_000)
    expect(takenAt(NOTHING)).toBeNaN()
  })
})
