import 'fake-indexeddb/auto'
import { ApiError } from '@ruhu/api'
import { beforeEach, describe, expect, it } from 'vitest'
import { FieldDb } from '../store/db'
import { MemoryServer, offline, parcel } from '../test/make'
import { send, wait } from './outbox'

let db: FieldDb
let server: MemoryServer
let n = 0
const now = { now: 1_000, force: false }

beforeEach(() => {
  db = new FieldDb(`test-${n++}`)
  server = new MemoryServer()
})

describe('sending', () => {
  it('sends pictures first, keeps the receipt and drops the data', async () => {
    const sha256 = 'a'.repeat(64)
    await db.pictures.put({ sha256, blob: new Blob(['x']), assignment: 'a1', taken_at: 1 })
    await db.pictures.put({ sha256: 'b'.repeat(64), blob: new Blob(['y']), assignment: 'other', taken_at: 1 })
    await db.parcels.put(parcel({ pictures: [sha256] }))
    expect(await send(db, server, now)).toBe('done')
    expect(server.calls).toEqual([`file ${sha256}`, 'submit a1 0'])
    expect(await db.parcels.count()).toBe(0)
    expect(await db.pictures.toCollection().primaryKeys()).toEqual(['b'.repeat(64)])
    expect(await db.receipts.toArray()).toMatchObject([{ assignment: 'a1', revision: 1, state: 'received' }])
  })

  it('goes oldest first', async () => {
    await db.parcels.bulkPut([parcel({ assignment: 'a2', queued_at: 2 }), parcel({ assignment: 'a1', queued_at: 1 })])
    await send(db, server, now)
    expect(server.calls).toEqual(['submit a1 0', 'submit a2 0'])
  })

  it('stops without a network, keeps everything and waits longer each time', async () => {
    await db.parcels.bulkPut([parcel(), parcel({ assignment: 'a2', queued_at: 2 })])
    server.submit = async () => {
      throw offline()
    }
    expect(await send(db, server, now)).toBe('offline')
    expect(await db.parcels.get('a1')).toMatchObject({ tries: 1, next_at: 1_000 + wait(1), trouble: 'network' })
    expect(await db.parcels.get('a2')).toMatchObject({ tries: 0 })
    expect(await send(db, server, now)).toBe('offline')
    expect((await db.parcels.get('a1'))?.tries).toBe(1)
  })

  it('sends at once when a person asks, whatever the waiting time', async () => {
    await db.parcels.put(parcel({ next_at: 99_000 }))
    expect(await send(db, server, now)).toBe('done')
    expect(server.calls).toEqual([])
    await send(db, server, { ...now, force: true })
    expect(server.calls).toEqual(['submit a1 0'])
  })

  it('says when the login has run out', async () => {
    await db.parcels.put(parcel())
    server.submit = async () => {
      throw new ApiError('account.session', '请重新登录', 401)
    }
    expect(await send(db, server, now)).toBe('login')
    expect(await db.parcels.count()).toBe(1)
  })

  it('keeps a refused form with the reason and goes on with the next', async () => {
    await db.parcels.bulkPut([parcel(), parcel({ assignment: 'a2', queued_at: 2 })])
    const submit = server.submit
    server.submit = async (p) => {
      if (p.assignment === 'a1') throw new ApiError('web.too_large', '表格太大', 413)
      return submit(p)
    }
    expect(await send(db, server, now)).toBe('done')
    expect(await db.parcels.toArray()).toMatchObject([
      { assignment: 'a1', trouble: 'web.too_large', detail: '表格太大' },
    ])
    expect(await db.receipts.count()).toBe(1)
  })

  it('sends a picture again that the server misses', async () => {
    const sha256 = 'c'.repeat(64)
    await db.pictures.put({ sha256, blob: new Blob(['x']), assignment: 'a1', taken_at: 1 })
    server.needs = [`${sha256}.jpg`]
    await db.parcels.put(parcel({ pictures: [] }))
    await send(db, server, now)
    expect(server.calls).toEqual(['submit a1 0', `file ${sha256}`, 'submit a1 0'])
    expect(await db.receipts.toArray()).toMatchObject([{ revision: 1, missing_files: [] }])
  })

  it('leaves a draft alone that was taken back while it was on its way', async () => {
    await db.drafts.put({ ...parcel(), page: '', updated_at: 1 })
    await db.parcels.put(parcel())
    const submit = server.submit
    server.submit = async (p) => {
      await db.parcels.delete('a1')
      return submit(p)
    }
    await send(db, server, now)
    expect(await db.drafts.count()).toBe(1)
    expect(await db.receipts.count()).toBe(1)
  })
})

it.each([
  [1, 5_000],
  [2, 10_000],
  [20, 600_000],
])('after %i failures the phone waits %i ms', (tries, ms) => {
  expect(wait(tries)).toBe(ms)
})
