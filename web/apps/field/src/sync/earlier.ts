import { ApiError, type FieldPackage, type Sight } from '@ruhu/api'
import { LOW, storageState } from '../device/storage'
import type { FieldDb } from '../store/db'
import type { EarlierList } from '../store/rows'
import { piecewise } from './download'
import { isFinal, timed, type Run } from './server'

/** Bytes of small pictures on one phone: a week's households, see internal/earlier. */
export const MOST = 8 << 20
/** How long the server's list is good while the package stays what it was, ms. */
const GOOD = 60 * 60_000
/** About what a household of the list weighs on the way, compressed, in bytes. */
const WEIGHT = 400

export interface Carrying {
  /** Something more important waits: stop after the piece that is under way. */
  stop: () => boolean
  /** How many pictures are still to come. */
  left: (n: number) => void
  /** A person asked: the list is read again even if it is good. */
  force: boolean
}

/**
 * The last step of a run: the small pictures that earlier rounds took at the households still to be visited, those of the next days first. Each is
 * stored as it arrives. Nothing waits for them, and where room is short there are none. True when there is something else on the phone than before.
 */
export async function carry(db: FieldDb, run: Run, { stop, left, force }: Carrying): Promise<boolean> {
  const pkg = await db.package()
  const { known, free, low } = await storageState(false)
  if (!pkg) return false
  if (low) return (await db.dropSpare()) > 0
  const list = await told(db, run, force)
  const wanted = within(list.items, pkg, known ? free - LOW : MOST, await db.earlier.keys())
  const gone = (await db.earlier.keys()).filter((k) => !wanted.has(k))
  if (gone.length > 0) await db.earlier.delete(...gone)
  let changed = gone.length > 0
  const here = new Set(await db.earlier.keys())
  const missing = [...wanted].filter(([digest]) => !here.has(digest) && !refused.has(digest))
  const device = encodeURIComponent((await db.vault())?.id ?? '')
  for (const [n, [digest, assignment]] of missing.entries()) {
    left(missing.length - n)
    if (stop()) return changed
    const path = `/field/assignments/${assignment}/earlier/${digest}?device=${device}`
    const jpeg = await orRefused(piecewise(db, run, path, digest, 1), digest)
    if (jpeg) {
      const put = [await db.earlier.row({ sha256: digest, assignment, jpeg })]
      await db.write({ put, drop: [['pieces', digest]] })
      changed = true
    }
  }
  left(0)
  return changed
}

/** Digest → assignment, as many as there is room for beside what is here already, in the order of the list. */
function within(items: Sight[], pkg: FieldPackage, room: number, here: string[]): Map<string, string> {
  const open = new Set(pkg.assignments.filter((a) => a.state === 'open' || a.state === 'returned').map((a) => a.id))
  const out = new Map<string, string>()
  const stored = new Set(here)
  let all = MOST
  for (const { assignment, pictures } of items) {
    for (const p of pictures) {
      if (!open.has(assignment) || out.has(p.sha256)) continue
      const more = stored.has(p.sha256) ? 0 : p.size
      if (p.size > all || more > room) return out
      all -= p.size
      room -= more
      out.set(p.sha256, assignment)
    }
  }
  return out
}

/** The list: the one that is here while it is good, else the server's. It is taken over when it is whole. */
async function told(db: FieldDb, run: Run, force: boolean): Promise<EarlierList> {
  const known = await db.setting<EarlierList>('earlier')
  const manifest = await db.setting<string>('etag')
  const good = known && !force && !known.making && known.manifest === manifest && run.now() - known.asked_at < GOOD
  if (good) return known
  const device = (await db.vault())?.id ?? ''
  const limit = Math.min(200, Math.max(4, Math.floor(run.link.size / WEIGHT)))
  const list: EarlierList = { etag: null, asked_at: run.now(), manifest, making: false, items: [] }
  for (let cursor = ''; ;) {
    const etag = cursor ? null : (known?.etag ?? null)
    const page = await timed(run, limit * WEIGHT, () =>
      run.server.earlier({ device, cursor, limit, etag }, run.link.patience),
    )
    if (!page) {
      const same = { ...(known as EarlierList), asked_at: list.asked_at, manifest }
      await db.set('earlier', same)
      return same
    }
    if (cursor && page.etag !== list.etag) throw new ApiError('web.answer', '', 502) // it changed meanwhile: the next run asks again
    list.etag = page.etag
    list.making = page.body.making
    list.items.push(...page.body.items)
    cursor = page.body.next
    if (!cursor) break
  }
  const now = new Set(list.items.flatMap(digests))
  const pieces = (known?.items ?? []).flatMap(digests).filter((d) => !now.has(d))
  await db.write({ put: [await db.settingRow('earlier', list)], drop: pieces.map((d) => ['pieces', d]) })
  return list
}

const digests = (s: Sight): string[] => s.pictures.map((p) => p.sha256)

/** Pictures that the server would not give: not asked for again before the app is opened anew. */
const refused = new Set<string>()

async function orRefused(asked: Promise<Uint8Array>, digest: string): Promise<Uint8Array | null> {
  try {
    return await asked
  } catch (e) {
    if (!isFinal(e)) throw e
    refused.add(digest)
    return null
  }
}
