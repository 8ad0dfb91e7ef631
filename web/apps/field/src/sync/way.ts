import type { FieldDb } from '../store/db'
import type { Run } from './server'

/**
 * Whether something long and late, asked between two of its pieces, ends here: a form was handed in meanwhile, or another run is asked for. The
 * run then ends with 'again', and the next one, right after it, begins with the forms; pieces that have arrived stay.
 */
export async function givesWay(db: FieldDb, run: Run): Promise<boolean> {
  if (run.asked?.()) return true
  if ((await db.parcels.count()) === 0) return false
  const now = run.now()
  return (await db.parcels.all()).some((p) => p.next_at <= now)
}
