import type { Finding, NodeState } from '@ruhu/engine'
import type { PlaybookText } from '@ruhu/api'
import { newId } from '@ruhu/api'
import { computed, shallowRef } from 'vue'
import type { Desk } from '../form/desk'
import { languageOf, theForm } from '../form/engine'
import { uncorrected, type Filling } from '../form/filling'
import { plain } from '../form/pages'
import type { PictureStore } from '../form/pictures'
import { standing } from '../form/queries'
import { inWords } from '../form/words'
import { pack, type Owner } from '../session/session'
import type { FieldDb } from '../store/db'
import { pictureKey, type Picture, type Say } from '../store/rows'
import { material, type ModelAnswer, type TrainingHousehold } from './material'

/** What a form is sent back for, the worst first. */
export const KINDS = ['error', 'warning', 'thin', 'correction', 'query'] as const

/** What a reviewer would say about a form. */
export interface Remark {
  kind: (typeof KINDS)[number]
  label: string
  text: string
}

/** A model answer beside what was filled in. */
export interface Compared {
  label: string
  given: string
  model: string
  why: PlaybookText
  same: boolean
}

export interface Practised {
  code: string
  head_name: string
  remarks: Remark[]
  answers: Compared[]
}

/** The practice that was finished last. It is nowhere but here, and goes with the page. */
export const practised = shallowRef<Practised | null>(null)

/** The household that is practised on. */
export const practising = shallowRef<TrainingHousehold | null>(null)

/** Pictures of a practice, in memory. */
function passing(): PictureStore {
  const rows = new Map<string, Picture>()
  return {
    pictures: {
      get: (k) => Promise.resolve(rows.get(k)),
      put: (...ps) => {
        for (const p of ps) rows.set(pictureKey(p), p)
        return Promise.resolve()
      },
    },
  }
}

/**
 * A form that is practised on: the questionnaire and the engine are the real ones, but nothing is written, on the phone or elsewhere. `db` is
 * only read.
 */
export function practiceDesk(db: FieldDb, who: Owner, code: string): Desk {
  const says = shallowRef<Say[]>([])
  const queries = computed(() => standing([], says.value, who.name))
  practising.value = null
  return {
    key: code,
    practice: true,
    db: passing(),
    get formCode() {
      return practising.value?.form ?? ''
    },
    comments: () => new Map(),
    queries,
    say: (turn) => {
      says.value = [...says.value, { ...turn, id: newId(), assignment: code, said_at: Date.now() }]
      return Promise.resolve()
    },
    open: async (language) => {
      const h = (await material(db, pack.value))?.households.find((x) => x.code === code)
      if (!h) throw 'assignment' as const
      const blank = await db.blanks.get(h.form_hash)
      if (!blank) throw 'blank' as const
      practising.value = h
      const form = await theForm(h.form_hash, blank.xml)
      const session = form.open({
        zone: pack.value?.campaign?.zone,
        deviceId: 'practice',
        username: who.account,
        language: languageOf(form, language),
        prefill: h.prefill,
      })
      const label = { code, head_name: h.head_name, village: h.village }
      const nothing = { base: 0, page: null, returned: false, second: false, carried: null, news: false, stamp: null }
      return { form, session, formHash: h.form_hash, label, ...nothing }
    },
    differs: () => Promise.resolve([]),
    fresh: () => Promise.resolve(true),
    placed: () => Promise.resolve(),
    keep: () => Promise.resolve(),
    handIn: (o, filling) => {
      const h = practising.value
      const asked = queries.value.filter((q) => q.state === 'open').map((q) => q.label)
      practised.value = {
        code,
        head_name: o.label.head_name,
        remarks: remarks(filling.check(), filling, asked),
        answers: compare(h?.answers ?? [], filling),
      }
      return Promise.resolve()
    },
    home: { name: 'training' },
    done: { name: 'practised' },
  }
}

/** A reason of fewer characters says nothing. */
const THIN = 4

/** What a reviewer would send the form back for: errors, warnings without a reason or with one that says nothing, differences unexplained. */
export function remarks(found: Finding[], filling: Pick<Filling, 'node' | 'nodes'>, asked: string[]): Remark[] {
  const out: Remark[] = []
  const of = (ref: string): NodeState | undefined => filling.node(ref)
  for (const f of found) {
    const n = of(f.ref)
    const label = n?.label || f.ref
    if (f.severity === 'error') out.push({ kind: 'error', label, text: n?.error?.message || '' })
    else if (!f.reason) out.push({ kind: 'warning', label, text: n?.warning?.message ?? '' })
    else if ([...f.reason.trim()].length < THIN) out.push({ kind: 'thin', label, text: f.reason })
  }
  for (const n of filling.nodes.values()) if (uncorrected(n)) out.push({ kind: 'correction', label: n.label, text: '' })
  for (const label of asked) out.push({ kind: 'query', label, text: '' })
  return out
}

/** Each model answer beside what was filled in; numbers are equal as numbers, choices in any order. */
export function compare(models: ModelAnswer[], filling: Pick<Filling, 'nodes'>): Compared[] {
  return models.flatMap((m) => {
    const n = [...filling.nodes.values()].find((x) => plain(x.ref).endsWith(`/${m.item}`))
    if (!n) return []
    const given = n.relevant ? n.value : ''
    const same = equal(n, given, m.value)
    return [{ label: n.label, given: inWords(n, given), model: inWords(n, m.value), why: m.why, same }]
  })
}

function equal(n: NodeState, a: string, b: string): boolean {
  if (a === b) return true
  if (n.choices) return a.split(' ').sort().join(' ') === b.split(' ').sort().join(' ')
  return a !== '' && Number(a) === Number(b)
}
