import {
  ApiError,
  isOffline,
  sha256,
  type FieldAssignment,
  type FieldPackage,
  type SyncHead,
  type SyncManifest,
} from '@ruhu/api'
import type { FieldDb } from '../store/db'
import { concat, text } from '../vault/bytes'
import { timed, type Run } from './server'

/** What each part of the package was when it came. */
interface Tags {
  head: string
  assignments: { [id: string]: string }
}

/** About what an assignment weighs on the way, compressed, in bytes. */
const WEIGHT = 500

/**
 * Brings the phone up to date: only parts that have changed, each stored as it arrives, the package last among what it needs. A
 * transfer that breaks off goes on where it was, and until it is whole the phone works with what it had.
 */
export async function download(db: FieldDb, run: Run): Promise<void> {
  const before = await db.package()
  const got = await run.server.manifest(before ? await db.setting<string>('etag') : null)
  const fresh = got ? await parts(db, run, got.body, before) : null
  const pkg = fresh ?? before
  if (!pkg) return
  await blanks(db, run, pkg)
  await material(db, run, pkg)
  await returned(db, run, pkg)
  if (got && fresh) {
    const put = await Promise.all([
      db.settingRow('package', fresh),
      db.settingRow('tags', tagsOf(got.body)),
      db.settingRow('etag', got.etag),
    ])
    await db.write({ put, drop: (await db.pulled.keys()).map((k) => ['pulled', k]) })
  }
  await prune(db, pkg)
}

function tagsOf(m: SyncManifest): Tags {
  return { head: m.head, assignments: Object.fromEntries(m.assignments.map((a) => [a.id, a.tag])) }
}

const HEAD = '#head'

/** The package that a manifest describes, out of what is here and what has to be asked for. */
async function parts(db: FieldDb, run: Run, m: SyncManifest, before: FieldPackage | null): Promise<FieldPackage> {
  const tags = (before && (await db.setting<Tags>('tags'))) ?? { head: '', assignments: {} }
  const here = new Map<string, unknown>()
  if (before && tags.head === m.head) here.set(HEAD, before)
  const old = new Map(before?.assignments.map((a) => [a.id, a]))
  for (const a of m.assignments) if (tags.assignments[a.id] === a.tag && old.has(a.id)) here.set(a.id, old.get(a.id))
  const wanted = new Map(m.assignments.map((a) => [a.id, a.tag]))
  for (const p of await db.pulled.all()) {
    if (p.tag === (p.id === HEAD ? m.head : wanted.get(p.id))) here.set(p.id, p.body)
  }
  const missing = m.assignments.filter((a) => !here.has(a.id))
  while (missing.length > 0 || !here.has(HEAD)) {
    const some = missing.splice(0, Math.max(4, Math.floor(run.link.size / WEIGHT)))
    const head = !here.has(HEAD)
    const asked = { head, assignments: some.map((a) => a.id) }
    const came = await timed(run, some.length * WEIGHT, () => run.server.pull(asked, run.link.patience))
    const rows = came.assignments.map((a) => ({ id: a.id, tag: wanted.get(a.id) ?? '', body: a as unknown }))
    if (came.head) rows.push({ id: HEAD, tag: m.head, body: came.head })
    else if (head) throw new ApiError('web.answer', '', 502)
    await db.pulled.put(...rows)
    for (const r of rows) here.set(r.id, r.body)
    // One that has gone since the manifest was made is not in the package; the next manifest says so, too.
  }
  const { me, campaign, team, forms } = here.get(HEAD) as SyncHead
  const assignments = m.assignments.flatMap((a) => (here.has(a.id) ? [here.get(a.id) as FieldAssignment] : []))
  return { server_time: new Date(run.now()).toISOString(), me, campaign, team, forms, assignments }
}

/** The versions that a household needs: the present one, and that of a form that came back. */
export function formsOf(a: FieldAssignment): string[] {
  const back = a.state === 'returned' ? a.submission?.form_hash : undefined
  return back ? [a.form_hash, back] : [a.form_hash]
}

