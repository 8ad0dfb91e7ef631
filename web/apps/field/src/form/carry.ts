import type { CompiledForm, Difference, OpenOptions, Session } from '@ruhu/engine'
import { EngineError } from '@ruhu/engine'
import type { FieldDb } from '../store/db'
import type { Carried } from '../store/rows'
import { languageOf, theForm } from './engine'

/** What is to be gone on with: a draft, or a form that came back. */
export interface Written {
  xml: string
  /** The version that it was filled in with. */
  hash: string
}

/**
 * Carries what was filled in with one version over to another; null when one of the two is not on the phone, or the engine cannot: the form
 * is then gone on with as it is, and the office judges it by the version it is of. Writes nothing.
 */
export async function carryOver(
  db: FieldDb,
  from: Written,
  to: string,
  options: OpenOptions,
  language: string,
): Promise<{ form: CompiledForm; session: Session; carried: Carried } | null> {
  const [was, is] = await Promise.all([db.blanks.get(from.hash), db.blanks.get(to)])
  if (!was || !is) return null
  try {
    const older = await theForm(was.hash, was.xml)
    const form = await theForm(is.hash, is.xml)
    const m = form.migrate(older, { ...options, language: languageOf(form, language), instance: from.xml })
    const { differences, moved } = m
    return { form, session: m.session, carried: { from: older.version, to: form.version, differences, moved } }
  } catch (e) {
    if (!(e instanceof EngineError)) throw e
    console.error('carry over', e)
    return null
  }
}

/** What is to be known of a form that was carried over more than once: answers that were lost before stay in sight. */
export function together(before: Carried | undefined, now: Carried): Carried {
  if (!before) return now
  const moved: Record<string, string> = { ...now.moved }
  for (const [was, is] of Object.entries(before.moved)) moved[was] = now.moved[is] ?? is
  return {
    from: before.from,
    to: now.to,
    differences: [...before.differences.filter((d) => d.lost), ...now.differences],
    moved,
  }
}

/** The differences as people read them: what did not come along, what to look at again, what is new. */
export function sorted(list: Difference[]): { lost: Difference[]; kept: Difference[]; fresh: Difference[] } {
  const fresh = list.filter((d) => d.kind === 'new')
  return { lost: list.filter((d) => d.lost), kept: list.filter((d) => !d.lost && d.kind !== 'new'), fresh }
}
