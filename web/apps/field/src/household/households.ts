import type { FieldAssignment, FieldPackage } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import type { Draft, Label, Parcel, Record } from '../store/rows'
import { editedFrom } from '../sync/taken'
import { entryOf, finds } from './search'
import { stateOf, type HouseholdState } from './state'

/** A household as the list shows it. */
export interface Row {
  assignment: FieldAssignment
  state: HouseholdState
  draft: Draft | null
  /** The draft was taken back too late: this revision of it has arrived. 0: no. */
  late: number
  parcel: Parcel | null
  receipt: Record | null
  /** The newest receipt of this phone's second keying of the paper form. */
  second: Record | null
}

/** Something on the phone whose assignment has gone. */
export interface Orphan {
  assignment: string
  label: Label
  queued: boolean
}

export interface Households {
  rows: Row[]
  orphans: Orphan[]
}

/** The newest receipt on this phone, or the server's word about a form that another phone has sent. */
function newest(a: FieldAssignment, own: Record | undefined): Record | null {
  const s = a.submission
  if (!s || (own?.revision ?? 0) >= s.revision) return own ?? null
  return {
    ...s,
    state: s.state === 'quarantined' ? 'quarantined' : 'received',
    duplicate: false,
    missing_files: [],
    id: `${s.instance_id} ${s.revision}`,
    assignment: a.id,
    label: labelOf(a),
  }
}

export function labelOf(a: FieldAssignment): Label {
  const h = a.household
  return { code: h.code, head_name: h.head_name, village: h.village.name }
}

/** The package joined with what is on the phone, by date, village, group and code. Replaced assignments are left out. */
export async function households(db: FieldDb, pkg: FieldPackage | null): Promise<Households> {
  const [drafts, parcels, receipts] = await Promise.all([db.drafts.all(), db.parcels.all(), db.receipts.all()])
  const draft = new Map(drafts.map((d) => [d.assignment, d]))
  const parcel = new Map(parcels.map((p) => [p.assignment, p]))
  const receipt = new Map<string, Record>()
  const second = new Map<string, Record>()
  for (const r of receipts) {
    const to = r.second ? second : receipt
    if ((to.get(r.assignment)?.revision ?? 0) < r.revision) to.set(r.assignment, r)
  }
  const from = await editedFrom(db)
  const rows = (pkg?.assignments ?? [])
    .filter((a) => a.state !== 'replaced')
    .map((assignment) => {
      const own = draft.get(assignment.id)
      const base = own ? from(own) : 0
      const local = {
        draft: own ? { ...own, base } : null,
        late: own && base > own.base ? base : 0,
        parcel: parcel.get(assignment.id) ?? null,
        receipt: newest(assignment, receipt.get(assignment.id)),
        second: second.get(assignment.id) ?? null,
      }
      return { assignment, ...local, state: stateOf(assignment, { ...local, hasDraft: local.draft !== null }) }
    })
    .sort((a, b) => compare(sortKey(a.assignment), sortKey(b.assignment)))
  const known = new Set(rows.map((r) => r.assignment.id))
  const orphans = [...parcels, ...drafts.filter((d) => !parcel.has(d.assignment))]
    .filter((x) => !known.has(x.assignment))
    .map((x) => ({ assignment: x.assignment, label: x.label, queued: parcel.has(x.assignment) }))
  return { rows, orphans }
}

const sortKey = (a: FieldAssignment): string[] => [
  a.date,
  a.household.village.code,
  a.household.group,
  a.household.code,
]

function compare(a: string[], b: string[]): number {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? ''
    const y = b[i] ?? ''
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

/** The rows under headings: by village, or by day with today first, then what is to come, then what is past, latest first. */
export function grouped(
  rows: Row[],
  by: 'day' | 'village',
  today: string,
): { key: string; title: string; rows: Row[] }[] {
  const out = new Map<string, { key: string; title: string; rows: Row[] }>()
  for (const r of rows) {
    const { date, household } = r.assignment
    const key = by === 'day' ? date : household.village.code
    const group = out.get(key) ?? { key, title: by === 'day' ? date : household.village.name, rows: [] }
    group.rows.push(r)
    out.set(key, group)
  }
  const groups = [...out.values()].sort((a, b) => compare([a.key], [b.key]))
  if (by === 'village') return groups
  const past = groups.filter((g) => g.key < today)
  return [...groups.slice(past.length), ...past.reverse()]
}

/** Rows in blocks, for a list that shows only what is near the screen. */
export function blocks(rows: Row[], size = 20): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))
}

export const matches = (r: Row, typed: string): boolean => finds(entryOf(r.assignment), typed)
