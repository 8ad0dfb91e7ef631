import { FieldDb } from '../store/db'
import type { Attempt, Back, Blank, Draft, GivenBack, Parcel, Picture, Refused, Say } from '../store/rows'
import type { Put } from '../store/kind'
import type { Bundle } from './bundle'
import type { Bytes } from './bytes'
import { Sealer } from './seal'

export interface Adopted {
  forms: number
  drafts: number
  pictures: number
  /** Drafts that stayed in the package, because this phone has one of its own for the household. */
  left: number
}

/**
 * Takes over what a package holds, one row after the other; repeated, it takes nothing twice. Forms that this phone has not sent
 * are put into the queue; the server tells those that it has by their digest. Rejects with 'sealed' when the key is not the package's.
 */
export async function adopt(db: FieldDb, { head, rows }: Bundle, dataKey: Bytes): Promise<Adopted> {
  const from = await Sealer.make(dataKey, head.device)
  const out: Adopted = { forms: 0, drafts: 0, pictures: 0, left: 0 }
  const finished = new Set<string>() // their drafts come along, in case they are taken back
  // Pictures before the forms that name them: wherever this is killed, a form that was taken over has its pictures.
  for (const t of ['pictures', 'blanks', 'returned', 'parcels', 'says', 'refused', 'given', 'attempts', 'drafts']) {
    for (const { k, body } of rows.filter((r) => r.t === t)) {
      const { value, bytes } = await from.open(t, k, body)
      const put = await row(db, t, value, bytes)
      if (put) await db.write({ put: [put], only: { t, k: put.k, stamp: null } })
      if (t === 'parcels') finished.add((value as Parcel).assignment)
      if (t === 'parcels') out.forms++
      if (t === 'pictures') out.pictures++
      if (t === 'drafts' && !(put && finished.has(k))) out[put ? 'drafts' : 'left']++
    }
  }
  return out
}

async function row(db: FieldDb, t: string, value: unknown, bytes: Uint8Array): Promise<Put | null> {
  switch (t) {
    case 'pictures': {
      const picture = db.pictures.kind.join?.(value, bytes) as Picture
      return db.pictures.row(picture)
    }
    case 'blanks':
      return db.blanks.row(value as Blank)
    case 'says':
      return db.says.row(value as Say)
    case 'given':
      return db.given.row(value as GivenBack)
    case 'attempts':
      return db.attempts.row(value as Attempt)
    case 'refused':
      return db.refused.row(value as Refused)
    case 'returned':
      return db.returned.row(value as Back)
    case 'drafts': {
      const draft = value as Draft
      const mine = await db.drafts.get(draft.assignment)
      return mine ? null : db.drafts.row(draft)
    }
    default:
      return parcel(db, value as Parcel)
  }
}

async function parcel(db: FieldDb, p: Parcel): Promise<Put> {
  const mine = (await db.parcels.of(p.assignment))[0]
  // Beside a form of this phone's own it goes under another name: the server keeps both and shows them to the supervisor.
  const id = mine && mine.xml !== p.xml ? `${p.instance_id} ${p.queued_at}` : p.instance_id
  return db.parcels.row({ ...p, id, tries: 0, next_at: 0, trouble: null, detail: null })
}
