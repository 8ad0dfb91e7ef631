import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '@ruhu/api'
import { clockOffset } from '../badge/clock'
import { badgeKey } from '../badge/key'
import type { FieldDb } from '../store/db'
import { FullError } from '../store/store'
import { readBundle } from '../vault/bundle'
import { noteOffice } from '../vault/vault'
import { offline, openDb, parcel } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { knock, once } from './once'
import { unknownTo } from './sent'

let db: FieldDb
let server: MemoryServer

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  server.package = { ...server.package, forms: [], assignments: [] }
})

const kinds = () => server.calls.map((c) => c.split(' ')[0])

describe('a run of the sync', () => {
  it('sends forms, then asks what is new, then reads the server’s list', async () => {
    await db.parcels.put(parcel())
    expect(await once(db, runWith(server), false)).toBeNull()
    expect(kinds()).toEqual(['forms', 'manifest', 'pull', 'sent'])
    expect(await db.setting('synced_at')).toBe(1_000)
  })

  it('sends what was asked, in its order; what is not taken stays with its reason', async () => {
    const say = { item: 'q', text: 'x', assignment: 'a1', ref: '/d/a', label: '' }
    await db.says.put(
      { ...say, id: 't2', action: 'close', said_at: 2 },
      { ...say, id: 't1', action: 'ask', said_at: 1 },
    )
    await once(db, runWith(server), false)
    expect(server.said.map((s) => s.action)).toEqual(['ask', 'close'])
    expect(server.said[0]).not.toHaveProperty('said_at')
    expect(kinds().indexOf('say')).toBeLessThan(kinds().indexOf('manifest'))
    expect(await db.unsent()).toMatchObject({ queued: 0 })
    server.say = () => Promise.reject(new ApiError('query.no_assignment', '不在任务里', 404))
    await db.says.put({ ...say, id: 't3', action: 'ask', said_at: 3 })
    expect(await once(db, runWith(server), false)).toBeNull()
    expect((await db.refused.get('t3'))?.why).toBe('不在任务里')
    expect(await db.unsent()).toMatchObject({ queued: 0 })
  })

  it('tells the key of its badges, and hears whether it is known and how late it is', async () => {
    const hello = server.hello
    server.hello = async (r) => ({ ...(await hello(r)), server_time: '1970-01-01T00:02:01.000Z' })
    await once(db, runWith(server), false)
    const { point, known } = await badgeKey(db)
    expect([...server.badges]).toEqual([point])
    expect([known, await clockOffset(db)]).toEqual([true, 120_000])
    server.hello = async (r) => ({ ...(await hello(r)), badge: false })
    await once(db, runWith(server), false)
    expect((await badgeKey(db)).known).toBe(false)
  })

  it('sends forms from a phone that has no room for a key', async () => {
    await db.parcels.put(parcel())
    const set = db.set
    db.set = async (key, value) => (key === 'badge' ? Promise.reject(new FullError('no room')) : set(key, value))
    expect(await once(db, runWith(server), false)).toBeNull()
    expect([...server.badges]).toEqual([''])
    expect(await db.parcels.count()).toBe(0)
  })

  it('gets nothing new for a phone that was given up, but sends what is on it', async () => {
    server.order.replaced = true
    await db.parcels.put(parcel())
    expect(await once(db, runWith(server), false)).toBe('replaced')
    expect(kinds()).toEqual(['forms', 'sent'])
  })

  it('clears the phone on the office’s order once everything has arrived', async () => {
    server.order.wipe = true
    await db.parcels.put(parcel())
    let cleared = 0
    const run = { ...runWith(server), clear: async () => void cleared++ }
    await once(db, run, false)
    expect([cleared, server.calls.at(-1)]).toEqual([1, 'wiped'])
  })

  it('does not clear a phone with a form that was refused', async () => {
    server.order.wipe = true
    server.sendForms = async ({ forms }) =>
      forms.map((f) => ({ digest: f.digest, receipt: null, code: 'x', detail: '' }))
    await db.parcels.put(parcel())
    const run = { ...runWith(server), clear: () => Promise.reject(new Error('cleared')) }
    await once(db, run, false)
    expect(await db.parcels.count()).toBe(1)
  })

  it('leaves drafts with the office as a package before it clears', async () => {
    server.order.wipe = true
    await db.drafts.put({ ...parcel(), page: '', updated_at: 1 })
    await noteOffice(db, { id: '01970000-0000-7000-8000-000000000001', point: '' })
    await db.vaults.update('vault', {
      envelope: { key: '01970000-0000-7000-8000-000000000001', point: '', nonce: '', wrapped: '' },
    })
    let cleared = 0
    await once(db, { ...runWith(server), clear: async () => void cleared++ }, false)
    expect(kinds().slice(-3)).toEqual(['part', 'deposit', 'wiped'])
    expect([cleared, server.files.size]).toEqual([1, 1])
  })
})

