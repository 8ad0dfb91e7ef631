import { FieldDb } from './db'

let current: { account: string; db: FieldDb } | null = null

/** The database of an account, opened once. */
export function openDb(account: string): FieldDb {
  if (current?.account !== account) {
    current?.db.close()
    current = { account, db: new FieldDb(account) }
  }
  return current.db
}
