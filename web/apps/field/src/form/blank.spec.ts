import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import { openDb } from '../test/make'
import { keepBlank } from './blank'

vi.mock('./engine', () => ({ textOf: (hash: string) => (hash === 'f1' ? '<form/>' : undefined) }))

it('writes the questionnaire of a draft anew when it was dropped under the open form', async () => {
  const db = await openDb()
  await keepBlank(db, 'f1')
  expect(await db.blanks.all()).toEqual([{ hash: 'f1', xml: '<form/>' }])
})

it('leaves one that is there as it is, and invents none', async () => {
  const db = await openDb()
  await db.blanks.put({ hash: 'f1', xml: '<form>as it came</form>' })
  await keepBlank(db, 'f1')
  await keepBlank(db, 'f2')
  expect(await db.blanks.all()).toEqual([{ hash: 'f1', xml: '<form>as it came</form>' }])
})
