import { FieldDb } from './db'

let current: { account: string; db: FieldDb } | null = null

/** The database of an account, opened once. It is locked until somebody gives it a key. */
export function openDb(account: string): FieldDb {
  if (current?.account !== account) {
    current?.db.dexie.close()
    current = { account, db: new FieldDb(account) }
  }
  return current.db
}

/** Forgets the database after it was cleared: the next one begins anew. */
export function closeDb(): void {
  current?.db.dexie.close()
  current = null
}
