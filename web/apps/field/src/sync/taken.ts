import { sha256 } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import type { Draft, Parcel, SentList, TakenBack } from '../store/rows'
import { utf8 } from '../vault/bytes'

const taken = async (db: FieldDb): Promise<TakenBack[]> => (await db.setting<TakenBack[]>('taken_back')) ?? []

/**
 * Takes a form out of the queue, to be changed; its draft is still there. False when it has arrived, or was taken back already. It may be on
 * its way: then the server gets it all the same, and what is handed in later is the next revision of it.
 */
export async function takeBack(db: FieldDb, p: Parcel): Promise<boolean> {
  const digest = await sha256(utf8(p.xml))
  const here = new Set([...(await db.drafts.keys()), ...(await db.refs('parcels')), ...(await db.refs('thrown'))])
  const rest = (await taken(db)).filter((x) => here.has(x.assignment))
  const mark = { assignment: p.assignment, instance_id: p.instance_id, digest }
  return db.write({
    put: [await db.settingRow('taken_back', [...rest, mark])],
    drop: [['parcels', p.id]],
    only: { t: 'parcels', k: p.id, stamp: p.queued_at },
  })
}

/** Some form of the phone. */
type Form = Pick<Draft, 'assignment' | 'base' | 'xml'>

/** The revision that a form was edited from: the one it was opened with, or what was taken back too late and has arrived. */
export async function editedFrom(db: FieldDb): Promise<(f: Form) => number> {
  const marks = await taken(db)
  if (marks.length === 0) return (f) => f.base
  const listed = (await db.setting<SentList>('sent'))?.items ?? []
  const there = [...(await db.receipts.all()), ...listed]
  return (f) => {
    const own = marks.filter((m) => m.assignment === f.assignment && f.xml.includes(m.instance_id))
    const arrived = there.filter((r) => own.some((m) => m.instance_id === r.instance_id && m.digest === r.digest))
    return Math.max(f.base, ...arrived.map((r) => r.revision))
  }
}

/** Some of these were sent before, as far as is known, and nobody has said yet whether they arrived. */
export async function unsure(db: FieldDb, forms: Parcel[]): Promise<boolean> {
  const marks = await taken(db)
  if (marks.length === 0) return false
  const from = await editedFrom(db)
  return forms.some((f) => marks.some((m) => m.instance_id === f.instance_id) && from(f) === f.base)
}
