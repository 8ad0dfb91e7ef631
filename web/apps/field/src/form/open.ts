import type { FieldPackage, Me } from '@ruhu/api'
import type { CompiledForm, Session } from '@ruhu/engine'
import { labelOf } from '../household/households'
import type { FieldDb } from '../store/db'
import type { Label } from '../store/rows'
import { languageOf, theForm } from './engine'
import { enumeratorRefs } from './kinds'

export interface Opened {
  form: CompiledForm
  session: Session
  formHash: string
  base: number
  page: string | null
  label: Label
  /** Opened from the server's copy, with the enumerators' confirmations taken out. */
  returned: boolean
  /** A second keying of a paper form that was sent already. */
  second: boolean
}

const DEVICE = 'ruhu.field.device'

function deviceId(): string {
  const id =
    localStorage.getItem(DEVICE) ??
    Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16)).join('')
  localStorage.setItem(DEVICE, id)
  return `ruhu:${id}`
}

/**
 * Opens the form of an assignment: the draft on the phone if there is one, else the returned form, else an empty one with the roster's
 * data. `second`: a form beside the one that was sent, keyed from the same paper by somebody who does not see the first; or one's own second
 * keying as it was sent, to be corrected. Throws 'blank' when the questionnaire has not been downloaded and 'assignment' when nothing is known of it.
 */
export async function openForm(
  db: FieldDb,
  pkg: FieldPackage | null,
  me: Me,
  assignment: string,
  language: string,
  second = false,
): Promise<Opened> {
  const a = pkg?.assignments.find((x) => x.id === assignment)
  const draft = await db.drafts.get(assignment)
  const formHash = draft?.form_hash ?? a?.form_hash
  if (!formHash) throw 'assignment' as const
  const blank = await db.blanks.get(formHash)
  if (!blank) throw 'blank' as const
  const form = await theForm(formHash, blank.xml)
  const options = {
    zone: pkg?.campaign?.zone,
    deviceId: deviceId(),
    username: me.account,
    language: languageOf(form, language),
    prefill: a?.prefill ?? {},
  }
  if (draft) {
    const session = form.open({ ...options, instance: draft.xml })
    const { base, page, label } = draft
    return { form, session, formHash, base, page, label, returned: false, second: draft.second === true }
  }
  if (!a) throw 'assignment' as const
  const label = labelOf(a)
  const back = await db.returned.get(assignment)
  if (second) {
    const own = back?.second ? back : null
    const session = form.open(own ? { ...options, instance: own.xml } : options)
    return { form, session, formHash, base: own?.revision ?? 0, page: null, label, returned: false, second }
  }
  const returned = a.state === 'returned' && !back?.second ? back : undefined
  if (!returned) {
    const session = form.open(options)
    return { form, session, formHash, base: 0, page: null, label, returned: false, second }
  }
  const session = form.open({ ...options, instance: returned.xml })
  // What two people vouched for is about to change: they vouch again.
  for (const ref of enumeratorRefs(form.body)) session.set(ref, '')
  return { form, session, formHash, base: returned.revision, page: null, label, returned: true, second }
}
