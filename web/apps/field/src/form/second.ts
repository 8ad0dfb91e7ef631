import type { FieldDb } from '../store/db'
import type { Record } from '../store/rows'
import { languageOf, theForm } from './engine'

/** What the questions are called, as the form on the phone asks them; a name of the ref where there is none. */
export async function labelsOf(db: FieldDb, second: Record, refs: string[], language: string): Promise<string[]> {
  const bare = refs.map((r) => r.split('/').pop() ?? r)
  const blank = second.form_hash ? await db.blanks.get(second.form_hash) : undefined
  const mine = await db.returned.get(second.assignment)
  if (!blank || !mine?.second) return bare
  const form = await theForm(blank.hash, blank.xml)
  const session = form.open({ instance: mine.xml, language: languageOf(form, language) })
  const labels = new Map(session.state().map((n) => [n.ref, n.label]))
  session.close()
  return refs.map((r, i) => labels.get(r) || (bare[i] ?? r))
}
