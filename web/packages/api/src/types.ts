// The JSON shapes of the HTTP API, prefix /api/v1. Times are RFC 3339 in UTC, days are 2026-03-04 in the survey's zone.
export interface Text {
  zh: string
  en: string
}

export interface Page<T> {
  items: T[]
  next: string
}

export interface Counted<T> extends Page<T> {
  total: number
}

export interface Region {
  code: string
  name: string
  level: string
  parent: string
}

export type Role =
  | 'county_office'
  | 'guidance_group'
  | 'township_leader'
  | 'township_office'
  | 'group_leader'
  | 'supervisor'
  | 'enumerator'
  | 'village'
  | 'inspector'

export interface Me {
  id: string
  account: string
  name: string
  role: Role
  county: string
  region: Region
  actions: string[]
  pin_set: boolean
  server_time: string
}

export interface Account {
  id: string
  account: string
  name: string
  role: Role
  region_code: string
  region_name: string
  home_village: string
  from_county: boolean
  unit: string
  disabled: boolean
  created_at: string
}

export interface AccountInput {
  account: string
  name: string
  role: Role
  region_code: string
  home_village: string
  from_county: boolean
  unit: string
  disabled: boolean
  password?: string
  pin?: string
}

export interface PlaybookRow {
  id: string
  title: Text
}

export interface Stage {
  code: string
  title: Text
  from: string
  to: string
  state: 'done' | 'now' | 'next'
}

export interface CampaignForm {
  code: string
  title: Text
  version: string
  hash: string
  classes: string[]
}

export interface Level {
  code: string
  title: Text
  role: Role
  coverage: number
  flagged: boolean
  powers: string[]
  deadline_days: number
  /** A meeting decides. */
  joint: boolean
}

export interface Campaign {
  id: string
  playbook: string
  title: string
  playbook_title: Text
  region: Region
  zone: string
  starts_on: string
  state: 'planned' | 'running' | 'closed'
  stage: string
  stages: Stage[]
  forms: CampaignForm[]
  rules: { team_size: number; households_per_day: number; own_village: string; county_share: number }
  levels: Level[]
  /** The last working days of the columns in which waiting forms are counted. */
  ages: number[]
}

export interface CellNote {
  sheet: string
  row: number
  column: string
  header: string
  code: string
  message: string
  value: string
}

export interface ImportCounts {
  households_new: number
  households_changed: number
  households_same: number
  members_new: number
  members_changed: number
  members_same: number
  members_gone: number
}

export interface ImportReport {
  dry_run: boolean
  /** It changes a frozen village: whoever imports says why. */
  needs_reason: boolean
  file_name: string
  digest: string
  sheets: { name: string; kind: 'household' | 'member' | 'person' | 'ignored'; header_row: number; rows: number }[]
  errors: CellNote[]
  errors_total: number
  warnings: CellNote[]
  warnings_total: number
  counts: ImportCounts
  changes: { household_code: string; head_name: string; field: string; from: string; to: string }[]
}

export interface RosterImport {
  id: string
  file_name: string
  at: string
  by_name: string
  counts: ImportCounts
}

export interface Household {
  id: string
  code: string
  village: Region
  group: string
  head_name: string
  head_id_number: string
  phone: string
  class: string
  exit_year: number | null
  size: number
  tags: string[]
  /** Where it lives, WGS-84; null when unknown or not to be seen. */
  position: { lat: number; lon: number } | null
  assignment: { id: string; state: string; team_name: string; date: string } | null
}

export interface Member {
  id: string
  name: string
  id_number: string
  relation: string
  sex: string
  birth_date: string
  health: string
  schooling: string
  phone: string
  state: string
}

export interface HouseholdDetail extends Household {
  campaign_id: string
  members: Member[]
  submissions: {
    id: string
    state: string
    revision: number
    received_at: string
    /** 'paper': by_name keyed it from a form on paper. */
    capture: string
    by_name: string
  }[]
  problems: ProblemRow[]
}

export interface TeamMember {
  id: string
  account: string
  name: string
  from_county: boolean
  home_village: Region | null
}

export interface Team {
  id: string
  name: string
  members: TeamMember[]
  assigned: number
  done: number
  dropped: boolean
  reason: string
}

export interface Reason {
  code: string
  message: string
  village?: Region | null
  team?: string
  count?: number
}

export type { Plan } from './types.gen'

export type AssignmentState = 'open' | 'submitted' | 'returned' | 'done' | 'replaced'

export interface Assignment {
  id: string
  household: { id: string; code: string; head_name: string; village: Region; group: string; class: string }
  form: string
  team: { id: string; name: string }
  date: string
  state: AssignmentState
  submission_id: string | null
  pinned: boolean
  begun: boolean
}

