import type { Oddity } from '@ruhu/engine'
import { distance, type Place } from './distance'

/** A place that was read from the phone. */
export interface Measured extends Place {
  /** Metres. */
  accuracy: number
  /** When, ms by the phone's clock. */
  at: number
}

/** Metres per second: 180 km/h. */
const FASTEST = 50

/**
 * Signs that a position was made up and not measured. A browser does not tell; receivers tremble, are never exact, and give fourteen
 * decimals, programs that pretend often do none of that. Each has innocent causes, too, so that a person looks at them, and nothing is refused.
 */
export function oddities(before: Measured | null, fix: Measured): Oddity['code'][] {
  const out: Oddity['code'][] = []
  if (!(fix.accuracy > 0)) out.push('exact')
  if (few(fix.lat) && few(fix.lon)) out.push('rounded')
  // The same reading handed out twice, and one that only asks masts and networks, prove nothing.
  const seconds = before ? (fix.at - before.at) / 1000 : 0
  if (!before || seconds < 1) return out
  if (fix.accuracy < 50 && fix.lat === before.lat && fix.lon === before.lon && fix.accuracy === before.accuracy) {
    out.push('same')
  }
  const sure = distance(before, fix) - before.accuracy - fix.accuracy
  if (sure / seconds > FASTEST) out.push('leap')
  return out
}

/** At most four decimals: eleven metres, as people type a place. */
const few = (degrees: number): boolean => Math.abs(degrees * 1e4 - Math.round(degrees * 1e4)) < 1e-6
