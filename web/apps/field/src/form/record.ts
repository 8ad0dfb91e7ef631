import type { FieldComment, FieldPackage } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import { digestIn } from '../store/rows'
import { ElsewhereError } from '../store/store'
import { refresh, run } from '../sync/sync'
import type { Filling } from './filling'
import type { Opened } from './open'
import { movedTo, plain } from './pages'
import { digestOf } from './pictures'

type Origin = Pick<Opened, 'label' | 'formHash' | 'base' | 'second' | 'carried' | 'stamp' | 'jots'>

/** Writes the draft over the one that `o` knows. Rejects when the phone is full, and with ElsewhereError. */
export async function keepDraft(
  db: FieldDb,
  assignment: string,
  o: Origin,
  xml: string,
  page: string,
  jots = o.jots ?? {},
): Promise<void> {
  const updated_at = Math.max(Date.now(), (o.stamp ?? 0) + 1) // a clock that was set back still tells one draft from the next
  const draft = {
    assignment,
    label: o.label,
    form_hash: o.formHash,
    xml,
    page,
    base: o.base,
    updated_at,
    second: o.second,
    ...(o.carried ? { carried: o.carried } : {}),
    ...(Object.keys(jots).length > 0 ? { jots } : {}),
  }
  await db.drafts.putOver(draft, o.stamp)
  o.stamp = updated_at
  o.jots = jots
}

/**
 * Puts a form that has passed the check into the queue and sends at once if there is a network. The draft stays until the receipt, so
 * that the form can be taken back. Rejects when the phone is full, and with ElsewhereError.
 */
export async function handIn(db: FieldDb, assignment: string, o: Origin, filling: Filling): Promise<void> {
  await filling.pause()
  const xml = filling.xml()
  const named = new Set(
    [...filling.nodes.values()].filter((n) => n.relevant && n.type === 'upload').map((n) => digestOf(n.value)),
  )
  named.delete('')
  const here = [...new Set((await db.pictures.keys()).map(digestIn))].filter((digest) => named.has(digest))
  const instance = filling.instanceId()
  const parcel = await db.parcels.row({
    id: instance,
    assignment,
    label: o.label,
    instance_id: instance,
    form_hash: o.formHash,
    base: o.base,
    xml,
    pictures: here,
    queued_at: Date.now(),
    tries: 0,
    next_at: 0,
    trouble: null,
    detail: null,
    second: o.second,
  })
  // What is handed in is the draft on the disk, or another window has gone on with it.
  const whole = await db.write({ put: [parcel], only: { t: 'drafts', k: assignment, stamp: o.stamp } })
  if (!whole) throw new ElsewhereError()
  filling.handedIn()
  await refresh(db)
  if (navigator.onLine) void run(db, true)
}

/** The comments of the form's return, by the ref that they name; moved: where questions are that stood elsewhere when the comments were written. */
export function commentsByRef(
  pkg: FieldPackage | null,
  assignment: string,
  moved: { [was: string]: string } = {},
): Map<string, FieldComment[]> {
  const out = new Map<string, FieldComment[]>()
  const a = pkg?.assignments.find((x) => x.id === assignment)
  for (const c of a?.state === 'returned' ? (a.returned?.comments ?? []) : []) {
    const place = moved[plain(c.ref)]
    const ref = place ? movedTo(c.ref, place) : c.ref
    out.set(ref, [...(out.get(ref) ?? []), c])
  }
  return out
}
