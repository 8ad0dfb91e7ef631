import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { assignment, openDb, pkg } from '../test/make'
import { missing } from './ready'

it('tells what has to be downloaded before one may leave: app, list, questionnaires', async () => {
  const db = await openDb()
  expect(await missing(db, false)).toEqual(['app', 'list'])
  await db.set('package', pkg())
  expect(await missing(db, false)).toEqual(['app', 'forms'])
  await db.blanks.put({ hash: 'f1', xml: '<form/>' })
  expect(await missing(db, true)).toEqual([])
  expect(await missing(db, null)).toEqual([])
})

it('wants the version of a returned form too, and none of what is done', async () => {
  const db = await openDb()
  await db.blanks.put({ hash: 'f1', xml: '<form/>' })
  const submission = { form_hash: 'f0', revision: 1 } as never
  await db.set('package', pkg({ assignments: [assignment({ state: 'returned', submission })] }))
  expect(await missing(db, true)).toEqual(['forms'])
  await db.set('package', pkg({ assignments: [assignment({ state: 'done', form_hash: 'f9' })] }))
  expect(await missing(db, true)).toEqual([])
})
