/** What the engine says about forms and answers. The words are those of the Go package form/xform. */

export type ControlType =
  'group' | 'repeat' | 'input' | 'select' | 'select1' | 'rank' | 'range' | 'trigger' | 'upload' | 'note'

/** An element of the form's body. `ref` has no repeat numbers and is '' for a group that only groups on the screen. */
export interface Control {
  ref: string
  type: ControlType
  datatype: string
  appearance: string
  mediatype?: string
  /** Other attributes as written: start, end, step, rows, … */
  attrs?: Record<string, string>
  /** A repeat whose number of instances the form sets. */
  fixed?: boolean
  children: Control[]
}

export interface Choice {
  value: string
  label: string
}

export type NodeType = ControlType | 'root' | 'instance' | 'model-value'

/** One node of a session. Repeat instances are numbered: "/data/rep[2]/q"; "/data/rep" is the repeat itself. */
export interface NodeState {
  ref: string
  type: NodeType
  datatype: string
  value: string
  relevant: boolean
  required: boolean
  readonly: boolean
  label: string
  hint: string
  choices: Choice[] | null
  /** Of a repeat: its instances. */
  count: number
  fixed: boolean
  error: { rule: 'required' | 'type' | 'choice' | 'constraint'; message: string } | null
  /** A soft check that does not hold; reason is '' until it is confirmed. */
  warning: { message: string; reason: string } | null
  prefilled: boolean
  pii: string
  /** What a register has for it; absent when none has. `checked`: somebody has looked and says that the answer is right. */
  transcribed?: { key: string; was: string; checked: boolean; reason: string }
  /** What the question means, at length: XLSForm's guidance_hint. Absent when there is none. */
  guidance?: string
  media?: Record<string, string>
  /** Of an osm question: what it asks for. Absent when the form names no tags. */
  tags?: Tag[]
  /** What a range calls some of its numbers. */
  ticks?: Choice[]
}

/** One tag that an osm question asks for: of its choices, or any text where there are none. */
export interface Tag {
  key: string
  label: string
  choices: Choice[]
}

/** Apply `removed` (refs that exist no longer) and `changed` in any order. */
export interface Change {
  changed: NodeState[]
  removed: string[]
}

export interface Finding {
  ref: string
  rule: 'required' | 'constraint' | 'type' | 'warning' | 'structure' | 'choice' | 'irrelevant' | 'calculate'
  severity: 'error' | 'warning'
  /** By language code; zh and en are always there. */
  message: Record<string, string>
  /** Of a warning: the written reason. */
  reason: string
  detail?: string
}

/** The condition that keeps something from being asked, with the answers that it reads. */
export interface Reason {
  ref: string
  expr: string
  reads: NodeState[]
}

/** Who was met, whatever the form asks. */
export interface Visit {
  guide: string
  respondent: '' | 'self' | 'member' | 'cadre' | 'phone' | 'registers' | 'lost'
  /** Of who answered for the household. */
  name: string
  /** Why the form was filled in far from where the household lives. */
  elsewhere: string
}

/** How somebody whom an answer names has confirmed the record. None of it has spaces. */
export interface Vouch {
  /** Id of the account. */
  account: string
  /** own: tapped on their own phone. pin: typed on a colleague's. badge: showed a code on a phone of their own. */
  method: 'own' | 'pin' | 'badge'
  /** RFC 3339, by the clock of the phone that has the form. */
  at: string
  /** The code, for badge. */
  token: string
}

/** From opening a form to leaving it. */
export interface Opening {
  /** RFC 3339 */
  from: string
  to: string
  /** With the form on the screen, by a clock that is never set. */
  ms: number
  /** ms by which the server's clock was ahead of the phone's; absent when it went right or was never told. */
  ahead?: number
}

/** What one question took; the instances of a repeat count together. */
export interface Timing {
  ref: string
  ms: number
  edits: number
}

/** How a form was filled in, in sums. */
export interface Paradata {
  openings: Opening[]
  /** From page to page. */
  moves: number
  timings: Timing[]
  oddities: Oddity[]
}

