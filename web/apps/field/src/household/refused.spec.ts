import 'fake-indexeddb/auto'
import { ApiError } from '@ruhu/api'
import { beforeEach, expect, it } from 'vitest'
import { standing } from '../form/queries'
import type { FieldDb } from '../store/db'
import type { Say } from '../store/rows'
import { openDb, parcel } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { sendSays } from '../sync/tell'
import { putAside } from './refused'

let db: FieldDb
let server: MemoryServer
const said = (over: Partial<Say> = {}): Say => ({
  id: 't1',
  item: 'q',
  action: 'ask',
  text: '怎么填',
  assignment: 'a1',
  ref: '/d/a',
  label: '甲题',
  said_at: 1,
  ...over,
})
const send = () => sendSays(db, runWith(server))
const refuse = (status: number) =>
  (server.say = () => Promise.reject(new ApiError('query.no_assignment', '不在任务里', status)))

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  await db.drafts.put({ ...parcel(), page: '', updated_at: 1 })
})

it('holds neither the form nor the phone, and is told with its reason until somebody has read it', async () => {
  await db.says.put(said())
  refuse(404)
  await send()
  expect(await db.unsent()).toMatchObject({ queued: 0, drafts: 1 })
  expect(standing([], await db.says.of('a1'), '我')).toEqual([])
  const row = { id: 't1', text: '怎么填', why: '不在任务里', household: parcel().label, read: false }
  expect(await db.refused.of('a1')).toMatchObject([row])
  await putAside(db, 't1')
  expect(await db.refused.all()).toMatchObject([{ ...row, read: true }])
})

it.each([401, 408, 429, 0])('waits after a %s, which is no last word', async (status) => {
  await db.says.put(said())
  refuse(status)
  await expect(send()).rejects.toThrow()
  expect([await db.says.count(), await db.refused.count()]).toEqual([1, 0])
})

it('takes along what was said of a query that was not accepted, and sends the rest', async () => {
  const { say } = server
  server.say = (s) => (s.item === 'q' ? Promise.reject(new ApiError('query.no_assignment', '不在任务里', 404)) : say(s))
  await db.says.put(
    said(),
    said({ id: 't2', action: 'withdraw', text: '看错了', said_at: 2 }),
    said({ id: 't3', item: 'p', said_at: 3 }),
  )
  await send()
  expect(server.said.map((s) => s.id)).toEqual(['t3'])
  // Its withdrawal says nothing new: it is kept, and nobody has to read it.
  expect((await db.refused.all()).map((r) => [r.id, r.read, r.why])).toEqual([
    ['t1', false, '不在任务里'],
    ['t2', true, '不在任务里'],
  ])
})
