import type { Change, CompiledForm, Control, Finding, NodeState, Session, Visit, Vouch } from '@ruhu/engine'
import { computed, reactive, ref, shallowReactive, shallowRef, toRaw } from 'vue'
import type { Jots } from '../store/rows'
import { ElsewhereError } from '../store/store'
import { unwritten, type Unwritten } from '../store/writing'
import { useParadata, type Clock } from './paradata'
import { coversAll, saidBy, sourcesOf } from './visit'
import { pagesOf, plain, questions, refsIn, singlePages, type Page } from './pages'

const ASKED = new Set<NodeState['type']>(['input', 'select', 'select1', 'rank', 'range', 'trigger', 'upload'])

/** Another answer than the base list has, and nobody has said why. */
export const uncorrected = (n: NodeState): boolean =>
  n.relevant && !n.readonly && n.transcribed !== undefined && n.transcribed.was !== n.value && !n.transcribed.checked

/** The page after the last one: check, and hand in. */
export const FINISH = '#finish'

/** What the two enumerators vouch for is every answer; a change elsewhere takes their word back. */
export interface Vouching {
  refs: string[]
  /** Where they also write by hand, by these refs: what is written there goes with the confirmation. */
  hands: Record<string, string>
  /** It was taken back when the form was opened: the first change says so too. */
  already: boolean
  /** Called when a change took it back. */
  undone: () => void
}

export interface Start {
  form: CompiledForm
  session: Session
  page: string | null
  /** Called with the draft after every change, at most SAVE_WITHIN ms late, and by flush(). */
  save: (xml: string, page: string, jots: Jots) => Promise<void>
  /** As the draft has them. */
  jots?: Jots
  vouching?: Vouching
  /** One question a page, instead of the form's own pages. */
  single?: boolean
  clock?: Clock
}

/** "On disk within a second": what follows within a quarter of one is gathered, for three quarters at most. */
export const SAVE_AFTER = 250
export const SAVE_WITHIN = 750
/** How soon a draft that found no room is tried again. */
export const AGAIN_AFTER = 3_000