describe('a locked phone', () => {
  const office = async () =>
    db.vaults.update('vault', {
      envelope: { key: '01970000-0000-7000-8000-000000000001', point: '', nonce: '', wrapped: '' },
    })
  let cleared: number
  const run = () => knock(db, { ...runWith(server), clear: async () => void cleared++ })
  beforeEach(() => {
    cleared = 0
  })

  it('reports itself and does nothing else while no order is there', async () => {
    await db.parcels.put(parcel())
    await db.lock()
    await run()
    expect([cleared, server.calls]).toEqual([0, []])
  })

  it('clears itself on the office’s order without the PIN', async () => {
    server.order.wipe = true
    await db.lock()
    await run()
    expect([cleared, server.calls]).toEqual([1, ['wiped']])
  })

  it('leaves forms, drafts and pictures as a package first, which it cannot send', async () => {
    server.order.wipe = true
    await db.parcels.put(parcel())
    await db.drafts.put({ ...parcel({ assignment: 'a2' }), page: '', updated_at: 1 })
    await office()
    await db.lock()
    await run()
    expect([cleared, kinds()]).toEqual([1, ['part', 'deposit', 'wiped']])
    const [file] = [...server.files.values()]
    const { rows } = await readBundle(new Blob([(file ?? new Uint8Array()).slice()]))
    expect(rows.map((x) => x.t)).toEqual(['parcels', 'drafts'])
  })

  it('is not cleared while nobody could read what it leaves, or nothing arrives', async () => {
    server.order.wipe = true
    await db.parcels.put(parcel())
    await db.lock()
    await expect(run()).rejects.toBe('office')
    await office()
    server.deposit = () => Promise.reject(offline())
    await expect(run()).rejects.toThrow('web.offline')
    expect(cleared).toBe(0)
  })
})

describe('the server’s list', () => {
  it('finds receipts that the server has lost, once it has listed everything', async () => {
    await db.parcels.put(parcel())
    await once(db, runWith(server), false)
    const receipts = await db.receipts.all()
    const list = { cursor: '', whole_at: Date.parse('2026-05-01'), items: server.sentForms }
    expect(unknownTo(list, receipts)).toEqual([])
    expect(unknownTo({ ...list, items: [] }, receipts)).toEqual(receipts)
    expect(unknownTo({ ...list, items: [], whole_at: 0 }, receipts)).toEqual([]) // they came after it was made
    const changed = server.sentForms.map((s) => ({ ...s, digest: 'f'.repeat(64) }))
    expect(unknownTo({ ...list, items: changed }, receipts)).toEqual(receipts)
  })

  it('is read in parts, and whole when a person asks', async () => {
    const pages: Record<string, { n: number; next: string }> = { '': { n: 1, next: 'c1' }, c1: { n: 2, next: '' } }
    const item = (n: number) => ({
      instance_id: `i${n}`,
      revision: 1,
      digest: '',
      received_at: '',
      state: '',
      assignment: '',
      current: 1,
      missing_files: [],
      second: null,
    })
    const asked: string[] = []
    server.sent = async (cursor) => {
      asked.push(cursor)
      const p = pages[cursor] ?? { n: 0, next: '' }
      return { items: [item(p.n)], next: p.next }
    }
    await once(db, runWith(server), false)
    await once(db, runWith(server), false)
    await once(db, runWith(server), true)
    expect(asked).toEqual(['', 'c1', 'c1', '', 'c1'])
    expect(await db.setting('sent')).toMatchObject({ items: [{ instance_id: 'i1' }, { instance_id: 'i2' }] })
  })
})