export type SubmissionState = 'received' | 'review' | 'accepted' | 'returned' | 'quarantined'

export interface SubmissionRow {
  id: string
  assignment_id: string
  household: { id: string; code: string; head_name: string; village: Region; group: string; class: string } | null
  form: string
  team: { id: string; name: string } | null
  revision: number
  state: SubmissionState
  level: string
  findings: { errors: number; warnings: number; unconfirmed: number }
  received_at: string
  returned_times: number
  reason: string
  /** The reason as a sentence in the caller's language. */
  reason_text: string
  /** 'paper': keyed from a form on paper. */
  capture: string
  /** In review and returned: the day since which it waits there. */
  since: string
  /** In review: the last day for the level; '' otherwise. */
  due_on: string
  late: boolean
  /** Given in review; '' while it has none. */
  code: string
}

export interface SubmissionPage extends Counted<SubmissionRow> {
  counts: Record<string, number>
}

export interface Finding {
  ref: string
  rule: string
  severity: 'error' | 'warning'
  message: Text
  reason: string
}

export interface Comment {
  id: string
  ref: string
  text: string
  by_name: string
  at: string
  revision: number
  /** Code of the level that wrote it. */
  level: string
  resolved: boolean
  turns: { action: string; text: string; by_name: string; role: string; at: string }[]
  /** The team's, in the revision that stands. */
  reply: string
  /** What one could say: reply, resolve, reopen. */
  may: string[]
}

export interface Answer {
  ref: string
  label: string
  type: string
  value: string
  display: string
  comments: Comment[]
  findings: Finding[]
  previous?: string | null
  /** What the base list has, where the team confirmed or corrected it. */
  register?: { was: string; changed: boolean; reason: string } | null
}

export interface SubmissionDetail extends SubmissionRow {
  visit: { guide: string; respondent: string; name: string; elsewhere: string }
  /** How the enumerators confirmed. */
  vouches: { ref: string; label: string; name: string; method: string; at: string; holds: boolean }[]
  form_title: Text
  revisions: {
    n: number
    digest: string
    size: number
    received_at: string
    by_name: string
    errors: number
    warnings: number
    /** package, merge, chosen, client; '' when a phone sent it. */
    via: string
  }[]
  sections: { ref: string; title: string; answers: Answer[] }[]
  comments: Comment[]
  findings_list: Finding[]
  history: { at: string; by_name: string; role: string; action: string; level: string; note: string }[]
  /** Files that the current revision names and that have not arrived. */
  missing_files: string[]
  /** What one could decide, complete or not. */
  may: ReviewAction[]
}

export interface DiffRow {
  ref: string
  label: string
  from: string
  to: string
}

export type ReviewAction = 'approve' | 'return' | 'annotate' | 'reopen'

export interface Decision {
  id: string
  action: ReviewAction
  revision: number
  note: string
  comments: { id: string; ref: string; text: string }[]
}

export type ProblemState = 'registered' | 'fixing' | 'escalated' | 'referred' | 'claimed' | 'verified' | 'closed'

export interface ProblemRow {
  id: string
  number: string
  code: string
  title: Text
  category: string
  sector: string
  severity: string
  nature: string
  source: string
  household: { id: string; code: string; head_name: string; group: string } | null
  off_name: string
  village: Region
  state: ProblemState
  responsible: string
  found_on: string
  due_on: string
  first_due: string
  overdue: boolean
  warned: boolean
  notice: '' | 'open' | 'late' | 'answered'
  reply_by: string
  data_clear: boolean
}

export interface ProblemPage extends Counted<ProblemRow> {
  counts: Record<string, number>
}

export interface ProblemEvent {
  id: string
  at: string
  by_name: string
  role: string
  action: string
  note: string
  files: string[]
}

export interface ProblemNotice {
  id: string
  no: number
  demand: string
  reply_by: string
  issued_name: string
  issued_at: string
  reply: string
  reply_name: string
  replied_at?: string | null
}

export interface Petition {
  kind: string
  channel: string
  petitioner: string
  contact: string
  content: string
  explained: string
}

/** What the playbook says about the ledger, with today's dates. */
export interface LedgerRules {
  natures: { code: string; title: Text; correction: boolean }[]
  severities: { code: string; title: Text }[]
  responsibles: string[]
  evidence: string
  procedure: Text
  daily_by: string
  hold: string[]
  today: string
  due_on: string
  reply_by: string
  warn_to: string
}

export interface Problem extends ProblemRow {
  version: number
  reference: string
  signed_by: string
  notices: ProblemNotice[]
  petition: Petition | null
  cause: string
  measure: string
  person: string
  submission_id: string
  events: ProblemEvent[]
  may: string[]
}

