import type { Table } from 'dexie'
import type { FieldDb } from './db'
import type { Put } from './kind'
import type { GivenBack } from './rows'
import type { Sealed } from './store'

// The kinds of version 1, which lay in the open, and what they are now.
type Old = { [field: string]: unknown }
const OLD = ['settings', 'blanks', 'drafts', 'parcels', 'pictures', 'receipts', 'returned'] as const

/** What the open rows of version 1 hold; read before there is a key, to check the first PIN. */
export async function plainSetting(db: FieldDb, key: string): Promise<unknown> {
  return ((await db.dexie.table('settings').get(key)) as { value?: unknown } | undefined)?.value
}

export async function hasPlain(db: FieldDb): Promise<boolean> {
  for (const t of OLD) if ((await db.dexie.table(t).count()) > 0) return true
  return false
}

/**
 * Seals the open rows of version 1, one at a time: each is written sealed and removed in the open in one transaction, so that wherever it is
 * killed, every row is there once. Runs at each unlock until nothing is left.
 */
export async function migrate(db: FieldDb): Promise<number> {
  let n = 0
  for (const t of OLD) {
    const old: Table<Old> = db.dexie.table(t)
    for (const k of await old.toCollection().primaryKeys()) {
      const row = await old.get(k as never)
      if (!row) continue
      const put = await sealable(db, t, row)
      await move(db, old, k, put)
      n++
    }
  }
  return n
}

async function sealable(db: FieldDb, t: (typeof OLD)[number], row: Old): Promise<Put | null> {
  switch (t) {
    case 'settings':
      // The ETag was the package's; the manifest has one of its own.
      return row.key === 'etag' ? null : db.settingRow(row.key as 'package', row.value)
    case 'blanks':
      return db.blanks.row(row as never)
    case 'drafts':
      return db.drafts.row(row as never)
    case 'parcels':
      return db.parcels.row({ ...row, id: row.instance_id } as never)
    case 'pictures':
      return db.pictures.row({ ...row, due: 0 } as never)
    case 'receipts':
      return db.receipts.row(row as never)
    case 'returned':
      return db.returned.row(row as never)
  }
}

async function move(db: FieldDb, old: Table<Old>, k: unknown, put: Put | null): Promise<void> {
  const sealed = put && (await db.sealed(put))
  await db.dexie.transaction('rw', [db.rows, old], async () => {
    if (sealed && !(await db.rows.get([sealed.t, sealed.k]))) await db.rows.put(sealed satisfies Sealed)
    await old.delete(k as never)
  })
}

/** Lets what earlier releases left be counted without the key: what is given back lay in a setting, and no attempt at the quiz said that it waits. */
export async function renew(db: FieldDb): Promise<void> {
  const given = await db.setting<GivenBack[]>('given_back')
  if (given) {
    const put = await Promise.all(given.map((g) => db.given.row(g)))
    await db.write({ put, drop: [['settings', 'given_back']] })
  }
  const old = (await db.attempts.of('')).filter((a) => !a.sent && !a.trouble)
  if (old.length > 0) await db.attempts.put(...old)
}
