import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { openDb, parcel } from '../test/make'
import { FullError, isFull } from './store'

describe('the store', () => {
  it('writes all of a change or nothing, and only while the row is the one it knew', async () => {
    const db = await openDb()
    await db.parcels.put(parcel({ queued_at: 5 }))
    const put = [await db.receipts.row({ id: 'r' } as never)]
    const only = { t: 'parcels', k: 'uuid:1', stamp: 4 }
    expect(await db.write({ put, drop: [['parcels', 'uuid:1']], only })).toBe(false)
    expect([await db.parcels.count(), await db.receipts.count()]).toEqual([1, 0])
    expect(await db.write({ put, drop: [['parcels', 'uuid:1']], only: { ...only, stamp: 5 } })).toBe(true)
    expect([await db.parcels.count(), await db.receipts.count()]).toEqual([0, 1])
    expect(await db.write({ put, only: { t: 'receipts', k: 'r', stamp: null } })).toBe(false)
  })

  it('says that the phone is full, and has changed nothing then', async () => {
    const db = await openDb()
    await db.parcels.put(parcel())
    const { bulkPut } = db.rows
    db.rows.bulkPut = (() => Promise.reject(Object.assign(new Error('x'), { name: 'QuotaExceededError' }))) as never
    await expect(db.parcels.put(parcel({ xml: '<new/>' }))).rejects.toBeInstanceOf(FullError)
    db.rows.bulkPut = bulkPut
    expect((await db.parcels.get('uuid:1'))?.xml).toBe('<data/>')
  })

  it('finishes what is under way before it forgets the key', async () => {
    const db = await openDb()
    const write = db.parcels.put(parcel())
    await db.lock()
    await write
    expect(await db.parcels.count()).toBe(1)
  })

  it.each([
    [{ name: 'QuotaExceededError' }, true],
    [{ name: 'AbortError', inner: { name: 'QuotaExceededError' } }, true],
    [{ name: 'AbortError' }, false],
    [null, false],
  ])('knows a full phone by %o', (e, want) => {
    expect(isFull(e)).toBe(want)
  })
})
