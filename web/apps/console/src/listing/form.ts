// What a person fills in about a household, and what is sent of it. Numbers that are masked can't be shown: such a field begins empty and is sent
// only when something was written into it.
import {
  newId,
  type ListingHousehold,
  type ListingInput,
  type ListingMember,
  type ListingStrike,
  type MemberEdit,
} from '@ruhu/api'

/** What the national system calls the head. */
export const HEAD = '\u6237\u4e3b'

export type Action = 'correct' | 'add' | 'strike'

export const memberFields = ['name', 'relation', 'id_number', 'phone', 'health', 'schooling'] as const
export type MemberField = (typeof memberFields)[number]
export const householdFields = ['group', 'class', 'phone', 'exit_year', 'tags'] as const
export type HouseholdField = (typeof householdFields)[number] | 'head_name' | 'head_id_number'
const secret = new Set<string>(['id_number', 'phone', 'head_id_number'])

export interface MemberForm {
  id: string
  /** '' leaves the person as they are. */
  do: '' | 'add' | 'change' | 'lose'
  reason: string
  set: Record<MemberField, string>
}

export interface Form {
  action: Action
  household: string
  set: Record<string, string>
  members: MemberForm[]
  /** Who becomes head when the head goes. */
  head: string
  note: string
  files: string[]
  reason: string
  into: string
  /** Split: the number of the new household of each person, and the head of each. */
  parts: Record<string, number>
  heads: string[]
  partIds: string[]
  code: string
  off_system: boolean
}

export const present = (h: ListingHousehold | null) => (h?.members ?? []).filter((m) => m.state === 'present')

function memberForm(m: ListingMember, open: boolean): MemberForm {
  const set = {} as Record<MemberField, string>
  for (const f of memberFields) set[f] = !open && secret.has(f) ? '' : m[f]
  return { id: m.id, do: '', reason: '', set }
}

export function newMember(reason: string, relation = ''): MemberForm {
  return {
    id: newId(),
    do: 'add',
    reason,
    set: { name: '', relation, id_number: '', phone: '', health: '', schooling: '' },
  }
}

/** The household's fields as the form shows them; open: the person sees numbers in full. */
export function fieldsOf(h: ListingHousehold, open: boolean): Record<string, string> {
  const out: Record<string, string> = {
    group: h.group,
    class: h.class,
    phone: open ? h.phone : '',
    exit_year: h.exit_year ? String(h.exit_year) : '',
    tags: h.tags.join('\u3001'),
  }
  if (h.members.length === 0)
    Object.assign(out, { head_name: h.head_name, head_id_number: open ? h.head_id_number : '' })
  return out
}

/** An empty form about a household, or about a new one. */
export function formOf(action: Action, h: ListingHousehold | null, open: boolean): Form {
  return {
    action,
    household: h?.id ?? newId(),
    set: h ? fieldsOf(h, open) : { group: '', class: '', phone: '', exit_year: '' },
    members: h ? present(h).map((m) => memberForm(m, open)) : [newMember('overlooked', HEAD)],
    head: '',
    note: '',
    files: [],
    reason: '',
    into: '',
    parts: {},
    heads: ['', ''],
    partIds: [newId(), newId()],
    code: '',
    off_system: false,
  }
}

const filled = (set: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(set)
      .map(([k, v]) => [k, v.trim()] as const)
      .filter(([, v]) => v !== ''),
  )

/** What is different from before. A secret field that was left empty is left alone. */
function changed(set: Record<string, string>, before: Record<string, string>, open: boolean): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [k, raw] of Object.entries(set)) {
    const v = raw.trim()
    if (v === (before[k] ?? '') || (v === '' && !open && secret.has(k))) continue
    out[k] = v
  }
  return out
}

/** Whether the head goes, so that somebody else must become it. */
export function headGoes(f: Form, h: ListingHousehold | null): boolean {
  const head = present(h).find((m) => m.relation === HEAD)
  return head !== undefined && f.members.some((m) => m.id === head.id && m.do === 'lose')
}

export const splitting = (f: Form) => f.action === 'strike' && f.reason === 'split'
export const merging = (f: Form) => f.action === 'strike' && f.reason === 'merged'

/** What is sent; version and seen are those of the household as it was shown. */
export function inputOf(f: Form, h: ListingHousehold | null, open: boolean): ListingInput {
  const input: ListingInput = {
    action: splitting(f) ? 'split' : merging(f) ? 'merge' : f.action,
    household_id: f.household,
    version: h?.version ?? 0,
    seen: h?.seen ?? 0,
    note: f.note.trim(),
    files: f.files,
  }
  if (f.action === 'strike') {
    if (merging(f)) input.into = f.into
    else if (splitting(f))
      input.parts = f.heads.map((head, i) => ({
        id: f.partIds[i] ?? '',
        head,
        members: present(h)
          .filter((m) => f.parts[m.id] === i)
          .map((m) => m.id),
      }))
    else input.reason = f.reason
    return input
  }
  const before = new Map(present(h).map((m) => [m.id, memberForm(m, open).set]))
  const set = h ? changed(f.set, fieldsOf(h, open), open) : filled(f.set)
  const members = f.members.flatMap((m): MemberEdit[] => {
    if (m.do === 'lose') return [{ id: m.id, do: 'lose', reason: m.reason }]
    if (m.do === 'add') return [{ id: m.id, do: 'add', reason: m.reason, set: filled(m.set) }]
    const change = m.do === 'change' ? changed(m.set, before.get(m.id) ?? {}, open) : {}
    if (headGoes(f, h) && m.id === f.head) change.relation = HEAD
    return Object.keys(change).length > 0 ? [{ id: m.id, do: 'change', set: change }] : []
  })
  input.edit = { set, members }
  if (f.action === 'add') {
    input.code = f.code.trim()
    input.off_system = f.off_system
  }
  return input
}

/** What is still to be filled in, as a key of the words under listing.missing; '' when nothing is. */
export function missing(f: Form, h: ListingHousehold | null, strikes: ListingStrike[], open: boolean): string {
  if (f.action === 'strike') {
    const rule = strikes.find((s) => s.reason === f.reason)
    if (!rule) return 'reason'
    const note = f.note.trim() !== ''
    const photo = f.files.length > 0
    if (rule.evidence === 'note' && !note && !photo) return 'note'
    if (rule.evidence === 'photo' && !photo) return 'photo'
    if (rule.evidence === 'statement' && !(note && photo)) return 'statement'
    if (merging(f) && f.into === '') return 'into'
    if (splitting(f)) {
      if (present(h).some((m) => f.parts[m.id] === undefined)) return 'parts'
      if (f.heads.some((head, i) => head === '' || f.parts[head] !== i)) return 'heads'
    }
    return ''
  }
  for (const m of f.members) {
    if ((m.do === 'add' || m.do === 'lose') && m.reason === '') return 'member_reason'
    if ((m.do === 'add' || m.do === 'change') && (m.set.name.trim() === '' || m.set.relation.trim() === ''))
      return 'member'
  }
  if (headGoes(f, h) && f.head === '') return 'head'
  if (f.action === 'add') return f.set.class === '' ? 'class' : ''
  const { edit } = inputOf(f, h, open)
  return Object.keys(edit?.set ?? {}).length + (edit?.members?.length ?? 0) === 0 ? 'nothing' : ''
}
