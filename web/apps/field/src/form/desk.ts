import type { FieldComment } from '@ruhu/api'
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import { pack, type Owner } from '../session/session'
import type { FieldDb } from '../store/db'
import type { Jots, Say, SentList } from '../store/rows'
import { isFull } from '../store/store'
import { verdictOf } from '../sync/sent'
import { refresh, run, sync } from '../sync/sync'
import { keepBlank } from './blank'
import type { Filling } from './filling'
import { openForm, type Opened } from './open'
import type { PictureStore } from './pictures'
import { say, standing, type Asked } from './queries'
import { commentsByRef, handIn, keepDraft } from './record'

/** What is said about a query at a question. */
export type Turn = Pick<Say, 'item' | 'action' | 'text' | 'ref' | 'label'>

/** Where an open form comes from and where it goes: a visit of the plan, or practice, which goes nowhere (training/practice). */
export interface Desk {
  /** The assignment; of practice, the code of the household. */
  key: string
  practice: boolean
  db: PictureStore
  /** Code of the questionnaire. */
  formCode: string
  /** Review comments by the ref that they name. */
  comments: (o: Opened) => Map<string, FieldComment[]>
  /** What was asked upward from this form. */
  queries: ComputedRef<Asked[]>
  say: (turn: Turn) => Promise<void>
  /** Throws 'blank' when the questionnaire has not been downloaded and 'assignment' when nothing is known of it. */
  open: (language: string) => Promise<Opened>
  /** The questions at which the server says that a second keying differs from the first. */
  differs: (o: Opened) => Promise<string[]>
  /** The draft on the disk is the one that `o` knows: no other window has gone on with it. */
  fresh: (o: Opened) => Promise<boolean>
  /** It is on the screen, or not any more. */
  placed: (on: boolean) => Promise<void>
  keep: (o: Opened, xml: string, page: string, jots?: Jots) => Promise<void>
  /** Rejects when the phone is full, the draft is then as it was; and with ElsewhereError. */
  handIn: (o: Opened, filling: Filling) => Promise<void>
  /** Where to go when the form is left, and when it was handed in. */
  home: RouteLocationRaw
  done: RouteLocationRaw
}

/** A place that was not noted is a comfort less, not a form less. */
const unlessFull = (e: unknown): void => {
  if (!isFull(e)) throw e
}

/** A visit: everything is kept on the phone and goes to the server. Call it in the set-up of a component. */
export function visitDesk(db: FieldDb, who: Owner, assignment: string, second: boolean): Desk {
  const says = shallowRef<Say[]>([])
  const mine = computed(() => pack.value?.assignments.find((a) => a.id === assignment))
  watch(
    () => sync.round,
    async () => {
      if (db.open) says.value = await db.says.of(assignment)
    },
    { immediate: true },
  )
  const home: RouteLocationRaw = { name: 'household', params: { assignment } }
  return {
    key: assignment,
    practice: false,
    db,
    get formCode() {
      return mine.value?.form ?? ''
    },
    comments: (o) => commentsByRef(pack.value, assignment, o.carried?.moved),
    queries: computed(() => standing(mine.value?.queries ?? [], says.value, who.name)),
    say: async (turn) => {
      await say(db, { ...turn, assignment })
      await refresh(db)
      if (navigator.onLine) void run(db, true)
    },
    open: (language) => openForm(db, pack.value, who, assignment, language, second),
    differs: async (o) => {
      if (!o.second || o.base === 0) return []
      const list = await db.setting<SentList>('sent')
      const own = (await db.receipts.of(assignment)).filter((r) => r.second).sort((a, b) => b.revision - a.revision)
      return (own[0] && verdictOf(list, own[0])?.differs) ?? []
    },
    fresh: async (o) => (await db.stampOf('drafts', assignment)) === o.stamp,
    placed: (on) => (on ? db.set('place', { assignment }) : db.unset('place')).catch(unlessFull),
    keep: async (o, xml, page, jots) => {
      await keepDraft(db, assignment, o, xml, page, jots)
      await keepBlank(db, o.formHash).catch(unlessFull)
    },
    handIn: (o, filling) => handIn(db, assignment, o, filling),
    home,
    done: home,
  }
}
