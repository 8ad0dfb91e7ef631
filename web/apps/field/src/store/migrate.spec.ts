import 'fake-indexeddb/auto'
import Dexie from 'dexie'
import { describe, expect, it } from 'vitest'
import { parcel } from '../test/make'
import { create, unlock } from '../vault/vault'
import { FieldDb } from './db'
import { hasPlain } from './migrate'

const ROUNDS = 10
let n = 0

/** What version 1 left on a phone: everything in the open. */
async function oldPhone(): Promise<string> {
  const account = `old-${n++}`
  const old = new Dexie(`ruhu-field-${account}`)
  old.version(1).stores({
    settings: 'key',
    blanks: 'hash',
    drafts: 'assignment',
    parcels: 'assignment',
    pictures: 'sha256',
    receipts: 'id, assignment, received_at',
    returned: 'assignment',
  })
  const { id: _, ...plain } = parcel()
  await old.table('settings').bulkPut([
    { key: 'package', value: { assignments: [] } },
    { key: 'etag', value: '"1"' },
    { key: 'place', value: { assignment: 'a2' } },
  ])
  await old.table('blanks').put({ hash: 'f1', xml: '<form/>' })
  await old.table('drafts').bulkPut([
    { ...plain, page: 'p1', updated_at: 3 },
    { ...plain, assignment: 'a2', page: 'p2', updated_at: 4 },
  ])
  await old.table('parcels').put(plain)
  await old.table('pictures').put({ sha256: 'c'.repeat(64), blob: new Blob(['x']), assignment: 'a1', taken_at: 1 })
  await old.table('receipts').put({ id: 'uuid:9 1', assignment: 'a9', label: plain.label, revision: 1 })
  await old.table('returned').put({ assignment: 'a3', revision: 2, xml: '<back/>' })
  old.close()
  return account
}

async function contents(db: FieldDb): Promise<unknown> {
  return {
    drafts: (await db.drafts.all()).map((d) => [d.assignment, d.page, d.xml]),
    parcels: (await db.parcels.all()).map((p) => [p.id, p.assignment, p.xml]),
    pictures: await Promise.all((await db.pictures.all()).map(async (p) => [p.sha256, p.due, p.assignment])),
    receipts: (await db.receipts.all()).map((r) => r.id),
    returned: await db.returned.all(),
    blanks: await db.blanks.all(),
    package: await db.package(),
    place: await db.setting('place'),
  }
}

describe('a phone of before encryption', () => {
  it('has everything sealed at the first unlock, and nothing left in the open', async () => {
    const db = new FieldDb(await oldPhone())
    expect(await hasPlain(db)).toBe(true)
    await create(db, 'u1', '135790', null, ROUNDS)
    expect(await hasPlain(db)).toBe(false)
    expect(await contents(db)).toMatchObject({
      drafts: [
        ['a1', 'p1', '<data/>'],
        ['a2', 'p2', '<data/>'],
      ],
      parcels: [['uuid:1', 'a1', '<data/>']],
      pictures: [['c'.repeat(64), 0, 'a1']],
      receipts: ['uuid:9 1'],
      returned: [{ assignment: 'a3', revision: 2, xml: '<back/>' }],
      blanks: [{ hash: 'f1', xml: '<form/>' }],
      package: { assignments: [] },
      place: { assignment: 'a2' },
    })
    expect(await db.setting('etag')).toBeNull() // the package's: it means nothing for the manifest
  })

  it('has what an earlier release gave back and answered counted as waiting', async () => {
    const db = new FieldDb(`old-${n++}`)
    await create(db, 'u1', '135790', null, ROUNDS)
    await db.set('given_back', [{ assignment: 'a2', reason: 'x' }])
    const row = await db.attempts.row({ id: 't1', sent: false, trouble: null } as never)
    await db.write({ put: [{ ...row, ref: '' }] })
    await db.lock()
    expect(await db.unsent()).toMatchObject({ queued: 0 })
    await unlock(db, '135790')
    await db.lock()
    expect(await db.unsent()).toMatchObject({ queued: 2 })
    await unlock(db, '135790')
    expect([await db.given.all(), await db.setting('given_back')]).toEqual([[{ assignment: 'a2', reason: 'x' }], null])
  })

  it('loses nothing, wherever the sealing is killed', async () => {
    const whole = new FieldDb(await oldPhone())
    await create(whole, 'u1', '135790', null, ROUNDS)
    const want = await contents(whole)
    const steps = 10
    for (let kill = 0; kill < steps; kill++) {
      const account = await oldPhone()
      const db = new FieldDb(account)
      const { transaction } = db.dexie
      let at = 0
      // The page dies before the transaction that moves row number `kill`.
      db.dexie.transaction = ((...a: unknown[]) => {
        if (at++ === kill) throw new Error('killed')
        return (transaction as (...a: unknown[]) => unknown).apply(db.dexie, a)
      }) as typeof transaction
      await expect(create(db, 'u1', '135790', null, ROUNDS)).rejects.toThrow('killed')
      db.dexie.close()
      const again = new FieldDb(account)
      expect(await unlock(again, '135790')).toBe(true)
      expect(await hasPlain(again)).toBe(false)
      expect(await contents(again)).toEqual(want)
    }
  })
})
