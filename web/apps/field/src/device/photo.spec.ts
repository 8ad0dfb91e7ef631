import { NOTHING, type Exif } from '@ruhu/api'
import { describe, expect, it } from 'vitest'
import { fit, provenance } from './photo'
import type { Fix } from './position'

it.each([
  [4000, 3000, 1600, 1200],
  [3000, 4000, 1200, 1600],
  [800, 600, 800, 600],
  [9000, 3, 1600, 1],
])('a picture of %i × %i is stored as %i × %i', (w, h, width, height) => {
  expect(fit(w, h)).toEqual({ width, height })
})

describe('time and place of a photograph', () => {
  const now = new Date(2026, 4, 23, 9, 10, 11).getTime()
  const minute = 60_000
  const fix: Fix = { lat: 27.1, lon: 109.2, alt: null, accuracy: 12, at: now - minute }
  const place = { lat: 27.1, lon: 109.2, alt: null, accuracy: 12, by: 'BROWSER' }
  const camera: Exif = {
    ...NOTHING,
    taken: '2026:05:23 09:09:00',
    place: { lat: 1, lon: 2, alt: 3, accuracy: null, by: 'GPS' },
  }

  it('keeps what the camera wrote', () => {
    expect(provenance(camera, now, fix, now)).toEqual(camera)
  })

  it('adds the phone’s own fix and the file’s time', () => {
    const got = provenance(NOTHING, now, fix, now)
    expect(got).toMatchObject({ taken: '2026:05:23 09:10:11', place })
    expect(got.offset).toMatch(/^[+-]\d\d:\d\d$/)
    expect(provenance({ ...camera, place: null }, now, fix, now)).toEqual({ ...camera, place })
  })

  it.each<[string, Exif, number, Fix | null]>([
    ['there is no fix', NOTHING, now, null],
    ['the fix is old', NOTHING, now, { ...fix, at: now - 6 * minute }],
    ['the file is old', NOTHING, now - 6 * minute, fix],
    ['the camera’s time is old', { ...NOTHING, taken: '2026:05:22 09:09:00' }, now, fix],
  ])('gives no place when %s', (_, exif, modified, f) => {
    expect(provenance(exif, modified, f, now).place).toBeNull()
  })

  it('says the same of a picture that is chosen again later', () => {
    const old = now - 30 * minute
    expect(provenance(NOTHING, old, fix, now)).toEqual(provenance(NOTHING, old, { ...fix, at: now + 9 }, now + 10))
  })
})
