import { notedAt, placesOf, type Comments } from './comments'
import { uncorrected, type Filling } from './filling'
import { standsAt } from './pages'
import type { Asked } from './queries'

/** Why a question is still to be looked at. */
export type Why = 'missing' | 'wrong' | 'verify' | 'unconfirmed' | 'asked' | 'answered' | 'comment'

export interface Todo {
  ref: string
  label: string
  why: Why[]
  /** It is on a page now. */
  here: boolean
}

type Known = Pick<Filling, 'node' | 'visible' | 'replies'>

/** All that a form still asks of somebody, question by question in its order; what stands at no page comes last. */
export function todoOf(f: Known, comments: Comments, queries: Asked[]): Todo[] {
  const paths = f.visible.flatMap((p) => p.refs)
  const unsettled = queries.filter((q) => q.state === 'open' || q.state === 'answered')
  const said = (q: Asked): Why => (q.state === 'open' ? 'asked' : 'answered')
  const list = paths.map((ref): Todo => {
    const n = f.node(ref)
    const why: Why[] = []
    if (n?.error) why.push(n.error.rule === 'required' ? 'missing' : 'wrong')
    if (n && ((n.warning && !n.warning.reason) || uncorrected(n))) why.push('verify')
    if (n?.transcribed && !n.readonly && !n.transcribed.checked && n.transcribed.was === n.value)
      why.push('unconfirmed')
    why.push(...new Set(unsettled.filter((q) => standsAt(q.ref, ref)).map(said)))
    if (notedAt(comments, ref).some((c) => !f.replies[c.id])) why.push('comment')
    return { ref, label: n?.label || ref, why, here: true }
  })
  const label = (ref: string): string => f.node(ref)?.label || ref.split('/').pop() || ref
  const elsewhere: Todo[] = [
    ...unsettled
      .filter((q) => !paths.some((p) => standsAt(q.ref, p)))
      .map((q) => ({ ref: q.ref, label: q.label || label(q.ref), why: [said(q)], here: false })),
    ...placesOf(comments, paths)
      .nowhere.filter((c) => !f.replies[c.id])
      .map((c): Todo => ({ ref: c.ref, label: label(c.ref), why: ['comment'], here: false })),
  ]
  return [...list.filter((x) => x.why.length > 0), ...elsewhere]
}