/** How often a position looked as if it had not been measured; see Oddities of the engine. */
export interface Oddity {
  code: 'exact' | 'leap' | 'rounded' | 'same'
  times: number
}

export interface OpenOptions {
  /** A draft or submission to go on with. */
  instance?: string
  /** Register values by the key of bind ruhu:prefill. */
  prefill?: Record<string, string>
  /** RFC 3339; without it the device's clock counts. */
  now?: string
  /** IANA zone of dates; without it the device's. */
  zone?: string
  deviceId?: string
  username?: string
  language?: string
  /** "lat lon alt acc" for setgeopoint. */
  geopoint?: string
}

export interface Session {
  /** All nodes in document order. */
  state(): NodeState[]
  node(ref: string): NodeState | undefined
  set(ref: string, value: string): Change
  addRepeat(ref: string): Change
  removeRepeat(ref: string): Change
  confirm(ref: string, reason: string): Change
  /** A transcribed answer was looked at: right as it is (''), or corrected for this reason; of a locked one a reason says what is wrong. */
  verify(ref: string, reason: string): Change
  /** Why it is not asked; undefined when it is, or when no condition says so. */
  why(ref: string): Reason | undefined
  check(): Finding[]
  setLanguage(language: string): Change
  progress(): { answered: number; total: number }
  /** 'paper': keyed from a form that was filled in on paper. Part of the record and of a draft. */
  /** Answers a reviewer's comment, named by its id; '' takes it back. */
  setReply(comment: string, text: string): void
  replies(): Record<string, string>
  setVisit(field: keyof Visit, value: string): void
  /** How the person whom an answer names has confirmed; gone when the answer changes. */
  setVouch(ref: string, vouch: Vouch): void
  visit(): Visit
  /** Adds an opening, or goes on with the one of the same `from`. */
  setOpening(o: Opening): void
  setMoves(n: number): void
  /** What a question took in all. */
  setTiming(t: Timing): void
  setOddity(d: Oddity): void
  paradata(): Paradata
  setCapture(mode: '' | 'paper'): void
  capture(): '' | 'paper'
  /** The submission: what is not asked is left out. */
  xml(): string
  /** Everything, for OpenOptions.instance. */
  draft(): string
  close(): void
}

/** Something about a record that is not as it was before it was carried over to another version of its form. */
export interface Difference {
  /**
   * The answer is lost: gone (no such question), type (another kind of answer), choice (no choice any more), computed (the form answers
   * it). It stays: skipped (not asked now), type, label (other words), words (the choice has other words), moved. Or new: a question that was not there.
   */
  kind: 'gone' | 'type' | 'choice' | 'computed' | 'skipped' | 'label' | 'words' | 'moved' | 'new'
  /** Of the question now; '' when it is gone. */
  ref: string
  /** Of the question before; '' when it is new. */
  was: string
  type: NodeType
  label: string
  /** label: the label before; words: the answer in the words before. */
  before: string
  /** In words; of a lost one, what is lost. */
  answer: string
  lost: boolean
}

export interface Migration {
  session: Session
  /** Answers first, in the order of the older form; then what is new. */
  differences: Difference[]
  /** Places that are others now, by the place before, without repeat numbers. */
  moved: Record<string, string>
}

export interface CompiledForm {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly languages: string[]
  readonly body: Control[]
  open(options: OpenOptions): Session
  /** Carries a record of an older version of this form over: options.instance. Nothing is written. */
  migrate(older: CompiledForm, options: OpenOptions): Migration
  dispose(): void
}

export interface Engine {
  /**
   * Throws EngineError when the XML is no usable form. Attachments are external lists (CSV, XML, GeoJSON) by their URI
   * ("jr://file/wards.csv"); a missing one is an empty list.
   */
  compile(xformXml: string, attachments?: Record<string, string>): CompiledForm
}

export interface ErrorDetail {
  code: string
  path: string
  message: string
  message_en: string
  detail: string
}

/** `code` is stable ("xform.unknown_ref"); `message` is Chinese; details has one entry per mistake, in both languages. */
export class EngineError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: ErrorDetail[] = [],
  ) {
    super(message)
    this.name = 'EngineError'
  }
}
