import 'fake-indexeddb/auto'
import Dexie from 'dexie'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDb, parcel, picture } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { sendMedia } from '../sync/outbox'
import { pack } from '../vault/bundle'
import { FieldDb } from './db'
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

  it('asks the browser to have it on the disk before it says so', async () => {
    const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const db = await openDb()
    await db.parcels.put(parcel())
    const writes = begun.mock.calls.filter((c) => c[1] === 'readwrite')
    expect(writes.length).toBeGreaterThan(0)
    for (const c of writes) expect(c[2]).toEqual({ durability: 'strict' })
    begun.mockRestore()
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

  it('counts everything that the server has not heard of, without the key', async () => {
    const db = await openDb()
    const attempt = { campaign: 'c', answers: [], asked: 1, correct: 1, passed: true, wrong: [], finished_at: 5 }
    await db.attempts.put(
      { ...attempt, id: 't1', sent: false, trouble: null },
      { ...attempt, id: 't2', sent: true, trouble: null },
      { ...attempt, id: 't3', sent: false, trouble: '没有测验' },
    )
    await db.given.put({ assignment: 'a2', reason: 'x' }, { assignment: 'a3', reason: 'x', trouble: '已经开始' })
    await db.lock()
    expect(await db.unsent()).toEqual({ queued: 2, drafts: 0, media: 0 })
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

/** Everything that gives rows with their bodies, counted. */
function reads() {
  const spies = [IDBObjectStore.prototype, IDBIndex.prototype].flatMap((o) =>
    (['get', 'getAll', 'openCursor'] as const).map((f) => vi.spyOn(o as IDBObjectStore, f)),
  )
  return (): number => spies.reduce((n, s) => n + s.mock.calls.length, 0)
}
afterEach(() => vi.restoreAllMocks())

describe('photographs', () => {
  const many = async () => {
    const db = await openDb()
    const at = (n: number, due: number) =>
      picture({ sha256: n.toString(16).padStart(64, '0'), blob: new Blob([`${n}`]), due })
    await db.pictures.put(at(1, 9), at(2, 0), at(3, 4), at(4, 9))
    return db
  }
  const known = (n: number): string => n.toString(16).padStart(64, '0')

  it('are counted and put in order without reading one', async () => {
    const db = await many()
    await db.parcels.put(parcel({ queued_at: 7 }))
    await db.drafts.put(
      { ...parcel(), page: '', updated_at: 1 },
      { ...parcel({ assignment: 'a2' }), page: '', updated_at: 2 },
    )
    const read = reads()
    expect(await db.unsent()).toEqual({ queued: 1, drafts: 1, media: 3 })
    expect(await db.stamped('pictures')).toEqual([3, 1, 4].map(known))
    expect(await db.stamps('drafts')).toEqual([
      ['a1', 1],
      ['a2', 2],
    ])
    expect(read()).toBe(0)
    await db.pictures.get(known(1))
    expect(read()).toBe(1) // so it would be noticed
  })

  it('are sent, and put into a package, one after the other', async () => {
    const db = await many()
    await db.vaults.update('vault', { envelope: { key: '', point: '', nonce: '', wrapped: '' } })
    const server = new MemoryServer()
    const asked = [IDBObjectStore.prototype, IDBIndex.prototype].map((o) => vi.spyOn(o as IDBObjectStore, 'getAll'))
    const cursors = [IDBObjectStore.prototype, IDBIndex.prototype].map((o) =>
      vi.spyOn(o as IDBObjectStore, 'openCursor'),
    )
    await pack(db)
    for (const p of await Promise.all([1, 3, 4].map((n) => db.pictures.get(known(n)))))
      server.files.set(p?.sha256 ?? '', new Uint8Array())
    await sendMedia(db, runWith(server))
    expect(await db.unsent()).toMatchObject({ media: 0 })
    const together = asked.flatMap((s) => s.mock.results.map((r) => (r.value as IDBRequest<{ t: string }[]>).result))
    expect(together.length).toBeGreaterThan(0)
    expect(together.flat().filter((row) => row.t === 'pictures')).toEqual([])
    for (const c of cursors) expect(c).not.toHaveBeenCalled()
  })
})

it('a phone of the version before gets its index, and counts what it has', async () => {
  const old = new Dexie('ruhu-field-two')
  old.version(2).stores({ rows: '[t+k], t, [t+ref]', vault: 'key' })
  await old.table('rows').bulkPut([
    { t: 'pictures', k: 'a', ref: 'a1', stamp: 0, body: new Uint8Array() },
    { t: 'pictures', k: 'b', ref: 'a1', stamp: 5, body: new Uint8Array() },
  ])
  old.close()
  expect(await new FieldDb('two').unsent()).toEqual({ queued: 0, drafts: 0, media: 1 })
})
