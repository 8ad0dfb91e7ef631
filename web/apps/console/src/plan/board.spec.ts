import { describe, expect, it } from 'vitest'
import type { Board, BoardCell } from '@ruhu/api'
import { indexBoard, whyNot, type Place } from './board'

const region = (n: number) => ({ code: `99010110120${n}`, name: `v${n}`, level: 'village', parent: '990101101000' })
const cell = (team: string, date: string, v: number, more: Partial<BoardCell> = {}): BoardCell => ({
  team,
  date,
  village: region(v),
  households: 4,
  movable: 4,
  remote: 0,
  agreed: 0,
  problem: '',
  ...more,
})
const day = (date: string, more = {}) => ({
  date,
  works: true,
  name: '',
  assumed: false,
  planned: true,
  off: '',
  ...more,
})
const team = (id: string, more = {}) => ({
  id,
  name: `team ${id}`,
  dropped: false,
  reason: '',
  households: 4,
  done: 0,
  off: [],
  ...more,
})

const board: Board = {
  from: '2026-03-02',
  to: '2026-03-06',
  households_per_day: 10,
  villages_per_day: 2,
  no_swaps: false,
  days: [
    day('2026-03-02'),
    day('2026-03-03', { off: 'market' }),
    day('2026-03-04', { planned: false, works: false, name: 'feast' }),
    day('2026-03-05'),
    day('2026-03-06', { planned: false, works: false }),
  ],
  teams: [
    team('a'),
    team('b', { off: [{ date: '2026-03-05', reason: 'training' }] }),
    team('c', { dropped: true, reason: 'ill' }),
    team('d'),
  ],
  cells: [
    cell('a', '2026-03-02', 1),
    cell('a', '2026-03-02', 2),
    cell('b', '2026-03-02', 3, { households: 8, movable: 3 }),
    cell('d', '2026-03-02', 4, { households: 3, movable: 3 }),
    cell('d', '2026-03-05', 5, { movable: 0 }),
    cell('d', '2026-03-06', 5),
  ],
  blocks: [{ team: 'b', village: region(1).code, code: 'assign.own_village', message: 'home' }],
  unplanned: [],
  quality: { least: 0, most: 0, km: null },
}
const ix = indexBoard(board)
const card = (i: number) => board.cells[i] as BoardCell

describe('the plan board', () => {
  it.each<[string, number, Place, string]>([
    ['where it is', 0, { team: 'a', date: '2026-03-02' }, 'no_same'],
    ['a home village', 0, { team: 'b', date: '2026-03-02' }, 'home'],
    ['a team that has dropped out', 0, { team: 'c', date: '2026-03-02' }, 'no_dropped'],
    ['a day off for everybody', 0, { team: 'a', date: '2026-03-03' }, 'no_off'],
    ['a holiday', 0, { team: 'a', date: '2026-03-04' }, 'no_holiday'],
    ['a weekend', 0, { team: 'a', date: '2026-03-06' }, 'no_weekend'],
    ['a day outside the stage', 0, { team: 'a', date: '2026-03-09' }, 'no_day'],
    ['a day off of the team', 1, { team: 'b', date: '2026-03-05' }, 'no_off'],
    ['a day that is full', 1, { team: 'b', date: '2026-03-02' }, 'no_full'],
    ['a third village on a day', 3, { team: 'a', date: '2026-03-02' }, 'no_full'],
    ['what has begun', 4, { team: 'a', date: '2026-03-05' }, 'no_begun'],
  ])('refuses %s', (_, i, to, want) => {
    const why = whyNot(ix, card(i), to)
    expect(why && 'message' in why ? why.message : why?.key).toBe(want)
  })

  it('counts villages of a day, and those reached by other means not at all', () => {
    const small = indexBoard({ ...board, households_per_day: 20 })
    expect(whyNot(small, card(3), { team: 'a', date: '2026-03-02' })).toMatchObject({ key: 'no_villages' })
    const remote = { ...card(3), remote: 3 }
    expect(whyNot(small, remote, { team: 'a', date: '2026-03-02' })).toBeNull()
  })

  it('lets what is allowed', () => {
    expect(whyNot(ix, card(0), { team: 'a', date: '2026-03-05' })).toBeNull()
    expect(whyNot(ix, card(2), { team: 'd', date: '2026-03-02' })).toBeNull() // three of the eight are open
  })

  it('shows days that are planned on or have visits', () => {
    expect(ix.days.map((d) => d.date)).toEqual(['2026-03-02', '2026-03-03', '2026-03-05', '2026-03-06'])
    expect(ix.villages.map((v) => v.households)).toEqual([4, 4, 8, 3, 8])
  })
})
