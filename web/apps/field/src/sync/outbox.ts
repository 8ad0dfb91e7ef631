import { ApiError, isOffline, sha256, type Receipt, type SyncAnswer, type SyncForm } from '@ruhu/api'
import { FieldDb } from '../store/db'
import type { Put } from '../store/kind'
import { digestIn, pictureKey, type Parcel, type Picture } from '../store/rows'
import type { Change } from '../store/store'
import { utf8 } from '../vault/bytes'
import { readSent } from './sent'
import { timed, type Run } from './server'
import { editedFrom, unsure } from './taken'
import { upload } from './upload'
import { givesWay } from './way'

/** Why sending stopped: everything sent; no network; the login has run out. */
export type Outcome = 'done' | 'offline' | 'login'

/** Waiting time in ms after n failures: 5 s doubled each time, 10 minutes at most. */
export function wait(tries: number): number {
  return Math.min(5_000 * 2 ** Math.max(0, tries - 1), 600_000)
}

/** A form that compresses well may be this many times the size of a piece: XML shrinks to a fifth or less. */
const SHRINKS = 4
/** Forms of one request; the server takes 64. */
const TOGETHER = 32

interface Due {
  parcel: Parcel
  bytes: Uint8Array
  digest: string
}

/**
 * Sends what is due, oldest first: forms in groups as large as the link likes. A form leaves the phone only against a receipt
 * with its own digest; sent twice it is the same form to the server. One that is refused stays, with the reason, and does not hold up the
 * others.
 */
export async function sendForms(db: FieldDb, run: Run, force: boolean): Promise<Outcome> {
  const now = run.now()
  const parcels = (await db.parcels.all())
    .filter((p) => force || p.next_at <= now)
    .sort((a, b) => a.queued_at - b.queued_at)
  while (parcels.length > 0) {
    const group = await take(db, parcels, run.link.size * SHRINKS)
    try {
      // An answer may have been lost: edited from what, the server must say.
      if (
        await unsure(
          db,
          group.map((g) => g.parcel),
        )
      )
        await readSent(db, run, false)
      await deliver(db, run, group)
    } catch (e) {
      for (const { parcel } of group) await fail(db, run, parcel, e)
      if (isOffline(e)) return 'offline'
      if (e instanceof ApiError && e.status === 401) return 'login'
      if (!(e instanceof ApiError)) throw e
    }
  }
  return 'done'
}

/** It has not been taken back, nor handed in anew. */
const still = async (db: FieldDb, p: Parcel): Promise<boolean> => (await db.stampOf('parcels', p.id)) === p.queued_at

/** The oldest, and with it as many as go into one request. */
async function take(db: FieldDb, parcels: Parcel[], room: number): Promise<Due[]> {
  const out: Due[] = []
  let size = 0
  while (parcels[0] && out.length < TOGETHER) {
    if (!(await still(db, parcels[0]))) {
      parcels.shift()
      continue
    }
    const bytes = utf8(parcels[0].xml)
    if (out.length > 0 && size + bytes.length > room) break
    size += bytes.length
    out.push({ parcel: parcels[0], bytes, digest: await sha256(bytes) })
    parcels.shift()
  }
  return out
}

async function deliver(db: FieldDb, run: Run, group: Due[]): Promise<void> {
  const [first] = group
  const device = (await db.vault())?.id ?? ''
  const inPieces = group.length === 1 && first !== undefined && first.bytes.length > run.link.size * SHRINKS
  if (inPieces) await piecewise(run, first)
  if (!first || (inPieces && !(await still(db, first.parcel)))) return
  const from = await editedFrom(db)
  const forms = group.map(({ parcel: p, bytes, digest }): SyncForm => {
    const form = { assignment: p.assignment, form: p.form_hash, base: from(p), digest, size: bytes.length }
    return inPieces ? form : { ...form, xml: p.xml }
  })
  const weight = inPieces ? 0 : group.reduce((n, g) => n + g.bytes.length, 0) / SHRINKS
  const answers = await timed(run, weight, () => run.server.sendForms({ device, forms }, run.link.patience))
  for (const [i, due] of group.entries()) await answered(db, run, due, answers[i])
}

async function piecewise(run: Run, { bytes, digest }: Due): Promise<void> {
  const [known] = await run.server.have([{ sha256: digest, size: bytes.length }], run.link.patience)
  const offset = known?.offset ?? 0
  if (offset < bytes.length) await upload(run, { sha256: digest, bytes, form: true }, offset)
}

/** One answer: the receipt if it is for these bytes, else the reason. */
async function answered(db: FieldDb, run: Run, due: Due, answer: SyncAnswer | undefined): Promise<void> {
  if (answer?.receipt && answer.receipt.digest === due.digest) return settle(db, due.parcel, answer.receipt)
  const code = answer?.code || 'web.answer'
  await fail(db, run, due.parcel, new ApiError(code, answer?.detail ?? '', 422))
}