/** A register as it is shown and printed; ids are of problems. */
export interface LedgerTable {
  title: string
  campaign: string
  today: string
  columns: string[]
  heads: string[]
  rows: { id: string; cells: string[] }[]
  more: boolean
}

export interface CommonProblem {
  key: string
  title: Text
  sources: string[]
  villages: number
  found: number
  open: number
  measure: string
  result: string
  by_name: string
}

export interface CommonInput {
  key: string
  measure: string
  result: string
}

export interface ProblemDay {
  day: string
  found: number
  handed: { region: string; listed: number; late: boolean; by_name: string; at: string }[]
}

export interface ProblemDays {
  days: ProblemDay[]
  feedbacks: { id: string; region: string; until: string; note: string; by_name: string; at: string }[]
}

export interface FeedbackInput {
  until: string
  note: string
}

export interface ProblemInput {
  household_id?: string
  village_code: string
  title: Text
  category: string
  sector: string
  severity: string
  due_on?: string
  note: string
  source?: string
  nature?: string
  reference?: string
  off_name?: string
  petition?: Petition
}

export interface Counts {
  assigned: number
  submitted: number
  returned: number
  accepted: number
  problems_open: number
  problems_closed: number
  problems_overdue: number
}

export interface Progress {
  version: number
  updated_at: string
  totals: Counts
  villages: (Counts & { code: string; name: string })[]
  teams: (Counts & { id: string; name: string })[]
  days: (Counts & { date: string })[]
}

export interface Device {
  id: string
  account: string
  /** Browser and system as the phone says it. */
  label: string
  first_at: string
  seen_at: string
  queued: number
  drafts: number
  media: number
  kept: boolean
  /** -1 when it is not known. */
  free_mb: number
  replaced: boolean
  wipe: boolean
  /** '' when there is none. */
  ordered_at: string
  wiped_at: string
}

/** The key of an app that is not ours. */
export interface ClientKey {
  id: string
  name: string
  label: string
  made_at: string
  seen_at: string | null
  withdrawn_at: string | null
}

/** A new key, with what is shown once. */
export interface MadeClientKey extends ClientKey {
  password: string
  server_url: string
  plain_url: string
  /** PNG, base64. */
  qr: string
  local: boolean
}

/** An encrypted copy of what a phone held. */
export interface PhonePackage {
  sha256: string
  device: string
  account: string
  came_at: string
  forms: number
  drafts: number
  pictures: number
  /** '' when it was not imported yet. */
  imported_at: string
}

export interface ImportedPackage extends PhonePackage {
  arrived: { instance_id: string; digest: string; revision: number; state: string; duplicate: boolean }[]
  /** Queries, visits given back and attempts at the quiz; `trouble` says why one was not taken. */
  said: { kind: string; about: string; text: string; trouble: string }[]
}

/** A question in three versions: before, as it stands, and in the edit that came second. */
export interface ConflictAnswer {
  ref: string
  label: string
  base: string
  current: string
  other: string
}

/** Two edits of one revision. */
export interface Conflict {
  n: number
  base: number
  current: number
  state: 'open' | 'merged' | 'kept' | 'taken'
  result: number
  overlaps: ConflictAnswer[]
  taken: ConflictAnswer[]
  found_at: string
  decided_at: string
  note: string
}

/** A second form for a household, beside the one that stands. */
export interface SecondForm {
  submission: string
  n: number
  stands: string
  stands_n: number
  state: string
  /** Both were keyed from paper, by two people. */
  keyed: boolean
  compared: boolean
  differs: ConflictAnswer[]
  found_at: string | null
  decided_at: string | null
  note: string
}

export type PaperKind = 'forms' | 'blank' | 'roster' | 'listing' | 'frozen' | 'worklist'
export type PaperState = 'queued' | 'building' | 'printing' | 'ready' | 'failed' | 'gone'

/** What is to be printed; empty filters do not narrow. */
export interface PaperInput {
  kind: PaperKind
  village: string
  team_id: string
  date: string
  households: string[]
  form: string
  copies: number
  one_sided: boolean
}

export interface PaperFile {
  n: number
  name: string
  state: PaperState
  done: number
  total: number
  size: number
  expires_at: string
  error: string
  error_text: string
}

export interface PaperJob {
  id: string
  state: PaperState
  ask: PaperInput
  open_pii: boolean
  households: number
  created_at: string
  files: PaperFile[]
}

export interface PaperPage extends Page<PaperJob> {
  printer: { ready: boolean; reason: string; text: string; address: string; local: boolean }
}
// Made from the route table as they are: nothing to loosen.
export type {
  House,
  HousePage,
  HouseSide,
  IdentityLink,
  IdentityPage,
  IdentityRegister,
  IdentityRegisterList,
  Suspect,
  SuspectPage,
  SuspectPair,
} from './types.gen'
