import { newId } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import { migrate, renew } from '../store/migrate'
import type { VaultRow } from '../store/store'
import type { Bytes } from './bytes'
import { newDataKey, unwrap, wrap, wrapToOffice, type OfficeKey } from './key'
import { Sealer } from './seal'

/** Makes the data key of this account on this phone, wrapped with the PIN and, when the county's key is known, to the office. */
export async function create(
  db: FieldDb,
  account: string,
  pin: string,
  office: OfficeKey | null,
  iterations?: number,
): Promise<VaultRow> {
  const dataKey = newDataKey()
  const id = newId()
  const row: VaultRow = {
    key: 'vault',
    id,
    account,
    pin: await wrap(dataKey, pin, id, iterations),
    office,
    envelope: office && (await wrapToOffice(dataKey, office, account, id)),
  }
  await db.vaults.add(row) // two tabs at once: the second one fails, and unlocks what the first has made
  await opened(db, dataKey, row)
  return row
}

/** Unlocks with the PIN; false when it is wrong. Finishes what a killed migration has left. */
export async function unlock(db: FieldDb, pin: string): Promise<boolean> {
  const row = await db.vault()
  const dataKey = row && (await unwrap(row.pin, pin, row.id))
  if (!row || !dataKey) return false
  await opened(db, dataKey, row)
  return true
}

async function opened(db: FieldDb, dataKey: Bytes, row: VaultRow): Promise<void> {
  if (row.office && row.envelope?.key !== row.office.id) {
    const envelope = await wrapToOffice(dataKey, row.office, row.account, row.id)
    await db.vaults.update('vault', { envelope })
  }
  db.unlock(await Sealer.make(dataKey, row.id))
  await migrate(db)
  await renew(db)
}

/** Whether this is the PIN that opens this phone. */
export async function isPin(db: FieldDb, pin: string): Promise<boolean> {
  const row = await db.vault()
  return row !== undefined && (await unwrap(row.pin, pin, row.id)) !== null
}

/** Another PIN from now on; false when the old one is wrong. The data key stays. */
export async function changePin(db: FieldDb, old: string, pin: string): Promise<boolean> {
  const row = await db.vault()
  const dataKey = row && (await unwrap(row.pin, old, row.id))
  if (!row || !dataKey) return false
  await db.vaults.update('vault', { pin: await wrap(dataKey, pin, row.id) })
  return true
}

/** A new PIN with a data key that the office has given back, and unlocks. Rejects with 'sealed' when it is another key. */
export async function resetPin(db: FieldDb, dataKey: Bytes, pin: string): Promise<void> {
  const row = await db.vault()
  if (!row) throw new Error('no vault')
  const sealer = await Sealer.make(dataKey, row.id)
  const some = await db.rows.toCollection().first()
  if (some) await sealer.open(some.t, some.k, some.body)
  await db.vaults.update('vault', { pin: await wrap(dataKey, pin, row.id) })
  await opened(db, dataKey, row)
}

/** Notes the county's key, so that the next unlock can make an envelope. */
export async function noteOffice(db: FieldDb, office: OfficeKey): Promise<void> {
  const row = await db.vault()
  if (row && row.office?.id !== office.id) await db.vaults.update('vault', { office })
}

/** The data key itself, against the PIN; null when it is wrong. Only for wrapping it once more. */
export async function dataKeyOf(db: FieldDb, pin: string): Promise<Bytes | null> {
  const row = await db.vault()
  return row ? unwrap(row.pin, pin, row.id) : null
}