async function blanks(db: FieldDb, run: Run, pkg: FieldPackage): Promise<void> {
  const wanted = new Set([...pkg.forms.map((f) => f.hash), ...pkg.assignments.flatMap(formsOf)])
  // A draft's version, too: it may have been dropped before the first answer was there, or by an earlier release.
  for (const d of await db.drafts.all()) wanted.add(d.form_hash)
  const have = new Set(await db.blanks.keys())
  for (const hash of wanted) {
    if (!hash || have.has(hash)) continue
    const xml = await orRefused(whole(db, run, `/field/forms/${hash}`, hash))
    if (xml !== null) await done(db, hash, await db.blanks.row({ hash, xml }))
  }
}

async function material(db: FieldDb, run: Run, pkg: FieldPackage): Promise<void> {
  const hash = pkg.campaign?.training
  if (!hash || (await db.materials.keys()).includes(hash)) return
  const json = await orRefused(whole(db, run, `/field/training/${hash}`, hash))
  if (json !== null) await done(db, hash, await db.materials.row({ hash, json }))
}

async function returned(db: FieldDb, run: Run, pkg: FieldPackage): Promise<void> {
  for (const a of pkg.assignments) {
    if (a.state !== 'returned' || !a.returned || !a.submission || !a.instance_url) continue
    const { revision, digest, form_hash } = a.submission
    const here = await db.returned.get(a.id)
    if (here?.revision === revision && !here.second) continue
    const xml = await orRefused(whole(db, run, a.instance_url, digest))
    if (xml !== null) await done(db, digest, await db.returned.row({ assignment: a.id, revision, xml, form_hash }))
  }
}

async function done(db: FieldDb, digest: string, row: Awaited<ReturnType<FieldDb['blanks']['row']>>): Promise<void> {
  await db.write({ put: [row], drop: [['pieces', digest]] })
}

/** XML is compressed on the way, to a quarter at least. */
const SHRINKS = 4

const whole = async (db: FieldDb, run: Run, path: string, digest: string): Promise<string> =>
  text(await piecewise(db, run, path, digest, SHRINKS))

/** A file by its digest, in pieces that stay on the phone when it breaks off. On the way it weighs 1/shrinks of itself. */
export async function piecewise(
  db: FieldDb,
  run: Run,
  path: string,
  digest: string,
  shrinks: number,
): Promise<Uint8Array> {
  let bytes: Uint8Array = (await db.pieces.get(digest))?.bytes ?? new Uint8Array()
  for (;;) {
    const ask = run.link.size * shrinks
    const got = await timed(run, ask / shrinks, () => run.server.slice(path, bytes.length, ask, run.link.patience))
    bytes = concat(bytes, got.bytes)
    if (bytes.length >= got.size || got.bytes.length === 0) break
    await db.pieces.put({ digest, bytes })
  }
  if ((await sha256(bytes as Uint8Array<ArrayBuffer>)) === digest) return bytes
  await db.pieces.delete(digest) // it changed meanwhile: from the beginning, next time
  throw new ApiError('web.answer', '', 502)
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
  const known = new Set(pkg.assignments.map((a) => a.id))
  const back = new Set(pkg.assignments.filter((a) => a.state === 'returned').map((a) => a.id))
  const used = new Set(pkg.assignments.flatMap(formsOf))
  for (const f of pkg.forms) used.add(f.hash)
  for (const d of await db.drafts.all()) used.add(d.form_hash)
  const gone: [string, string][] = []
  for (const id of await db.returned.keys()) {
    const second = known.has(id) && (await db.returned.get(id))?.second
    if (!back.has(id) && !second) gone.push(['returned', id])
  }
  const old = (await db.blanks.keys()).filter((hash) => !used.has(hash)).map((k): [string, string] => ['blanks', k])
  for (const k of await db.materials.keys()) if (k !== pkg.campaign?.training) gone.push(['materials', k])
  if (gone.length + old.length > 0) await db.write({ drop: [...gone, ...old] })
}
