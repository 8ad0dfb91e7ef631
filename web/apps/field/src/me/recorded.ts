import type { Paradata } from '@ruhu/engine'
import { languageOf, theForm } from '../form/engine'
import { plain } from '../form/pages'
import type { FieldDb } from '../store/db'
import type { Label } from '../store/rows'

/** A form on this phone. */
export interface Held {
  assignment: string
  label: Label
  form_hash: string
  xml: string
  queued: boolean
}

/** The forms on this phone: as they wait to be sent, else as they are being filled in; the last one first. */
export async function held(db: FieldDb): Promise<Held[]> {
  const [drafts, parcels] = await Promise.all([db.drafts.all(), db.parcels.all()])
  const all = [
    ...parcels.map((p) => ({ ...p, at: p.queued_at, queued: true })),
    ...drafts
      .filter((d) => !parcels.some((p) => p.assignment === d.assignment))
      .map((d) => ({ ...d, at: d.updated_at, queued: false })),
  ]
  return all
    .sort((a, b) => b.at - a.at)
    .map(({ assignment, label, form_hash, xml, queued }) => ({ assignment, label, form_hash, xml, queued }))
}

export interface Recorded {
  paradata: Paradata
  /** What a question asks, by its ref. */
  asks: Map<string, string>
}

/** Reads out of a form what it says about the person who filled it in; null when its questionnaire is not on the phone. */
export async function recorded(db: FieldDb, h: Held, language: string): Promise<Recorded | null> {
  const blank = await db.blanks.get(h.form_hash)
  if (!blank) return null
  const form = await theForm(h.form_hash, blank.xml)
  const session = form.open({ instance: h.xml, language: languageOf(form, language) })
  try {
    const asks = new Map<string, string>()
    const order = new Map<string, number>()
    for (const n of session.state()) {
      const ref = plain(n.ref)
      if (!order.has(ref)) order.set(ref, order.size)
      if (n.label && !asks.has(ref)) asks.set(ref, n.label)
    }
    const paradata = session.paradata()
    const at = (ref: string): number => order.get(ref) ?? order.size
    return { asks, paradata: { ...paradata, timings: paradata.timings.sort((a, b) => at(a.ref) - at(b.ref)) } }
  } finally {
    session.close()
  }
}
