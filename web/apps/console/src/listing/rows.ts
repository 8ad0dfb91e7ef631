// The list as a village sees it: what the server knows, with the answers on top that are still on this device.
import type { ListingHousehold } from '@ruhu/api'
import type { Draft } from './outbox'

/** What was said about a household last; todo: nothing, or what was said came back. */
export type Said = 'todo' | 'returned' | 'confirm' | 'correct' | 'add' | 'strike' | 'merge' | 'split'

export interface Row {
  h: ListingHousehold
  said: Said
  draft?: Draft
}

export type View = 'todo' | 'done' | 'changed' | 'all'

function said(h: ListingHousehold, draft?: Draft): Said {
  if (draft) return draft.input.action as Said
  if (!h.proposal || h.proposal.state === 'withdrawn') return 'todo'
  return h.proposal.state === 'returned' ? 'returned' : (h.proposal.action as Said)
}

/** A new household that only this device knows of. */
function added(d: Draft): ListingHousehold {
  const names = (d.input.edit?.members ?? []).map((m) => m.set?.name ?? '')
  return {
    id: d.household,
    code: d.input.code ?? '',
    group: d.input.edit?.set?.group ?? '',
    head_name: d.name,
    head_id_number: '',
    phone: '',
    class: d.input.edit?.set?.class ?? '',
    exit_year: 0,
    size: names.length,
    tags: [],
    state: 'listed',
    struck: '',
    origin: d.input.off_system ? 'off_system' : 'listing',
    version: 0,
    members: [],
    initials: [],
    seen: 0,
    proposal: null,
  }
}

export function rowsOf(items: ListingHousehold[], box: Draft[]): Row[] {
  const rest = new Map(box.map((d) => [d.household, d]))
  const rows: Row[] = items.map((h) => {
    const draft = rest.get(h.id)
    rest.delete(h.id)
    return { h, said: said(h, draft), draft }
  })
  for (const draft of rest.values())
    if (draft.input.action === 'add') rows.push({ h: added(draft), said: 'add', draft })
  return rows
}

const left = (r: Row) => (r.said === 'todo' || r.said === 'returned') && r.h.state !== 'struck'

export function inView(r: Row, view: View): boolean {
  switch (view) {
    case 'todo':
      return left(r)
    case 'done':
      return !left(r)
    case 'changed':
      return !left(r) && (r.said !== 'confirm' || r.h.state === 'struck')
    default:
      return true
  }
}

export function countViews(rows: Row[]): Record<View, number> {
  const n = { todo: 0, done: 0, changed: 0, all: rows.length }
  for (const r of rows) for (const v of ['todo', 'done', 'changed'] as const) if (inView(r, v)) n[v]++
  return n
}

/** By name, household code, group, or the first letters of the pinyin of the head's or a member's name. */
export function matches(r: Row, q: string): boolean {
  const text = q.trim().toLowerCase()
  if (text === '') return true
  const { h } = r
  return (
    h.initials.some((i) => i.startsWith(text)) ||
    [h.head_name, h.code, h.group, ...h.members.map((m) => m.name)].some((s) => s.toLowerCase().includes(text))
  )
}
