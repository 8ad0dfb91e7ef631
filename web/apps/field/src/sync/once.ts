import { sha256 } from '@ruhu/api'
import { ahead, noteClock } from '../badge/clock'
import { badgeKey, noteKnown } from '../badge/key'
import { storageState } from '../device/storage'
import { forgetThrown } from '../household/thrown'
import type { FieldDb } from '../store/db'
import { hasPlain } from '../store/migrate'
import { isFull } from '../store/store'
import { pack } from '../vault/bundle'
import { noteOffice } from '../vault/vault'
import { download } from './download'
import { sendForms, sendMedia } from './outbox'
import { readSent } from './sent'
import type { Run } from './server'
import { sendAttempts, sendSays } from './tell'
import { upload } from './upload'
import { giveBack, tellWork } from './work'

/**
 * One run of the protocol, docs/sync.md: report, forms, what has begun and what is given back, queries, attempts at the quiz, what is new, pictures, the
 * server's list. Rejects when the network breaks off; the next run goes on where it was. 'again': it gave way to that run.
 */
export async function once(
  db: FieldDb,
  r: Run,
  force: boolean,
): Promise<'offline' | 'login' | 'replaced' | 'again' | null> {
  const welcome = await report(db, r)
  const waiting = await db.parcels.count()
  const sent = await sendForms(db, r, force)
  if (sent !== 'done') return sent
  if (waiting > 0) await r.arrived?.()
  if (!welcome.replaced) await tellWork(db, r)
  await giveBack(db, r)
  // Before the package is read: what was asked must be in it when it goes from the queue, or the form could be handed in meanwhile.
  await sendSays(db, r)
  await sendAttempts(db, r)
  if (!welcome.replaced) await download(db, r)
  await forgetThrown(db, r.now())
  if (!(await sendMedia(db, r))) return 'again'
  await readSent(db, r, force)
  await db.set('synced_at', r.now())
  const last = await report(db, r)
  if (last.wipe && (await clear(db, r))) return null
  return last.replaced ? 'replaced' : null
}

/**
 * What a locked phone does: it hears whether it is to clear itself. It has no key to send a form with; what is on it goes to the office as a package,
 * which needs none.
 */
export async function knock(db: FieldDb, r: Run): Promise<void> {
  const welcome = await report(db, r)
  if (welcome.wipe && !(await hasPlain(db))) await clear(db, r)
}

/** A locked phone says as much as can be told without the key. */
async function report(db: FieldDb, { server, now }: Run) {
  const { id = '' } = (await db.vault()) ?? {}
  const point = db.open ? await ifRoom((async () => (await badgeKey(db)).point)(), '') : ''
  const { kept, free, known } = await storageState(false)
  const free_mb = known ? Math.floor(free / 1048576) : -1
  const left = await db.unsent()
  const asked = now()
  const welcome = await server.hello({ device: id, label: browser(), ...left, kept, free_mb, badge: point })
  if (db.open) await ifRoom(noteClock(db, ahead(welcome.server_time, asked, now())), undefined)
  if (point) await ifRoom(noteKnown(db, welcome.badge), undefined)
  await noteOffice(db, welcome.office_key)
  return welcome
}

/** What a full phone does without: its forms must still go. */
async function ifRoom<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work
  } catch (e) {
    if (isFull(e)) return otherwise
    throw e
  }
}

/** Browser and system in a few words, for the office's list. */
function browser(): string {
  const ua = (globalThis.navigator as Navigator | undefined)?.userAgent ?? ''
  const name = /(Edg|HuaweiBrowser|MiuiBrowser|UCBrowser|QQBrowser|Chrome|Firefox|Safari)\/[\d]+/.exec(ua)?.[0] ?? ''
  const system = /\(([^)]*)\)/.exec(ua)?.[1] ?? ''
  return `${name} ${system}`.trim().slice(0, 120)
}

/**
 * Clears this phone on the office's order, after everything on it has arrived; drafts are left there as a package, and on a locked phone, which
 * cannot send, all that waits.
 */
async function clear(db: FieldDb, r: Run): Promise<boolean> {
  const { queued, media, drafts } = await db.unsent()
  if (db.open && queued + media > 0) return false
  const before = await stamps(db)
  if (queued + media + drafts > 0) {
    const bytes = new Uint8Array(await (await pack(db)).arrayBuffer())
    const digest = await sha256(bytes)
    await upload(r, { sha256: digest, bytes, form: false }, 0)
    await r.server.deposit(digest)
  }
  if ((await stamps(db)) !== before) return false // somebody is filling in a form right now
  const device = (await db.vault())?.id ?? ''
  await r.clear(db)
  await r.server.wiped(device)
  return true
}

const stamps = async (db: FieldDb): Promise<string> =>
  JSON.stringify([await db.stamps('drafts'), await db.stamps('parcels')])
