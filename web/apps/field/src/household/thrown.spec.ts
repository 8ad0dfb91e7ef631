import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import type { FieldDb } from '../store/db'
import type { Draft } from '../store/rows'
import { openDb, parcel, picture } from '../test/make'
import { bringBack, forgetThrown, KEPT, throwAway } from './thrown'

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)]
let db: FieldDb
const draft = (over: Partial<Draft> = {}): Draft => ({
  assignment: 'a1',
  label: parcel().label,
  form_hash: 'f1',
  xml: `<data>${A}.jpg</data>`,
  page: '',
  base: 0,
  updated_at: 5,
  ...over,
})

beforeEach(async () => {
  db = await openDb()
  await db.drafts.put(draft())
  await db.pictures.put(picture({ sha256: A }), picture({ sha256: B, due: 7 }))
})

it('is out of the way and comes back as it was', async () => {
  await throwAway(db, 'a1', 10)
  expect([await db.drafts.count(), await db.unsent()]).toEqual([0, { queued: 0, drafts: 0, media: 1 }])
  const [t] = await db.thrown.of('a1')
  await bringBack(db, t?.id ?? '', 20)
  expect([await db.drafts.all(), await db.thrown.count()]).toEqual([[draft()], 0])
})

it('changes places with a draft that was begun since', async () => {
  await throwAway(db, 'a1', 10)
  await db.drafts.put(draft({ xml: '<newer/>', updated_at: 15 }))
  await bringBack(db, 'a1 10', 20)
  expect((await db.drafts.get('a1'))?.xml).toContain(A)
  expect((await db.thrown.all()).map((t) => [t.id, t.draft.xml])).toEqual([['a1 20', '<newer/>']])
})

it('is forgotten after a day, with the pictures that only it names', async () => {
  await throwAway(db, 'a1', 10)
  await forgetThrown(db, 10 + KEPT - 1)
  expect([await db.thrown.count(), await db.pictures.count()]).toEqual([1, 2])
  await forgetThrown(db, 10 + KEPT)
  expect([await db.thrown.count(), await db.pictures.keys()]).toEqual([0, [B]])
})

it('leaves the pictures that the next draft names', async () => {
  await throwAway(db, 'a1', 10)
  await db.drafts.put(draft({ updated_at: 15 }))
  await forgetThrown(db, 10 + KEPT)
  expect((await db.pictures.keys()).sort()).toEqual([A, B])
})
