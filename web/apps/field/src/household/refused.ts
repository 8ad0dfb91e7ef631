import type { FieldDb } from '../store/db'
import type { Label, Refused, Say } from '../store/rows'
import { labelOf } from './households'

/** Puts what the server will not have out of the queue, with its reason: it holds nothing up any more, and a person hears of it. */
export async function refuse(db: FieldDb, s: Say, why: string, now: number, read = false): Promise<void> {
  const put = [await db.refused.row({ ...s, household: await named(db, s.assignment), why, refused_at: now, read })]
  await db.write({ put, drop: [['says', s.id]] })
}

/** What names the household, also when it has gone from the package. */
async function named(db: FieldDb, assignment: string): Promise<Label | null> {
  const draft = await db.drafts.get(assignment)
  if (draft) return draft.label
  const a = (await db.package())?.assignments.find((x) => x.id === assignment)
  return a ? labelOf(a) : null
}

/** Somebody has read it: from now on it is only on the list beside the receipts. */
export async function putAside(db: FieldDb, id: string): Promise<void> {
  const r = await db.refused.get(id)
  if (r) await db.refused.put({ ...r, read: true })
}

export const latestFirst = (all: Refused[]): Refused[] => [...all].sort((a, b) => b.refused_at - a.refused_at)