async function fail(db: FieldDb, run: Run, p: Parcel, e: unknown): Promise<void> {
  const tries = p.tries + 1
  const trouble = isOffline(e) ? 'network' : e instanceof ApiError ? e.code : 'phone'
  const detail = e instanceof ApiError && e.detail ? e.detail : null
  const row = await db.parcels.row({ ...p, tries, next_at: run.now() + wait(tries), trouble, detail })
  // Taken back meanwhile: it must not come again.
  await db.write({ put: [row], only: { t: 'parcels', k: p.id, stamp: p.queued_at } })
}

/** After the receipt the phone keeps the receipt, not the data; pictures stay until the server has them, too. */
export async function settle(db: FieldDb, p: Parcel, receipt: Receipt): Promise<void> {
  const record = await db.receipts.row({
    ...receipt,
    id: FieldDb.receiptId(receipt),
    assignment: p.assignment,
    label: p.label,
    form_hash: p.form_hash,
    second: p.second === true,
  })
  // Another form of the household may be here too, when it came out of a package: it keeps what is its own.
  const draft = await db.drafts.get(p.assignment)
  const ours = draft?.xml.includes(p.instance_id) ?? false
  const others = (await db.parcels.of(p.assignment)).filter((x) => x.id !== p.id).map((x) => x.xml)
  if (draft && !ours) others.push(draft.xml)
  // So does a draft that was thrown away and may be brought back.
  const named = new Set(p.pictures)
  const wanted = [...others, ...(await db.thrown.of(p.assignment)).map((t) => t.draft.xml)]
  const sent: Put[] = []
  const drop: Change['drop'] = [['parcels', p.id]]
  for (const x of await db.pictures.of(p.assignment)) {
    if (named.has(x.sha256)) sent.push(await db.pictures.row({ ...x, due: x.due || p.queued_at }))
    else if (x.due === 0 && !wanted.some((xml) => xml.includes(x.sha256))) drop.push(['pictures', pictureKey(x)])
    named.delete(x.sha256)
  }
  // Of the same picture only another household's row is here, e.g. out of a package: this one's must be sent as well.
  for (const digest of named) {
    const other = await db.pictures.get(digest)
    if (other) sent.push(await db.pictures.row({ ...other, assignment: p.assignment, due: p.queued_at, beside: true }))
  }
  const put = [record, ...sent]
  if (ours) drop.push(['drafts', p.assignment])
  // What earlier rounds saw there was for the door.
  for (const x of await db.rows.where('[t+ref]').equals(['earlier', p.assignment]).primaryKeys()) drop.push(x)
  // A second keying stays until it is known where it differs from the first: only its own keyer may correct it.
  if (p.second)
    put.push(await db.returned.row({ assignment: p.assignment, revision: receipt.revision, xml: p.xml, second: true }))
  else if (others.length === 0) drop.push(['returned', p.assignment])
  const whole = await db.write({ put, drop, only: { t: 'parcels', k: p.id, stamp: p.queued_at } })
  // Taken back and changed while it was on its way: the draft is newer than what was sent and stays. What it was sent with
  // goes to the server all the same.
  if (!whole) await db.write({ put: [record, ...sent] })
}

/**
 * Sends pictures of forms that have arrived, oldest first; those that the server has are not sent again. False when they gave way to a form, see
 * givesWay.
 */
export async function sendMedia(db: FieldDb, run: Run): Promise<boolean> {
  const due = await db.stamped('pictures')
  while (due.length > 0) {
    const asked = due.splice(0, 50)
    const digests = [...new Set(asked.map(digestIn))]
    const have = await run.server.have(
      digests.map((sha256) => ({ sha256, size: 0 })),
      run.link.patience,
    )
    for (const h of have) {
      if (await givesWay(db, run)) return false
      const keys = asked.filter((k) => digestIn(k) === h.sha256)
      const [picture, ...same] = (await Promise.all(keys.map((k) => db.pictures.get(k)))).filter((x) => x !== undefined)
      if (!picture) continue
      if (!h.whole) {
        const bytes = new Uint8Array(await picture.blob.arrayBuffer())
        const at = h.offset < bytes.length ? h.offset : 0
        if (!(await upload(run, { sha256: h.sha256, bytes, form: false }, at, () => givesWay(db, run)))) return false
      }
      for (const x of [picture, ...same]) await arrived(db, x)
    }
  }
  return true
}

async function arrived(db: FieldDb, picture: Picture): Promise<void> {
  const left = (r: { missing_files: string[] }): string[] =>
    r.missing_files.filter((name) => !name.startsWith(picture.sha256))
  const told = (await db.receipts.of(picture.assignment)).filter((r) => left(r).length < r.missing_files.length)
  const put = await Promise.all(told.map((r) => db.receipts.row({ ...r, missing_files: left(r) })))
  // A draft of the same household may still show it.
  const draft = await db.drafts.get(picture.assignment)
  const thrown = (await db.thrown.of(picture.assignment)).map((t) => t.draft)
  const shown = [...(draft ? [draft] : []), ...thrown].some((d) => d.xml.includes(picture.sha256))
  if (shown) put.push(await db.pictures.row({ ...picture, due: 0 }))
  await db.write({ put, drop: shown ? [] : [['pictures', pictureKey(picture)]] })
}
