import type { FieldAssignment, FieldPackage } from '@ruhu/api'
import type { CompiledForm, Session } from '@ruhu/engine'
import { labelOf } from '../household/households'
import type { Owner } from '../session/session'
import type { FieldDb } from '../store/db'
import type { Carried, Jots, Label } from '../store/rows'
import { editedFrom } from '../sync/taken'
import { carryOver, together } from './carry'
import { languageOf, theForm } from './engine'
import { enumeratorRefs, handRefs } from './kinds'

export interface Opened {
  form: CompiledForm
  session: Session
  formHash: string
  base: number
  page: string | null
  label: Label
  /** The enumerators' confirmations were taken out: it came back, or another version of the form has changed something about it. */
  returned: boolean
  /** A second keying of a paper form that was sent already. */
  second: boolean
  /** What another version of the form has changed about it, now or when it was opened before; null: nothing. */
  carried: Carried | null
  /** What was typed beside answers, as the draft has it. */
  jots?: Jots
  /** When the draft on the disk was written, as this window knows it; null: there is none. */
  stamp: number | null
  /** It has changed something now, and nobody has seen it: nothing is written before somebody has. */
  news: boolean
}

const DEVICE = 'ruhu.field.device'

function deviceId(): string {
  const id =
    localStorage.getItem(DEVICE) ??
    Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16)).join('')
  localStorage.setItem(DEVICE, id)
  return `ruhu:${id}`
}

interface Source extends Pick<
  Opened,
  'formHash' | 'base' | 'page' | 'label' | 'returned' | 'second' | 'stamp' | 'jots'
> {
  /** What is gone on with; nothing for an empty form. */
  xml?: string
  carried?: Carried
}

/** The draft on the phone if there is one, else the returned form, else nothing but the roster's data. */
async function sourceOf(
  db: FieldDb,
  a: FieldAssignment | undefined,
  assignment: string,
  second: boolean,
): Promise<Source> {
  const draft = await db.drafts.get(assignment)
  if (draft) {
    const { page, label, xml, carried, jots } = draft
    return {
      xml,
      formHash: draft.form_hash,
      base: (await editedFrom(db))(draft),
      page,
      label,
      returned: false,
      second: draft.second === true,
      stamp: draft.updated_at,
      carried,
      jots,
    }
  }
  if (!a) throw 'assignment' as const
  const empty = { formHash: a.form_hash, base: 0, page: null, label: labelOf(a), returned: false, second, stamp: null }
  const back = await db.returned.get(assignment)
  if (!back || (back.second ? !second : second || a.state !== 'returned')) return empty
  const formHash = back.form_hash ?? a.submission?.form_hash ?? a.form_hash
  return { ...empty, xml: back.xml, formHash, base: back.revision, returned: !second }
}

/**
 * Opens the form of an assignment: the draft on the phone if there is one, else the returned form, else an empty one with the roster's
 * data. `second`: a form beside the one that was sent, keyed from the same paper by somebody who does not see the first; or one's own second
 * keying as it was sent, to be corrected. What was filled in with an older version of the form is carried over to the present one if that is on
 * the phone. Throws 'blank' when the questionnaire has not been downloaded and 'assignment' when nothing is known of it.
 */
export async function openForm(
  db: FieldDb,
  pkg: FieldPackage | null,
  me: Owner,
  assignment: string,
  language: string,
  second = false,
): Promise<Opened> {
  const a = pkg?.assignments.find((x) => x.id === assignment)
  const { xml, carried: before, ...source } = await sourceOf(db, a, assignment, second)
  const options = { zone: pkg?.campaign?.zone, deviceId: deviceId(), username: me.account, prefill: a?.prefill ?? {} }
  // Two keyings of one paper are compared question by question: the second stays with the version of the first.
  const present = source.second ? source.formHash : (a?.form_hash ?? source.formHash)
  if (xml !== undefined && present !== source.formHash) {
    const over = await carryOver(db, { xml, hash: source.formHash }, present, options, language)
    if (over) {
      const { form, session } = over
      const changed = over.carried.differences.length > 0
      if (source.returned || changed) askAgain(form, session)
      const carried = together(before, over.carried)
      return {
        ...source,
        form,
        session,
        formHash: present,
        returned: source.returned || changed,
        carried,
        news: changed,
      }
    }
  }
  const blank = await db.blanks.get(source.formHash)
  if (!blank) throw 'blank' as const
  const form = await theForm(blank.hash, blank.xml)
  const session = form.open({ ...options, language: languageOf(form, language), instance: xml })
  if (source.returned) askAgain(form, session)
  return { ...source, form, session, carried: before ?? null, news: false }
}

/** What two people vouched for is about to change: they vouch again. */
function askAgain(form: CompiledForm, session: Session): void {
  for (const ref of [...Object.values(handRefs(form.body)), ...enumeratorRefs(form.body)]) session.set(ref, '')
}
