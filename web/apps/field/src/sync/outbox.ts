import { ApiError, isOffline, type Receipt } from '@ruhu/api'
import { FieldDb } from '../store/db'
import type { Parcel } from '../store/rows'
import type { Server } from './server'

/** Why sending stopped: everything sent; no network; the login has run out. */
export type Outcome = 'done' | 'offline' | 'login'

/** Waiting time in ms after n failures: 5 s doubled each time, 10 minutes at most. */
export function wait(tries: number): number {
  return Math.min(5_000 * 2 ** Math.max(0, tries - 1), 600_000)
}

/**
 * Sends what is due, oldest first: a form's pictures, then the form. A parcel leaves the phone only against a receipt; the same
 * parcel sent twice is the same form to the server. One that is refused stays, with the reason, and does not hold up the others.
 */
export async function send(db: FieldDb, server: Server, opts: { now: number; force: boolean }): Promise<Outcome> {
  const due = (await db.parcels.toArray())
    .filter((p) => opts.force || p.next_at <= opts.now)
    .sort((a, b) => a.queued_at - b.queued_at)
  for (const p of due) {
    try {
      await deliver(db, server, p)
    } catch (e) {
      const tries = p.tries + 1
      const trouble = isOffline(e) ? 'network' : e instanceof ApiError ? e.code : 'phone'
      const detail = e instanceof ApiError && e.detail ? e.detail : null
      await db.parcels.update(p.assignment, { tries, next_at: opts.now + wait(tries), trouble, detail })
      if (isOffline(e)) return 'offline'
      if (e instanceof ApiError && e.status === 401) return 'login'
      if (!(e instanceof ApiError)) console.error('send', e)
    }
  }
  return 'done'
}

async function deliver(db: FieldDb, server: Server, p: Parcel): Promise<void> {
  await sendPictures(db, server, p.pictures)
  let receipt = await post(server, p)
  if (receipt.missing_files.length > 0) {
    // The server has lost one, or never had it: once more, as far as we have them.
    const again = receipt.missing_files.map((name) => name.split('.')[0] ?? '')
    if ((await sendPictures(db, server, again)) > 0) receipt = await post(server, p)
  }
  await settle(db, p, receipt)
}

const post = (server: Server, p: Parcel): Promise<Receipt> =>
  server.submit({ assignment: p.assignment, form: p.form_hash, base: p.base, xml: p.xml })

async function sendPictures(db: FieldDb, server: Server, digests: string[]): Promise<number> {
  let sent = 0
  for (const sha256 of digests) {
    const picture = await db.pictures.get(sha256)
    if (!picture) continue
    await server.putFile(sha256, picture.blob)
    sent++
  }
  return sent
}

/** After the receipt the phone keeps the receipt, not the data. */
async function settle(db: FieldDb, p: Parcel, receipt: Receipt): Promise<void> {
  await db.transaction('rw', [db.parcels, db.drafts, db.pictures, db.receipts, db.returned], async () => {
    // Taken back and changed while it was on its way: the draft is newer than what was sent and stays.
    const now = await db.parcels.get(p.assignment)
    await db.receipts.put({ ...receipt, id: FieldDb.receiptId(receipt), assignment: p.assignment, label: p.label })
    if (now?.queued_at !== p.queued_at) return
    await db.parcels.delete(p.assignment)
    await db.drafts.delete(p.assignment)
    await db.returned.delete(p.assignment)
    const old = (await db.pictures.toArray()).filter((x) => x.assignment === p.assignment).map((x) => x.sha256)
    await db.pictures.bulkDelete(old)
  })
}
