import type { FieldDb } from '../store/db'
import { pictureKey, type Thrown } from '../store/rows'

/** How long a draft that was thrown away can be brought back. */
export const KEPT = 24 * 60 * 60 * 1000

/** Takes a draft out of the way; its pictures stay with it. */
export async function throwAway(db: FieldDb, assignment: string, now = Date.now()): Promise<void> {
  const draft = await db.drafts.get(assignment)
  if (!draft) return
  const put = [await db.thrown.row({ id: idOf(assignment, now), draft, thrown_at: now })]
  await db.write({ put, drop: [['drafts', assignment]], only: { t: 'drafts', k: assignment, stamp: draft.updated_at } })
}

/** Brings it back. A draft that was begun since then is thrown away in its stead. */
export async function bringBack(db: FieldDb, id: string, now = Date.now()): Promise<void> {
  const old = await db.thrown.get(id)
  if (!old) return
  const { assignment } = old.draft
  const mine = await db.drafts.get(assignment)
  const put = [await db.drafts.row(old.draft)]
  if (mine) put.push(await db.thrown.row({ id: idOf(assignment, now), draft: mine, thrown_at: now }))
  const only = { t: 'drafts', k: assignment, stamp: mine?.updated_at ?? null }
  await db.write({ put, drop: [['thrown', id]], only })
}

const idOf = (assignment: string, at: number): string => `${assignment} ${at}`

/** Forgets what was thrown away more than a day ago, with the pictures that only it names. */
export async function forgetThrown(db: FieldDb, now: number): Promise<void> {
  const all = await db.thrown.all()
  const old = (t: Thrown): boolean => t.thrown_at <= now - KEPT
  for (const t of all.filter(old)) {
    const { assignment } = t.draft
    const draft = await db.drafts.get(assignment)
    const named = [
      ...(draft ? [draft.xml] : []),
      ...(await db.parcels.of(assignment)).map((p) => p.xml),
      ...all.filter((x) => x.draft.assignment === assignment && !old(x)).map((x) => x.draft.xml),
    ]
    const lost = (await db.pictures.of(assignment)).filter(
      (p) => p.due === 0 && t.draft.xml.includes(p.sha256) && !named.some((xml) => xml.includes(p.sha256)),
    )
    await db.write({ drop: [['thrown', t.id], ...lost.map((p): [string, string] => ['pictures', pictureKey(p)])] })
  }
}
