import type { FieldDb } from '../store/db'
import { formsOf } from './download'

/** What must be on the phone before it goes where there is no network. */
export type Part = 'app' | 'list' | 'forms'

/** What is still to be downloaded of it; `app` is whether the app itself is there (null: this browser could not keep it anyway). */
export async function missing(db: FieldDb, app: boolean | null): Promise<Part[]> {
  const out: Part[] = app === false ? ['app'] : []
  const pkg = await db.package()
  if (!pkg) return [...out, 'list']
  const here = new Set(await db.blanks.keys())
  const needed = pkg.assignments.filter((a) => a.state === 'open' || a.state === 'returned').flatMap(formsOf)
  if (needed.some((hash) => hash && !here.has(hash))) out.push('forms')
  return out
}
