import { ApiError, isOffline, type FieldPackage } from '@ruhu/api'
import type { Server } from './server'
import type { FieldDb } from '../store/db'

/**
 * Brings the phone up to date: assignments, questionnaires, returned forms. Each part is stored as it arrives, the package
 * last among what it needs, so a transfer that breaks off leaves a state that works.
 */
export async function download(db: FieldDb, server: Server): Promise<void> {
  const etag = await db.setting<string>('etag')
  const got = await server.pack((await db.package()) ? etag : null)
  const pkg = got?.body ?? (await db.package())
  if (!pkg) return
  await blanks(db, server, pkg)
  await returned(db, server, pkg)
  if (got) {
    await db.transaction('rw', db.settings, async () => {
      await db.set('package', got.body)
      await db.set('etag', got.etag)
    })
  }
  await prune(db, pkg)
}

async function blanks(db: FieldDb, server: Server, pkg: FieldPackage): Promise<void> {
  const wanted = new Set([...pkg.forms.map((f) => f.hash), ...pkg.assignments.map((a) => a.form_hash)])
  const have = new Set(await db.blanks.toCollection().primaryKeys())
  for (const hash of wanted) {
    if (!hash || have.has(hash)) continue
    const xml = await orRefused(server.form(hash))
    if (xml !== null) await db.blanks.put({ hash, xml })
  }
}

async function returned(db: FieldDb, server: Server, pkg: FieldPackage): Promise<void> {
  for (const a of pkg.assignments) {
    if (a.state !== 'returned' || !a.returned || !a.submission || !a.instance_url) continue
    const revision = a.submission.revision
    if ((await db.returned.get(a.id))?.revision === revision) continue
    const xml = await orRefused(server.instance(a.instance_url))
    if (xml !== null) await db.returned.put({ assignment: a.id, revision, xml })
  }
}

/** null when the server refuses this one thing: the rest must still arrive. The household's page says what is missing. */
async function orRefused(asked: Promise<string>): Promise<string | null> {
  try {
    return await asked
  } catch (e) {
    if (!(e instanceof ApiError) || isOffline(e) || e.status === 401) throw e
    console.warn('download', e.code)
    return null
  }
}

/** Drops copies nothing refers to any more. Drafts, parcels and receipts are never dropped here. */
async function prune(db: FieldDb, pkg: FieldPackage): Promise<void> {
  const back = new Set(pkg.assignments.filter((a) => a.state === 'returned').map((a) => a.id))
  const gone = (await db.returned.toCollection().primaryKeys()).filter((id) => !back.has(id))
  await db.returned.bulkDelete(gone)

  const used = new Set(pkg.assignments.map((a) => a.form_hash))
  for (const f of pkg.forms) used.add(f.hash)
  await db.drafts.each((d) => used.add(d.form_hash))
  const old = (await db.blanks.toCollection().primaryKeys()).filter((hash) => !used.has(hash))
  await db.blanks.bulkDelete(old)
}
