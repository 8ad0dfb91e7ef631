import 'fake-indexeddb/auto'
import { ApiError } from '@ruhu/api'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FieldDb } from '../store/db'
import { assignment, openDb, parcel, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { once } from './once'

let db: FieldDb
let server: MemoryServer

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  server.package = pkg({
    forms: [],
    assignments: [assignment({ form_hash: '' }), assignment({ id: 'a2', form_hash: '' })],
  })
  await once(db, runWith(server), false)
  server.calls = []
})

const draft = () => db.drafts.put({ ...parcel(), page: '', updated_at: 1 })
const sync = () => once(db, runWith(server), false)
const said = (what: string) => server.calls.filter((c) => c.startsWith(what))

describe('what a phone says of its work', () => {
  it('tells once that it has begun', async () => {
    await draft()
    await sync()
    await sync()
    expect(said('begin')).toEqual(['begin a1'])
  })

  it('gives back what the team can’t do, and has it no more', async () => {
    await db.given.put({ assignment: 'a2', reason: '是组员的亲戚' })
    await sync()
    expect(said('give')).toEqual(['give-back a2 是组员的亲戚'])
    expect((await db.package())?.assignments.map((a) => a.id)).toEqual(['a1'])
    expect(await db.given.all()).toEqual([])
  })

  it('gives it back from a phone that was given up, too', async () => {
    server.order.replaced = true
    await db.given.put({ assignment: 'a2', reason: 'x' })
    await sync()
    expect([said('give'), await db.given.count()]).toEqual([['give-back a2 x'], 0])
  })

  it('keeps it without a network and sends it the next time', async () => {
    await db.given.put({ assignment: 'a2', reason: 'x' })
    const send = server.giveBack
    server.giveBack = () => Promise.reject(new ApiError('web.offline', '', 0))
    await expect(sync()).rejects.toThrow()
    expect(await db.given.count()).toBe(1)
    server.giveBack = send
    await sync()
    expect(said('give')).toHaveLength(1)
  })

  it('keeps the sentence of a refusal, does not ask again, and does all else', async () => {
    await db.given.put({ assignment: 'a2', reason: 'x' })
    server.giveBack = async () => {
      server.calls.push('give-back refused')
      throw new ApiError('assign.begun', '已经开始', 409)
    }
    await sync()
    await sync()
    expect(said('give')).toHaveLength(1)
    expect(await db.given.all()).toEqual([{ assignment: 'a2', reason: 'x', trouble: '已经开始' }])
    expect(await db.unsent()).toMatchObject({ queued: 0 })
    expect(said('manifest')).toHaveLength(2)
  })

  it('does not send what is withdrawn before its turn, and lets nothing come back by writing over it', async () => {
    await db.given.put({ assignment: 'a1', reason: 'x' }, { assignment: 'a2', reason: 'y' })
    const send = server.giveBack
    server.giveBack = async (id, reason) => {
      await db.given.delete('a2')
      return send(id, reason)
    }
    await sync()
    expect(said('give')).toEqual(['give-back a1 x'])
    expect(await db.given.all()).toEqual([])
  })

  it('withdrawn while it is on its way is refused without a word, and goes from the list when it is not', async () => {
    await db.given.put({ assignment: 'a2', reason: 'x' })
    const send = server.giveBack
    server.giveBack = async (id, reason) => {
      await db.given.delete(...(await db.given.keys()))
      if (said('give').length === 0) {
        server.calls.push('give-back refused')
        throw new ApiError('assign.begun', '已经开始', 409)
      }
      return send(id, reason)
    }
    await sync()
    expect([await db.given.all(), (await db.package())?.assignments.length]).toEqual([[], 2])
    await db.given.put({ assignment: 'a2', reason: 'x' })
    await sync()
    expect([await db.given.all(), (await db.package())?.assignments.length]).toEqual([[], 1])
  })

  it('does not give back what was begun after all', async () => {
    await draft()
    await db.given.put({ assignment: 'a1', reason: 'x' })
    await sync()
    expect([said('give'), await db.given.all()]).toEqual([[], []])
  })
})
