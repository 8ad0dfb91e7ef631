import type { FieldDb } from '../store/db'
import type { Record, SentList } from '../store/rows'
import type { Run } from './server'

const DAY = 24 * 60 * 60 * 1000

/** Reads what the server says it has of what one has sent: what is new, and once a day, or when a person asks, all of it. */
export async function readSent(db: FieldDb, run: Run, whole: boolean): Promise<void> {
  const known = await db.setting<SentList>('sent')
  const anew = whole || !known || run.now() - known.whole_at > DAY
  const list: SentList = anew ? { cursor: '', whole_at: run.now(), items: [] } : { ...known, items: [...known.items] }
  for (;;) {
    const page = await run.server.sent(list.cursor)
    for (const s of page.items) {
      const { instance_id, revision, digest, received_at, state } = s
      if (list.items.some((x) => x.instance_id === instance_id && x.revision === revision)) continue
      list.items.push({ instance_id, revision, digest, received_at, state })
    }
    if (!page.next) break
    list.cursor = page.next
  }
  if (!anew && list.items.length === known.items.length) return
  await db.set('sent', list)
}

/** Receipts for which the server, when it last listed everything, had no such form: it was set back to an older copy. */
export function unknownTo(list: SentList | null, receipts: Record[]): Record[] {
  if (!list) return []
  const has = new Set(list.items.map((s) => `${s.instance_id} ${s.revision} ${s.digest}`))
  const listed = new Date(list.whole_at).toISOString()
  return receipts.filter((r) => r.received_at < listed && !has.has(`${r.instance_id} ${r.revision} ${r.digest}`))
}
