/** Degrees of WGS-84. */
export interface Place {
  lat: number
  lon: number
}

/** Metres: the mean radius of the ellipsoid (IUGG), as on the server. */
const EARTH = 6_371_008.8

/** Metres between two places in WGS-84, along a great circle (haversine: Sinnott, Sky and Telescope 68, 1984). */
export function distance(a: Place, b: Place): number {
  const rad = Math.PI / 180
  const up = Math.sin(((b.lat - a.lat) * rad) / 2)
  const across = Math.sin(((b.lon - a.lon) * rad) / 2)
  const h = up * up + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * across * across
  return 2 * EARTH * Math.asin(Math.sqrt(Math.min(1, h)))
}

/** A distance as people say it: nobody wants to know metres of which the reading cannot tell. */
export function roughly(metres: number): number {
  const step = metres < 100 ? 10 : metres < 1000 ? 20 : 100
  return Math.round(metres / step) * step
}

/** Too far to be at home, even if the phone was as near as its accuracy allows. */
export const isFar = (metres: number, accuracy: number, limit: number): boolean => metres - accuracy > limit