/** One form being filled: the engine's session, what the screen shows of it, and its way to the disk. */
export function useFilling({ form, session, page, save, jots: noted = {}, vouching, single = false, clock }: Start) {
  const nodes = shallowReactive(new Map<string, NodeState>())
  const groups = pagesOf(form.body)
  const homes = new Map(groups.flatMap((p) => refsIn(p.controls).map((r) => [r, p.key])))
  const pages = shallowRef<Page[]>(groups)
  const current = ref(FINISH)
  /** Questions whose errors are shown: left once, or all after a check. */
  const shown = reactive(new Set<string>())
  /** The question that somebody wants to see: what hides it opens. */
  const wanted = ref('')
  /** 'failed': see `trouble`; 'elsewhere': another window has written the draft, and this one must not. */
  const saving = ref<'saved' | 'pending' | 'failed' | 'elsewhere'>('saved')
  /** Why the draft could not be written. */
  const trouble = ref<Unwritten>('unknown')
  const node = (r: string): NodeState | undefined => nodes.get(key(r))

  /** Counts how often a question came or went. What is on which page is worked out then, not at every answer. */
  const shape = ref(0)
  const state = toRaw(nodes)
  function take(change: Change): void {
    let other = change.removed.length > 0
    for (const n of change.changed) {
      const was = state.get(key(n.ref))
      other ||= !was || was.relevant !== n.relevant || was.count !== n.count
      nodes.set(key(n.ref), n)
    }
    for (const r of change.removed) nodes.delete(key(r))
    if (other) shape.value++
  }
  function reload(): void {
    nodes.clear()
    for (const n of session.state()) nodes.set(key(n.ref), n)
    shape.value++
  }
  reload()

  function cutPages(one: boolean): void {
    const fact = (c: Control): boolean => c.type !== 'repeat' && (c.type === 'note' || node(c.ref)?.readonly === true)
    pages.value = one ? singlePages(form.body, fact) : groups
  }
  cutPages(single)

  const asked = computed(() => {
    void shape.value
    return pages.value.map((p) => ({ page: p, refs: questions(p, (r) => state.get(key(r))) }))
  })
  const visible = computed(() => asked.value.filter((p) => p.refs.length > 0))
  const order = computed(() => [...visible.value.map((p) => p.page.key), FINISH])
  const index = computed(() => Math.max(0, order.value.indexOf(current.value)))
  const here = computed(() => visible.value[index.value] ?? null)
  // A draft may name a page of the other cut: then it opens where the question of that name is.
  const named = page === FINISH || pages.value.some((p) => p.key === page) ? page : pageAt(page ?? '')
  current.value = named ?? pages.value[0]?.key ?? FINISH
  /** What still wants a person: errors, and warnings without a reason. */
  const open = (refs: string[]): string[] =>
    refs.filter((r) => {
      const n = node(r)
      return n && (n.error || (n.warning && !n.warning.reason) || uncorrected(n))
    })

  const visit = shallowRef<Visit>(session.visit())
  function setVisit(field: keyof Visit, value: string): void {
    session.setVisit(field, value)
    visit.value = session.visit()
  }
  const sources = sourcesOf(form.body)
  /** What the form's own answers say of who answered. */
  const said = shallowRef(saidBy([], node))
  /** It goes into the record, and out of it when they say something else. */
  function heed(): void {
    const [was, now] = [said.value, saidBy(sources, node)]
    said.value = now
    for (const field of ['respondent', 'name'] as const) {
      const mine = visit.value[field]
      if (mine !== now[field] && (now[field] || (was[field] && mine === was[field]))) setVisit(field, now[field])
    }
  }
  heed()
  const replies = shallowRef<Record<string, string>>(session.replies())
  const jots = shallowRef<Jots>(noted)
  const skipped = (): NodeState[] =>
    [...nodes.values()].filter((n) => !n.relevant && n.label && ASKED.has(n.type) && !n.ref.includes('/meta/'))

  const paradata = useParadata(session, () => (here.value ? here.value.refs : []), clock)
  /** A form that was only looked at leaves no draft. */
  const kept = page !== null

  let handed = false
  let ended = false
  let already = vouching?.already ?? false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When the first change came that the timer is to write; whoever types on puts it off by SAVE_WITHIN and no more. */
  let since: number | null = null
  let writing = 0
  let last: Promise<void> = Promise.resolve()
  /** Counts changes, and how many of them are on the disk: one that comes while another is written is not taken for written. */
  let changes = 0
  let written = 0
  function later(): void {
    changes++
    if (saving.value === 'saved') saving.value = 'pending' // what is said about a full disk stays until something was written
    soonest()
  }
  function soonest(): void {
    if (writing > 0 || ended) return // what is under way looks again when it ends
    const now = performance.now()
    since ??= now
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), Math.max(0, Math.min(SAVE_AFTER, since + SAVE_WITHIN - now)))
  }
  /** Writes now; resolves when it is on the disk. Rejects never: what went wrong is shown by `saving` and `trouble`. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    since = null
    if (written === changes || saving.value === 'elsewhere') return last
    const upTo = changes
    paradata.write()
    const xml = session.draft()
    const at = current.value
    const beside = jots.value
    writing++
    last = last
      .then(() => save(xml, at, beside))
      .then(
        () => {
          writing--
          written = Math.max(written, upTo)
          saving.value = written === changes ? 'saved' : 'pending'
          if (written !== changes) soonest()
        },
        (e: unknown) => {
          writing--
          if (e instanceof ElsewhereError) {
            saving.value = 'elsewhere'
            return
          }
          // It is in memory, and tried again until there is room: nothing is lost while the page is open.
          saving.value = 'failed'
          trouble.value = unwritten(e)
          if (since === null && !ended) timer = setTimeout(() => void flush(), AGAIN_AFTER)
          if (trouble.value !== 'full') console.error('save draft', e)
        },
      )
    return last
  }

  const unfinished = new Set<() => Promise<unknown>>()

  function change(c: Change): void {
    take(c)
    heed()
    later()
  }
  /** Sets an answer; what somebody wrote by hand who had confirmed there goes with it. */
  function put(r: string, value: string): Change {
    const hand = vouching?.hands[r]
    if (hand && node(hand)?.value) take(session.set(hand, ''))
    return session.set(r, value)
  }
  /** The last stroke of somebody whose confirmation was taken back before it was kept. */
  const late = (r: string, value: string): boolean =>
    value !== '' && Object.entries(vouching?.hands ?? {}).some(([by, hand]) => hand === r && !node(by)?.value)
  /** An answer on another page than theirs makes the enumerators' confirmation void. */
  function takeBack(changed: string): void {
    if (!vouching?.refs[0] || home(changed) === home(vouching.refs[0])) return
    const vouched = vouching.refs.filter((r) => node(r)?.value)
    for (const r of vouched) take(put(r, ''))
    if (vouched.length > 0 || already) vouching.undone()
    already = false
  }
  /** The form's own page of a question, however the pages are cut. */
  const home = (r: string): string | undefined => homes.get(plain(r))
  /** The first page with something of a group, or the group's page with a question. */
  function pageAt(r: string): string | null {
    if (!r) return null
    const hit = visible.value.find((p) => p.refs.some((x) => plain(x) === r || x.startsWith(`${r}/`)))
    return hit?.page.key ?? null
  }
  /** Cuts the pages anew and stays at the question. */
  function setSingle(one: boolean): void {
    const first = here.value?.refs[0]
    cutPages(one)
    if (current.value !== FINISH) current.value = (first && pageOf(first)) || (order.value[0] ?? FINISH)
  }
  /** The page that asks a question, whatever repeat instance it is in; null when none does now. */
  function pageOf(r: string): string | null {
    const hit =
      visible.value.find((p) => p.refs.includes(r)) ??
      visible.value.find((p) => p.refs.some((x) => plain(x) === plain(r))) ??
      visible.value.find((p) => p.refs.some((x) => x.startsWith(`${r}[`)))
    return hit?.page.key ?? null
  }
  function go(to: string): void {
    if (to === current.value) return
    paradata.move()
    current.value = to
    later()
    void flush()
  }

  /** Reasons and replies that nobody finished: once the form is handed in they go along as they are, or not at all. */
  function takeJots(): void {
    for (const [name, text] of Object.entries(jots.value)) {
      const [kind, at = ''] = name.split(' ')
      const words = text.trim()
      const n = node(at)
      if (!words) continue
      if (kind === 'reason' && n?.warning && !n.warning.reason) take(session.confirm(at, words))
      else if (kind === 'correction' && n && uncorrected(n)) take(session.verify(at, words))
      else if (kind === 'reply') session.setReply(at, words)
    }
  }

  return reactive({
    form,
    setSingle,
    nodes,
    node,
    current,
    shown,
    wanted,
    saving,
    trouble,
    visible,
    order,
    index,
    here,
    open,
    flush,
    go,
    /** A question was touched. */
    touch: paradata.touch,
    oddity: paradata.oddity,
    /** Answers that are being made: to be waited for before the form is left or the phone locked. Gives what takes it back. */
    beforeLeaving: (settle: () => Promise<unknown>): (() => void) => {
      unfinished.add(settle)
      return () => void unfinished.delete(settle)
    },
    settled: async (): Promise<void> => {
      await Promise.allSettled([...unfinished].map((settle) => settle()))
    },
    /** Nobody sees the form now: its time stands still, and what is known of it is written. */
    pause: (): Promise<void> => {
      if (!handed && paradata.pause() && (kept || changes > 0)) changes++
      return flush()
    },
    /** It is in the queue: a draft that is written now might outlive the receipt. */
    handedIn: () => void (handed = true),
    resume: paradata.resume,
    set: (r: string, value: string) => {
      if (ended || node(r)?.value === value || late(r, value)) return
      paradata.edit(r, node(r)?.type === 'input')
      takeBack(r)
      change(put(r, value))
    },
    confirm: (r: string, reason: string) => {
      if (ended) return
      change(session.confirm(r, reason))
      void flush()
    },
    /** A transcribed answer is right as it is (''), or was corrected for this reason. */
    verify: (r: string, reason: string) => {
      if (ended) return
      change(session.verify(r, reason))
      void flush()
    },
    why: (r: string) => session.why(r),
    /** Questions that are not asked now, in the form's order. */
    skipped,
    visit,
    said,
    /** The form asks for every way of answering itself. */
    asksWho: coversAll(sources),
    setVisit: (field: keyof Visit, value: string) => {
      setVisit(field, value)
      later()
    },
    /** How the answer at r was confirmed; after it was set. */
    vouch: (r: string, v: Vouch) => {
      session.setVouch(r, v)
      later()
    },
    jots,
    /** Keeps a text that is not part of the form yet; '' forgets it. */
    jot: (name: string, text: string) => {
      const { [name]: was, ...rest } = jots.value
      if (ended || (was ?? '') === text) return
      jots.value = text === '' ? rest : { ...rest, [name]: text }
      later()
    },
    replies,
    reply: (comment: string, text: string) => {
      if (ended) return
      session.setReply(comment, text)
      replies.value = session.replies()
      later()
    },
    addRepeat: (r: string) => change(session.addRepeat(r)),
    removeRepeat: (r: string) => change(session.removeRepeat(r)),
    setLanguage: (l: string) => {
      take(session.setLanguage(l))
      reload()
    },
    progress: () => session.progress(),
    check: (): Finding[] => session.check(),
    xml: (): string => {
      takeJots()
      paradata.write()
      return session.xml()
    },
    instanceId: (): string => [...nodes.values()].find((n) => n.ref.endsWith('/meta/instanceID'))?.value ?? '',
    pageOf,
    /** After the last flush: frees the engine's session. */
    end: () => {
      ended = true
      clearTimeout(timer)
      session.close()
    },
  })
}

export type Filling = ReturnType<typeof useFilling>
export type { Page }

// A repeat and a group may share a ref; the engine names the range by a suffix, the screen wants the one with the count.
const key = (r: string): string => r.replace(/\|range$/, '')
