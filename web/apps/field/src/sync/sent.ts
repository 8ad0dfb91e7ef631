import type { FieldDb } from '../store/db'
import type { Record, SentList } from '../store/rows'
import type { Run } from './server'

const DAY = 24 * 60 * 60 * 1000

/** Reads what the server says it has of what one has sent: what is new, and once a day, or when a person asks, all of it. */
export async function readSent(db: FieldDb, run: Run, whole: boolean): Promise<void> {
  const known = await db.setting<SentList>('sent')
  const anew = whole || !known || run.now() - known.whole_at > DAY || (await unsettled(db, known)).length > 0
  const list: SentList = anew ? { cursor: '', whole_at: run.now(), items: [] } : { ...known, items: [...known.items] }
  for (;;) {
    const page = await run.server.sent(list.cursor)
    for (const s of page.items) {
      const { instance_id, revision, digest, received_at, state, second } = s
      if (list.items.some((x) => x.instance_id === instance_id && x.revision === revision)) continue
      list.items.push({ instance_id, revision, digest, received_at, state, second })
    }
    if (!page.next) break
    list.cursor = page.next
  }
  if (!anew && list.items.length === known.items.length) return
  await db.set('sent', list)
  const open = new Set((await unsettled(db, list)).map((r) => r.assignment))
  for (const id of await db.returned.keys()) {
    if (!open.has(id) && (await db.returned.get(id))?.second) await db.returned.delete(id)
  }
}

/** Second keyings of which the server has not said how they compare, or that differ from the first; the newest revision of each. */
async function unsettled(db: FieldDb, list: SentList): Promise<Record[]> {
  const newest = new Map<string, Record>()
  for (const r of await db.receipts.all()) {
    if (r.second && (newest.get(r.instance_id)?.revision ?? 0) < r.revision) newest.set(r.instance_id, r)
  }
  return [...newest.values()].filter((r) => (verdictOf(list, r)?.state ?? 'open') === 'open')
}

/** How a second keying compares with the first; null as long as the server has not said so. */
export function verdictOf(list: SentList | null, second: Pick<Record, 'instance_id' | 'revision'>) {
  const own = list?.items.find((s) => s.instance_id === second.instance_id && s.revision === second.revision)
  return own?.second ?? null
}

/** Receipts for which the server, when it last listed everything, had no such form: it was set back to an older copy. */
export function unknownTo(list: SentList | null, receipts: Record[]): Record[] {
  if (!list) return []
  const has = new Set(list.items.map((s) => `${s.instance_id} ${s.revision} ${s.digest}`))
  const listed = new Date(list.whole_at).toISOString()
  return receipts.filter((r) => r.received_at < listed && !has.has(`${r.instance_id} ${r.revision} ${r.digest}`))
}
