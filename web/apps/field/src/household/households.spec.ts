import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FieldDb } from '../store/db'
import { assignment, parcel, pkg, openDb } from '../test/make'
import { grouped, households, matches } from './households'

let db: FieldDb
beforeEach(async () => (db = await openDb()))

const at = (id: string, date: string, village: string) => {
  const a = assignment({ id, date })
  return { ...a, household: { ...a.household, village: { ...a.household.village, code: village, name: village } } }
}

describe('the list of households', () => {
  it('is by day, then village; without what was given to somebody else', async () => {
    const list = [at('a3', '2026-04-14', '1'), at('a2', '2026-04-13', '2'), at('a1', '2026-04-13', '1')]
    const { rows } = await households(db, pkg({ assignments: [...list, assignment({ id: 'x', state: 'replaced' })] }))
    expect(rows.map((r) => r.assignment.id)).toEqual(['a1', 'a2', 'a3'])
    expect(grouped(rows, 'village', '2026-04-14').map((g) => [g.title, g.rows.length])).toEqual([
      ['1', 2],
      ['2', 1],
    ])
  })

  it('has today first, then the days to come, then the past, latest first', async () => {
    const days = ['2026-04-13', '2026-04-14', '2026-04-15', '2026-04-16', '2026-04-17']
    const { rows } = await households(db, pkg({ assignments: days.map((d) => at(d, d, '1')) }))
    expect(grouped(rows, 'day', '2026-04-15').map((g) => g.key.slice(-2))).toEqual(['15', '16', '17', '14', '13'])
  })

  it('still shows what is on the phone when its assignment has gone', async () => {
    await db.parcels.put(parcel({ assignment: 'gone' }))
    await db.drafts.put({ ...parcel({ assignment: 'gone' }), page: '', updated_at: 0 })
    await db.drafts.put({ ...parcel({ assignment: 'a1' }), page: '', updated_at: 0 })
    const { rows, orphans } = await households(db, pkg())
    expect(rows.map((r) => r.state)).toEqual(['draft'])
    expect(orphans).toMatchObject([{ assignment: 'gone', queued: true }])
  })

  it('knows by the server’s word what the partner’s phone has sent', async () => {
    const submission = {
      instance_id: 'uuid:9',
      revision: 2,
      state: 'review',
      digest: 'e',
      received_at: '',
      form_hash: 'f',
      capture: '',
    }
    const { rows } = await households(db, pkg({ assignments: [assignment({ state: 'submitted', submission })] }))
    expect(rows).toMatchObject([{ state: 'received', receipt: { revision: 2, digest: 'e', state: 'received' } }])
  })

  it.each([
    ['测试', true],
    ['0001', true],
    [' 甲村 ', true],
    ['', true],
    ['别人', false],
  ])('is searched by name, code, village: %j', async (typed, want) => {
    const [row] = (await households(db, pkg())).rows
    expect(row && matches(row, typed)).toBe(want)
  })
})
