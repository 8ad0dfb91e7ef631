// What the plan board knows: who is where, and whether something may be put down in a place. The server has the last word; what it can't know
// here (kin of single households, appointments, swaps) comes with its answer.
import type { Board, BoardCell, BoardDay, BoardTeam } from '@ruhu/api'

export interface Place {
  team: string
  date: string
}

/** A sentence: the server's own, or a key of `board` with what it speaks of. */
export type Why = { message: string } | { key: string; with: Record<string, string | number> }

export interface BoardIndex {
  board: Board
  days: BoardDay[]
  teams: Map<string, BoardTeam>
  villages: { code: string; name: string; households: number }[]
  /** By team and day, and by village and day. */
  at: Map<string, BoardCell[]>
  load: Map<string, number>
  blocks: Map<string, string>
}

export const keyOf = (row: string, date: string): string => `${row} ${date}`

export function indexBoard(board: Board): BoardIndex {
  const at = new Map<string, BoardCell[]>()
  const load = new Map<string, number>()
  const villages = new Map<string, { code: string; name: string; households: number }>()
  const busy = new Set<string>()
  for (const c of board.cells) {
    for (const key of [keyOf(c.team, c.date), keyOf(c.village.code, c.date)]) {
      const list = at.get(key)
      if (list) list.push(c)
      else at.set(key, [c])
      load.set(key, (load.get(key) ?? 0) + c.households)
    }
    const v = villages.get(c.village.code) ?? { code: c.village.code, name: c.village.name, households: 0 }
    v.households += c.households
    villages.set(v.code, v)
    busy.add(c.date)
  }
  return {
    board,
    at,
    load,
    days: board.days.filter((d) => d.planned || busy.has(d.date)),
    teams: new Map(board.teams.map((x) => [x.id, x])),
    villages: [...villages.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
    blocks: new Map(board.blocks.map((b) => [keyOf(b.team, b.village), b.message])),
  }
}

/** Why the open households of a cell may not go to a place; null when nothing here forbids it. */
export function whyNot(ix: BoardIndex, card: BoardCell, to: Place): Why | null {
  const { board } = ix
  if (card.movable === 0) return { key: 'no_begun', with: {} }
  if (card.team === to.team && card.date === to.date) return { key: 'no_same', with: {} }
  const team = ix.teams.get(to.team)
  if (!team || team.dropped) return { key: 'no_dropped', with: { team: team?.name ?? '', reason: team?.reason ?? '' } }
  const blocked = ix.blocks.get(keyOf(to.team, card.village.code))
  if (blocked) return { message: blocked }
  const day = board.days.find((d) => d.date === to.date)
  if (!day) return { key: 'no_day', with: {} }
  if (!day.planned) return day.name ? { key: 'no_holiday', with: { name: day.name } } : { key: 'no_weekend', with: {} }
  const off = day.off || team.off.find((d) => d.date === to.date)?.reason
  if (off) return { key: 'no_off', with: { team: team.name, reason: off } }
  const there = ix.load.get(keyOf(to.team, to.date)) ?? 0
  if (there + card.movable > board.households_per_day)
    return { key: 'no_full', with: { n: there, more: card.movable, limit: board.households_per_day } }
  if (board.villages_per_day > 0 && card.remote < card.households) {
    const seen = new Set(
      (ix.at.get(keyOf(to.team, to.date)) ?? []).filter((c) => c.remote < c.households).map((c) => c.village.code),
    )
    seen.add(card.village.code)
    if (seen.size > board.villages_per_day) return { key: 'no_villages', with: { limit: board.villages_per_day } }
  }
  return null
}
