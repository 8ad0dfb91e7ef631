import { newId, type FieldPackage, type FieldQuery, type Ruling } from '@ruhu/api'
import type { FieldDb } from '../store/db'
import type { Say } from '../store/rows'
import { plain } from './pages'

/** A query at a question, as it stands on this phone: what the server has, and what is still to be sent. */
export interface Asked {
  id: string
  ref: string
  label: string
  state: FieldQuery['state']
  turns: { id: string; action: string; text: string; by_name: string; at: string; pending: boolean }[]
}

const leads: { [action: string]: FieldQuery['state'] } = { ask: 'open', reopen: 'open', close: 'closed' }

/** Where a turn leads, as at the server: what has an answer cannot be withdrawn any more. */
const next = (state: FieldQuery['state'], action: string): FieldQuery['state'] =>
  action === 'withdraw' && state === 'open' ? 'closed' : (leads[action] ?? state)

/** It was taken back before there was an answer. */
export const withdrawn = (q: Pick<Asked, 'state' | 'turns'>): boolean =>
  q.state === 'closed' && q.turns[q.turns.length - 1]?.action === 'withdraw'

/** Puts together what the server said of a household's queries and what this phone has yet to send. */
export function standing(known: FieldQuery[], says: Say[], me: string): Asked[] {
  const out = new Map<string, Asked>()
  for (const q of known) {
    const turns = q.turns.map((t) => ({ ...t, pending: false }))
    out.set(q.id, { id: q.id, ref: q.ref, label: q.label, state: q.state, turns })
  }
  for (const s of [...says].sort((a, b) => a.said_at - b.said_at)) {
    const q = out.get(s.item) ?? { id: s.item, ref: s.ref, label: s.label, state: 'open' as const, turns: [] }
    if (q.turns.some((t) => t.id === s.id)) continue // it has arrived, and this phone did not hear of it
    q.turns.push({
      id: s.id,
      action: s.action,
      text: s.text,
      by_name: me,
      at: new Date(s.said_at).toISOString(),
      pending: true,
    })
    q.state = next(q.state, s.action)
    out.set(s.item, q)
  }
  return [...out.values()]
}

/** Answers that hold for every household, for a question of this form. */
export function rulingsFor(pkg: FieldPackage | null, form: string, ref: string): Ruling[] {
  return (pkg?.campaign?.rulings ?? []).filter((r) => r.form === form && plain(r.ref) === plain(ref))
}

/** Keeps something that was said until the server has it. Rejects when the phone is full. */
export async function say(
  db: FieldDb,
  s: Pick<Say, 'item' | 'action' | 'text' | 'assignment' | 'ref' | 'label'>,
  now = Date.now(),
): Promise<void> {
  await db.says.put({ ...s, id: newId(), said_at: now })
}
