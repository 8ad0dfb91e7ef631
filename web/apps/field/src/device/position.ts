import type { Oddity } from '@ruhu/engine'
import type { Place } from './distance'
import { oddities, type Measured } from './oddity'

export interface Position extends Place {
  alt: number
  /** Metres. */
  accuracy: number
}

/** A position as it was read. */
export interface Fix extends Measured {
  alt: number | null
}

let last: Fix | null = null
/** The latest reading; whoever uses it looks at its time. */
export const lastFix = (): Fix | null => last

/** A reading, and how odd it looks beside the one before it. */
export interface Reading extends Position {
  odd: Oddity['code'][]
}

export type PositionTrouble = 'absent' | 'denied' | 'unavailable' | 'timeout'

/**
 * Listens until a reading is as exact as `good` metres; when the time is over the best one so far counts, as something is better
 * than nothing.
 */
export function locateWithin(good: number, timeout = 45_000): Promise<Reading> {
  return new Promise((done, fail) => {
    if (!('geolocation' in navigator)) {
      fail('absent' satisfies PositionTrouble)
      return
    }
    let best: GeolocationPosition | null = null
    const end = (trouble: PositionTrouble): void => {
      clearTimeout(timer)
      navigator.geolocation.clearWatch(watch)
      if (best) done(readingOf(best))
      else fail(trouble)
    }
    const timer = setTimeout(() => end('timeout'), timeout)
    const watch = navigator.geolocation.watchPosition(
      (p) => {
        if (!best || p.coords.accuracy < best.coords.accuracy) best = p
        if (p.coords.accuracy <= good) end('timeout')
      },
      (e) => end(troubleOf(e)),
      { enableHighAccuracy: true, maximumAge: 0 },
    )
  })
}

/**
 * One reading of the phone's position, at most `age` ms old: an answer is read anew, or it might be the neighbour's. Rejects with a
 * PositionTrouble; nothing in a form depends on it.
 */
export function locate(timeout = 20_000, age = 0): Promise<Reading> {
  return new Promise((done, fail) => {
    if (!('geolocation' in navigator)) {
      fail('absent' satisfies PositionTrouble)
      return
    }
    navigator.geolocation.getCurrentPosition(
      (p) => done(readingOf(p)),
      (e) => fail(troubleOf(e)),
      { enableHighAccuracy: true, timeout, maximumAge: age },
    )
  })
}

function readingOf({ coords: c, timestamp }: GeolocationPosition): Reading {
  const fix = { lat: c.latitude, lon: c.longitude, alt: c.altitude, accuracy: c.accuracy, at: timestamp }
  const odd = oddities(last, fix)
  last = fix
  return { ...fix, alt: c.altitude ?? 0, odd }
}

const TROUBLE: Record<number, PositionTrouble> = { 1: 'denied', 2: 'unavailable', 3: 'timeout' }
const troubleOf = (e: GeolocationPositionError): PositionTrouble => TROUBLE[e.code] ?? 'unavailable'

/** Reads the position if the phone may already be asked for it: nobody is bothered, nothing waits, and a failure does not matter. */
export async function refreshFix(): Promise<void> {
  try {
    const allowed = await navigator.permissions.query({ name: 'geolocation' })
    if (allowed.state === 'granted') await locate(20_000, 60_000)
  } catch {
    // a browser without permissions, or a phone without a position
  }
}

/** The XForms geopoint "lat lon alt accuracy": seven decimals are a centimetre. */
export function toGeopoint(p: Position): string {
  return [p.lat.toFixed(7), p.lon.toFixed(7), p.alt.toFixed(1), p.accuracy.toFixed(1)].join(' ')
}

export function fromGeopoint(text: string): Position | null {
  const [lat, lon, alt = 0, accuracy = 0] = text.trim().split(/\s+/).map(Number)
  if (lat === undefined || lon === undefined || Number.isNaN(lat) || Number.isNaN(lon)) return null
  return { lat, lon, alt, accuracy }
}

/** The points of a geotrace or geoshape. An area closes where it began; that last point is not one of its own. */
export function pointsOf(text: string, area: boolean): string[] {
  const points = text
    .split(';')
    .map((p) => p.trim())
    .filter(Boolean)
  return area && points.length > 1 && points[0] === points[points.length - 1] ? points.slice(0, -1) : points
}

export function addPoint(text: string, point: string, area: boolean): string {
  return joined([...pointsOf(text, area), point], area)
}

export function withoutLast(text: string, area: boolean): string {
  return joined(pointsOf(text, area).slice(0, -1), area)
}

/** An area needs three points before it can close; until then the form says that it is not one. */
function joined(points: string[], area: boolean): string {
  const [first] = points
  return (area && first && points.length > 2 ? [...points, first] : points).join('; ')
}
