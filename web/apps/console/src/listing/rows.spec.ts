import { expect, it } from 'vitest'
import type { ListingHousehold, ListingProposal } from '@ruhu/api'
import type { Draft } from './outbox'
import { countViews, matches, rowsOf } from './rows'

const household = (id: string, head: string, initials: string[], proposal?: Partial<ListingProposal>) =>
  ({
    id,
    code: id,
    group: '一组',
    head_name: head,
    state: 'listed',
    initials,
    members: [{ name: '曾秀兰' }],
    version: 1,
    seen: 0,
    proposal: proposal ? { state: 'open', ...proposal } : null,
  }) as ListingHousehold
const draft = (household: string, action: string, name = ''): Draft => ({
  proposal: `p-${household}`,
  household,
  name,
  input: { action, household_id: household },
  before: [],
})
const items = [
  household('1', '田福成', ['tfc', 'zxl', 'cxl']),
  household('2', '蒋明辉', ['jmh'], { action: 'confirm' }),
  household('3', '潘玉珍', ['pyz'], { action: 'strike', state: 'returned' }),
]

it('puts what is still on this device over what the server knows', () => {
  const rows = rowsOf(items, [draft('1', 'correct'), draft('9', 'add', '余春林'), draft('8', 'strike')])
  expect(rows.map((r) => [r.h.head_name, r.said])).toEqual([
    ['田福成', 'correct'],
    ['蒋明辉', 'confirm'],
    ['潘玉珍', 'returned'],
    ['余春林', 'add'],
  ])
  expect(countViews(rows)).toEqual({ todo: 1, done: 3, changed: 2, all: 4 })
})

it('finds by initials, also of members and other readings, by name and by code', () => {
  const [row] = rowsOf(items, [])
  if (!row) throw new Error('no row')
  for (const q of ['t', 'TFC', 'cxl', '福成', '秀兰', '一组', '1', '']) expect(matches(row, q), q).toBe(true)
  for (const q of ['fc', '蒋', '2']) expect(matches(row, q), q).toBe(false)
})
