import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import { households } from '../household/households'
import type { FieldDb } from '../store/db'
import { assignment, openDb, parcel, pkg } from '../test/make'
import { MemoryServer, runWith } from '../test/server'
import { once } from './once'
import { verdictOf } from './sent'
import type { SentList } from '../store/rows'

let db: FieldDb
let server: MemoryServer
const submission = {
  instance_id: 'uuid:first',
  revision: 1,
  state: 'review',
  digest: 'e',
  received_at: '',
  form_hash: 'f',
  capture: 'paper',
}

beforeEach(async () => {
  db = await openDb()
  server = new MemoryServer()
  server.package = pkg({ assignments: [assignment({ state: 'submitted', submission })] })
  await db.parcels.put(parcel({ id: 'uuid:a1', instance_id: 'uuid:a1', xml: '<data>2</data>', second: true }))
})
const sync = (force = false) => once(db, runWith(server), force)
const says = (state: string, differs: string[] = []) => {
  server.sentForms = server.sentForms.map((s) => ({ ...s, second: { state, differs } }))
}
const mine = () => db.returned.get('a1')

it('stays on the phone as it was sent until it is known how it compares', async () => {
  await sync()
  expect(await mine()).toMatchObject({ revision: 1, xml: '<data>2</data>', second: true })
  const [row] = (await households(db, server.package)).rows
  // The form that stands is the first one.
  expect(row).toMatchObject({ state: 'received', receipt: { instance_id: 'uuid:first' }, second: { second: true } })
  expect(verdictOf(await db.setting<SentList>('sent'), row?.second ?? submission)).toBeNull()
})

it('is asked about until the server has said so, and then it goes', async () => {
  await sync()
  says('open', ['/data/q2'])
  await sync()
  const list = await db.setting<SentList>('sent')
  expect(verdictOf(list, { instance_id: 'uuid:a1', revision: 1 })?.differs).toEqual(['/data/q2'])
  expect(await mine()).toBeDefined()
  says('same')
  await sync()
  expect(await mine()).toBeUndefined()
  server.calls = []
  await sync()
  expect(server.calls.filter((c) => c.startsWith('sent'))).toEqual(['sent ']) // once, and nothing is written
})

it('gives way to the first form when that is returned', async () => {
  await sync()
  const xml = '<data>1</data>'
  const digest = await server.publish(xml, () => '/field/instances/s1')
  const returned = { by_name: '', note: '', at: '', revision: 1, comments: [] } as never
  server.package.assignments = [
    assignment({
      state: 'returned',
      submission: { ...submission, digest },
      returned,
      instance_url: '/field/instances/s1',
    }),
  ]
  await sync()
  expect(await mine()).toEqual({ assignment: 'a1', revision: 1, xml, form_hash: 'f' })
})
