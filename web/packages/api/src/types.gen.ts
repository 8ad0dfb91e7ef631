// Made from the route table by `ruhu api ts`. Do not edit.

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

export interface AccountList {
  items: Account[]
  next: string
}

export type Action =
  | 'self'
  | 'region.read'
  | 'region.manage'
  | 'account.read'
  | 'account.manage'
  | 'campaign.read'
  | 'campaign.manage'
  | 'roster.read'
  | 'roster.pii'
  | 'roster.import'
  | 'listing.read'
  | 'listing.work'
  | 'listing.decide'
  | 'listing.freeze'
  | 'match.read'
  | 'match.import'
  | 'match.compare'
  | 'match.settle'
  | 'match.decide'
  | 'match.suspect'
  | 'sampling.read'
  | 'sampling.manage'
  | 'team.read'
  | 'team.manage'
  | 'assign.read'
  | 'assign.manage'
  | 'training.read'
  | 'field.use'
  | 'submission.read'
  | 'query.read'
  | 'query.answer'
  | 'signature.read'
  | 'signature.sign'
  | 'trace.read'
  | 'review.decide'
  | 'review.accept'
  | 'determine.read'
  | 'determine.open'
  | 'determine.verify'
  | 'determine.decide'
  | 'determine.confirm'
  | 'determine.appeal'
  | 'determine.rule'
  | 'determine.enter'
  | 'ledger.read'
  | 'ledger.register'
  | 'ledger.claim'
  | 'ledger.judge'
  | 'ledger.decide'
  | 'ledger.notice'
  | 'ledger.verify'
  | 'ledger.close'
  | 'quality.read'
  | 'quality.explain'
  | 'quality.manage'
  | 'quality.recheck'
  | 'score.read'
  | 'score.enter'
  | 'score.rate'
  | 'score.manage'
  | 'progress.read'
  | 'circular.read'
  | 'circular.issue'
  | 'circular.allow'
  | 'paper.print'
  | 'audit.read'
  | 'device.read'
  | 'device.manage'

export interface AgreementSummary {
  fields: FigureKind[]
  sources: FigureSource[]
  counts: FigureCount[]
}

export interface Area {
  village: string
  name: string
  state: string
  by_name: string
  reason: string
  at: string
  accepted: number
  lack: Lack
}

export interface AreaInput {
  id: string
  reason: string
}

export interface AreaList {
  items: Area[]
  next: string
}

export interface AreaShow {
  village: string
  name: string
  state: string
  by_name: string
  reason: string
  at: string
  accepted: number
  lack: Lack
  items: LackItem[]
  may: boolean
}

export interface Arrangement {
  household: string
  code: string
  head_name: string
  village: Region
  day: string
  from_time: string
  to_time: string
  remote: string
  reason: string
}

export interface ArrangementInput {
  day: string
  from_time: string
  to_time: string
  remote: string
  reason: string
}

export interface ArrangementList {
  items: Arrangement[]
  next: string
}

export interface AssignChange {
  village: Region
  from: AssignPlace
  to: AssignPlace
  households: number
}

export interface AssignPerson {
  account_id: string
  account: string
  name: string
  unit: string
  from_county: boolean
  home_village: Region | null
  team: string
  ties: Tie[]
}

export interface AssignPlace {
  team: string
  team_name: string
  date: string
}

export interface AssignReason {
  code: string
  message: string
  village?: Region | null
  team?: string
  count?: number
}

export interface Assignment {
  id: string
  household: HouseholdBrief
  form: string
  team: TeamBrief
  date: string
  state: string
  submission_id: string | null
  pinned: boolean
  begun: boolean
}

export interface AssignmentMove {
  team_id?: string
  date?: string
  reason: string
}

export interface AssignmentPage {
  items: Assignment[]
  next: string
  total: number
}

export interface AuditRecord {
  id: string
  at: string
  by_id: string
  by_name: string
  role: Role
  action: string
  campaign: string
  object: string
  object_id: string
  place: string
  detail: unknown
}

export interface AuditRecordList {
  items: AuditRecord[]
  next: string
}

export interface Block {
  team: string
  village: string
  code: string
  message: string
}

export interface Board {
  from: string
  to: string
  days: BoardDay[]
  households_per_day: number
  villages_per_day: number
  no_swaps: boolean
  teams: BoardTeam[]
  cells: Cell[]
  blocks: Block[]
  unplanned: Unplanned[]
  quality: Quality
}

export interface BoardDay {
  date: string
  works: boolean
  name: string
  assumed: boolean
  planned: boolean
  off: string
}

export interface BoardTeam {
  id: string
  name: string
  dropped: boolean
  reason: string
  households: number
  done: number
  off: DayOff[]
}

export interface BulkInput {
  action: string
  note: string
  forms: One[]
}

export interface BulkOutcome {
  submission: string
  code: string
  text: string
}

export interface BulkOutcomeList {
  items: BulkOutcome[]
  next: string
}

export interface Campaign {
  id: string
  playbook: string
  title: string
  playbook_title: PlaybookText
  region: Region
  zone: string
  starts_on: string
  state: string
  stage: string
  stages: CampaignStage[]
  forms: CampaignForm[]
  rules: CampaignRules
  levels: CampaignLevel[]
  ages: number[]
}

export interface CampaignForm {
  code: string
  title: PlaybookText
  version: string
  hash: string
  classes: string[]
}

export interface CampaignInput {
  playbook: string
  title: string
  region_code: string
  starts_on: string
}

export interface CampaignLevel {
  code: string
  title: PlaybookText
  role: Role
  coverage: number
  flagged: boolean
  powers: string[]
  deadline_days: number
  joint: boolean
}

export interface CampaignList {
  items: Campaign[]
  next: string
}

export interface CampaignRules {
  team_size: number
  households_per_day: number
  own_village: string
  county_share: number
}

export interface CampaignStage {
  code: string
  title: PlaybookText
  from: string
  to: string
  state: string
}

export interface Case {
  id: string
  campaign_id: string
  kind: string
  household_id: string
  village_code: string
  source: string
  state: string
  grounds: Ground[]
  persons: number
  checks: CaseCheck[]
  round: number
  submission_id: string
  revision: number
  data_clear: boolean
  appeal_by: string
  opened_at: string
  changed_at: string
  version: number
  household_code: string
  head_name: string
  class: string
  group: string
  village_name: string
  size: number
  rules: CaseKind
  items: ItemResult[]
  figures: StandingFigure[]
  events: IndicatorEvent[]
  may: string[]
  today: string
}

export interface CaseCheck {
  step: string
  account: string
  name: string
  holds: boolean
}

export interface CaseKind {
  code: string
  title: PlaybookText
  classes: string[]
  needs: number
  county: boolean
  consequence: string
  appeal_days: number
}

export interface Category {
  code: string
  first: number
  second: number
  both: number
  gdr: number
  ndr: number
  ndr_se: number
  ioi: number
}

export interface Cell {
  team: string
  date: string
  village: Region
  households: number
  movable: number
  remote: number
  agreed: number
  problem: string
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

export interface ChainStep {
  code: string
  title: PlaybookText
  role: string
  sign_for: string[]
  state: string
  entry: SignatureEntry | null
}

export interface Circular {
  id: string
  series: string
  title: PlaybookText
  period: Period
  state: string
  number: number
  digest: string
  computed_at: string
  computed_by: string
  approved_at: string
  approved_by: string
  issued_at: string
  issued_by: string
  withdrawn_at: string
  withdrawn_by: string
  reason: string
  campaign_id: string
  content: Content
  scored: string[]
  may: string[]
}

export interface CircularInput {
  series: string
  to: string
}

export interface CircularRow {
  village: string
  name: string
  figures: Figures
  share: Share
  rank: number
  last: boolean
  run: number
  consequences: Due[]
}

export interface CircularWithdrawal {
  reason: string
}

export interface CircularWord {
  digest: string
}

export interface Circulars {
  cutoff: string
  ranked: boolean
  series: SeriesState[]
  items: Head[]
}

export interface Claim {
  code: string
  title_zh: string
  title_en: string
  threshold: number
  side: string
  show: Showable
  gap: number
}

export interface Client {
  id: string
  name: string
  label: string
  made_at: string
  seen_at: string
  withdrawn_at: string
}

export interface ClientInput {
  label: string
}

export interface ClientList {
  items: Client[]
  next: string
}

export interface CodeCount {
  code: string
  error: boolean
  count: number
  message: string
}

export interface ColumnMapping {
  column: number
  letter: string
  header: string
  field: string
  why: string
  samples: string[]
}

export interface CommentInput {
  id: string
  ref: string
  text: string
}

export interface CommentTurn {
  action: string
  text: string
  by_name: string
  role: Role
  at: string
}

export interface CommonInput {
  key: string
  measure: string
  result: string
}

export interface CommonProblem {
  key: string
  title: ErrsText
  sources: string[]
  villages: number
  found: number
  open: number
  measure: string
  result: string
  by_name: string
}

export interface CommonProblems {
  items: CommonProblem[]
}

export interface ConflictAnswer {
  ref: string
  label: string
  base: string
  current: string
  other: string
}

export interface Content {
  series: string
  title: PlaybookText
  period: Period
  cutoff: string
  measure: string
  ties: string[]
  ranked: boolean
  villages: CircularRow[]
}

export interface DailyReturn {
  day: string
  cutoff: string
  over: boolean
  items: DailyRow[]
}

export interface DailyRow {
  village: string
  name: string
  planned: number
  handed: number
  behind: number
  total: number
  of: number
}

export interface DayCounts {
  date: string
  assigned: number
  submitted: number
  returned: number
  accepted: number
  problems_open: number
  problems_closed: number
  problems_overdue: number
}

export interface DayOff {
  date: string
  reason: string
}

export interface DayOffInput {
  team_id: string
  date: string
  off: boolean
  reason: string
}

export interface DayPlan {
  date: string
  villages: Region[]
  households: number
}

export interface Decision {
  verdict: string
  reason: string
  version: number
}

export interface DecisionInput {
  id: string
  action: string
  revision: number
  note: string
  comments: CommentInput[]
}

export interface Design {
  design: string
  method: string
  groups: DesignGroup[]
  type_rule: string
  types: DesignType[]
  quotas: DesignQuota[]
  certainty: DesignCertainty[]
  certainty_counts: boolean
  shortfall_order: string[]
  single_unit_strata: string
}

export interface DesignCertainty {
  code: string
  title: PlaybookText
  quota: string
}

export interface DesignGroup {
  code: string
  title: PlaybookText
  villages: number
  households: number
  townships: number
}

export interface DesignQuota {
  code: string
  title: PlaybookText
  households: number
  priority: PlaybookText | null
  min_other: number
}

export interface DesignType {
  code: string
  title: PlaybookText
  share: number
}

export interface Determination {
  id: string
  campaign_id: string
  kind: string
  household_id: string
  village_code: string
  source: string
  state: string
  grounds: Ground[]
  persons: number
  checks: CaseCheck[]
  round: number
  submission_id: string
  revision: number
  data_clear: boolean
  appeal_by: string
  opened_at: string
  changed_at: string
  version: number
  household_code: string
  head_name: string
  class: string
  group: string
  village_name: string
  size: number
}

export interface DeterminationAct {
  id: string
  seen?: number | null
  holds?: boolean
  persons?: number
  note: string
  files?: string[]
}

export interface DeterminationInput {
  kind: string
  household_id: string
  persons?: number
  note: string
  files?: string[]
}

export interface Device {
  id: string
  account: string
  region: string
  label: string
  first_at: string
  seen_at: string
  queued: number
  drafts: number
  media: number
  kept: boolean
  free_mb: number
  replaced: boolean
  wipe: boolean
  ordered_at: string
  wiped_at: string
}

export interface DeviceList {
  items: Device[]
  next: string
}

export interface DeviceReport {
  device: string
  label: string
  queued: number
  drafts: number
  media: number
  kept: boolean
  free_mb: number
  badge: string
}

export interface Difference {
  field: string
  member?: string
  from: string
  to: string
  why?: string
}

export interface Draw {
  id: string
  number: number
  state: string
  reason: string
  frame_sha256: string
  frame_bytes: number
  villages: number
  households: number
  plan_sha256: string
  frozen_at: string
  frozen_by: string
  seed: string
  seed_source: string
  witnesses: string
  drawn_at: string
  drawn_by: string
  published_at: string
  published_by: string
}

export interface DropTeamInput {
  reason: string
  from?: string
  back: boolean
  leave: boolean
  dry_run: boolean
}

export interface Due {
  code: string
  title: PlaybookText
  points: string
}

export interface Envelope {
  key: string
  point: string
  nonce: string
  wrapped: string
}

export interface ErrsText {
  zh: string
  en: string
}

export interface ExitStanding {
  household_id: string
  household_code: string
  head_name: string
  class: string
  village_name: string
  group: string
  size: number
  applies: boolean
  submission_id: string
  revision: number
  at: string | null
  items: ItemResult[]
  figures: StandingFigure[]
  result: string
}

export interface FeedbackInput {
  until: string
  note: string
}

export interface FieldAssignment {
  id: string
  state: string
  date: string
  form_hash: string
  household: FieldHousehold
  prefill: Record<string, string>
  submission: FieldSubmission | null
  returned: FieldReturned | null
  instance_url: string
  form: string
  queries: FieldQuery[]
}

export interface FieldBadge {
  device: string
  point: string
}

export interface FieldCampaign {
  id: string
  title: string
  zone: string
  dwelling_metres: number
  guides: FieldGuide[]
  rulings: Ruling[]
  training: string
}

export interface FieldComment {
  id: string
  ref: string
  text: string
  by_name: string
  at: string
  turns: CommentTurn[]
}

export interface FieldForm {
  code: string
  version: string
  hash: string
  title: PlaybookText
}

export interface FieldGuide {
  village: string
  name: string
  role: string
}

export interface FieldHousehold {
  id: string
  code: string
  village: Region
  group: string
  head_name: string
  initials: string
  phone: string
  class: string
  size: number
  members: FieldPersonInHousehold[]
  position: Position | null
}

export interface FieldMember {
  id: string
  account: string
  name: string
  pin: PIN | null
  badges: FieldBadge[]
}

export interface FieldPackage {
  server_time: string
  me: FieldPerson
  campaign: FieldCampaign | null
  team: FieldTeam | null
  forms: FieldForm[]
  assignments: FieldAssignment[]
}

export interface FieldPerson {
  id: string
  account: string
  name: string
}

export interface FieldPersonInHousehold {
  name: string
  relation: string
  birth_date: string
  sex: string
}

export interface FieldQuery {
  id: string
  ref: string
  label: string
  state: string
  ruling: boolean
  turns: Turn[]
}

export interface FieldReturned {
  level: string
  note: string
  by_name: string
  at: string
  revision: number
  comments: FieldComment[]
}

export interface FieldSubmission {
  instance_id: string
  revision: number
  state: string
  digest: string
  received_at: string
  form_hash: string
  capture: string
}

export interface FieldTeam {
  id: string
  name: string
  members: FieldMember[]
}

export interface Figure {
  id: string
  household: ProblemHousehold
  village: Region
  member_id: string
  member_name: string
  field: string
  verdict: string
  three_way: string
  four_level: string
  values: Value[]
  ruling: string
  ruling_value: string
  state: string
  responsible: string
  found_on: string
  due_on: string
  settled_value: string
  settled_source: string
  note: string
  by_name: string
  settled_at: string
}

export interface FigureCount {
  village: Region
  field: string
  verdict: string
  state: string
  count: number
}

export interface FigureKind {
  code: string
  title: ErrsText
  unit: string
  kind: string
  paper: string
  rules: string[]
  correct: string[]
  responsible: string
  days: number
}

export interface FigureList {
  items: Figure[]
  next: string
}

export interface FigureSource {
  code: string
  title: ErrsText
  copy: string
}

export interface Figures {
  assigned: number
  submitted: number
  accepted: number
  submitted_new: number
  accepted_new: number
  planned: number
  on_plan: number
  planned_new: number
  problems: number
  problems_closed: number
  problems_due: number
  problems_in_time: number
}

export interface Finding {
  ref: string
  rule: string
  severity: string
  message: ErrsText
  reason: string
}

export interface FindingCounts {
  errors: number
  warnings: number
  unconfirmed: number
}

export interface FormChain {
  submission: string
  revision: number
  digest: string
  steps: ChainStep[]
  signatures: SignatureEntry[]
}

export interface FormCheck {
  usable: boolean
  version: string
  base: string
  mistakes: Mistake[]
  revised: Revised[]
  moves: FormVisits
}

export interface FormPublish {
  name: string
  source: string
  base: string
  reason: string
}

export interface FormTeamsInput {
}

export interface FormUpload {
  name: string
  source: string
}

export interface FormVersion {
  n: number
  hash: string
  version: string
  reason: string
  file_name: string
  at: string
  by_name: string
  open: number
  begun: number
  returned: number
  sent: number
}

export interface FormVersions {
  code: string
  title: PlaybookText
  hash: string
  version: string
  classes: string[]
  versions: FormVersion[]
}

export interface FormVersionsList {
  items: FormVersions[]
  next: string
}

export interface FormVisits {
  open: number
  begun: number
  returned: number
  sent: number
}

export interface FormedTeams {
  items: Team[]
  reasons: AssignReason[]
}

export interface FreezeInput {
  reason: string
}

export interface GiveBackInput {
  reason: string
}

export interface Ground {
  rule: string
  title: PlaybookText
  figures: GroundFigure[]
}

export interface GroundFigure {
  indicator: string
  title: PlaybookText
  value: number
  op: string
  limit: number
}

export interface Guide {
  id: string
  village: Region
  name: string
  phone: string
  role: string
}

export interface GuideInput {
  village: string
  name: string
  phone: string
  role: string
}

export interface GuideList {
  items: Guide[]
  next: string
}

export interface Head {
  id: string
  series: string
  title: PlaybookText
  period: Period
  state: string
  number: number
  digest: string
  computed_at: string
  computed_by: string
  approved_at: string
  approved_by: string
  issued_at: string
  issued_by: string
  withdrawn_at: string
  withdrawn_by: string
  reason: string
}

export interface History {
  events: RosterEvent[]
  kin: Kin[]
}

export interface House {
  village: Region
  one: HouseSide
  parts: HouseSide[]
}

export interface HousePage {
  items: House[]
  next: string
}

export interface HouseSide {
  kind: string
  key: string
  household: string
  members: string[]
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
  state: string
  struck: string
  origin: string
  village_now: Region | null
  version: number
  position: Position | null
  assignment: HouseholdsVisit | null
}

export interface HouseholdAgreement {
  household: Household
  members: WebPerson[]
  fields: FigureKind[]
  sources: FigureSource[]
  figures: Figure[]
  papers: PaperCheck[]
}

export interface HouseholdBrief {
  id: string
  code: string
  head_name: string
  village: Region
  group: string
  class: string
}

export interface HouseholdDetail {
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
  state: string
  struck: string
  origin: string
  village_now: Region | null
  version: number
  position: Position | null
  assignment: HouseholdsVisit | null
  campaign_id: string
  members: Member[]
  submissions: HouseholdForm[]
  problems: ProblemRow[]
}

export interface HouseholdForm {
  id: string
  state: string
  revision: number
  received_at: string
  capture: string
  by_name: string
}

export interface HouseholdOf {
  code: string
  head: string
}

export interface HouseholdPage {
  items: Household[]
  next: string
  total: number
}

export interface HouseholdsVisit {
  id: string
  state: string
  team_name: string
  date: string
}

export interface IdentityLink {
  id: string
  kind: string
  state: string
  step: number
  weight: number
  probability: number
  reason: MatchReason
  unsure: boolean
  note: string
  by_name: string
  decided_at: string
  version: number
  left: IdentitySide
  right: IdentitySide
}

export interface IdentityPage {
  items: IdentityLink[]
  next: string
  total: number
}

export interface IdentityRegister {
  kind: string
  title: PlaybookText
  base: boolean
  rows: number
  loaded: boolean
  outdated: boolean
  run: Run | null
  current: Run | null
  auto: number
  review: number
  unsure: number
  decided: number
  rejected: number
}

export interface IdentityRegisterList {
  items: IdentityRegister[]
  next: string
}

export interface IdentitySide {
  kind: string
  ref: string
  name: string
  id_number: string
  birth: string
  sex: string
  village: string
  household: string
  relation: string
  mates: string[]
  row: number
  data: Record<string, string>
  masked: boolean
  village_name: string
}

export interface ImportReport {
  dry_run: boolean
  file_name: string
  digest: string
  sheets: SheetReport[]
  errors: CellNote[]
  errors_total: number
  warnings: CellNote[]
  warnings_total: number
  counts: RosterCounts
  changes: RosterChange[]
  needs_reason: boolean
}

export interface ImportedForm {
  instance_id: string
  digest: string
  revision: number
  state: string
  duplicate: boolean
}

export interface ImportedPackage {
  sha256: string
  device: string
  account: string
  region: string
  came_at: string
  forms: number
  drafts: number
  pictures: number
  imported_at: string
  arrived: ImportedForm[]
  said: ImportedSaid[]
}

export interface ImportedSaid {
  kind: string
  about: string
  text: string
  trouble: string
}

export interface IndicatorEvent {
  id: string
  action: string
  opinion: string
  by_name: string
  role: Role
  note: string
  files: string[]
  at: string
}

export interface IndicatorPage {
  items: Determination[]
  next: string
  counts: Record<string, number>
  persons: Record<string, number>
  kinds: CaseKind[]
}

export interface ItemResult {
  code: string
  title: PlaybookText
  result: string
  reason: PlaybookText
  figure: StandingFigure | null
  parts: StandingFigure[]
  limit: number | null
}

export interface Kin {
  id: string
  code: string
  head_name: string
  kind: string
  later: boolean
}

export interface Lack {
  visits: number
  forms: number
  errors: number
  warnings: number
  queries: number
  threads: number
}

export interface LackItem {
  kind: string
  submission: string
  state: string
  level: string
  house_code: string
  head_name: string
  team: string
  day: string
  errors: number
  unconfirmed: number
  threads: number
}

export interface LedgerNature {
  code: string
  title: PlaybookText
  correction: boolean
}

export interface LedgerRow {
  id: string
  cells: string[]
}

export interface LedgerRules {
  natures: LedgerNature[]
  severities: LedgerWord[]
  responsibles: string[]
  evidence: string
  procedure: PlaybookText
  daily_by: string
  hold: string[]
  today: string
  due_on: string
  reply_by: string
  warn_to: string
}

export interface LedgerTable {
  title: string
  campaign: string
  today: string
  columns: string[]
  heads: string[]
  rows: LedgerRow[]
  more: boolean
}

export interface LedgerWord {
  code: string
  title: PlaybookText
}

export interface LinkingInput {
  kind: string
}

export interface ListContent {
  kind: string
  campaign: string
  village: string
  forms: ListedForm[]
  problems: ListedProblem[]
}

export interface ListHead {
  kind: string
  village: string
  name: string
  visits: number
  accepted: number
  problems: number
  digest: string
  steps: ChainStep[]
  ready: boolean
  mine: string
  for: string
}

export interface ListedForm {
  household: string
  submission: string
  revision: number
  digest: string
  problems: string[]
}

export interface ListedProblem {
  id: string
  number: string
  household: string
  code: string
  title: ErrsText
  nature: string
  severity: string
  source: string
  cause: string
  measure: string
  responsible: string
  person: string
  found_on: string
  due_on: string
}

export interface Listing {
  listed: number
  found: number
  both: number
  note: string
}

export interface ListingAct {
  version: number
  note?: string
  from_paper?: boolean
}

export interface ListingCounts {
  households: number
  confirmed: number
  changed: number
  added: number
  struck: number
  waiting: number
  returned: number
  left: number
}

export interface ListingFreeze {
  villages?: string[]
  note?: string
}

export interface ListingHousehold {
  id: string
  code: string
  group: string
  head_name: string
  head_id_number: string
  phone: string
  class: string
  exit_year: number
  size: number
  tags: string[]
  state: string
  struck: string
  origin: string
  version: number
  members: Member[]
  initials: string[]
  seen: number
  proposal: ListingProposal | null
}

export interface ListingInput {
  action: string
  household_id: string
  version?: number
  seen?: number
  reason?: string
  note?: string
  files?: string[]
  from_paper?: boolean
  edit?: RosterEdit | null
  code?: string
  off_system?: boolean
  into?: string
  parts?: Part[]
}

export interface ListingJudgement {
  accept: boolean
  note?: string
}

export interface ListingProposal {
  id: string
  action: string
  state: string
  reason: string
  note: string
  files: string[]
  differences: Difference[]
  from_paper: boolean
  at: string
  by_name: string
  role: Role
  decided_at: string
  decided_by: string
  decided_note: string
}

export interface ListingProposalList {
  items: ListingProposal[]
  next: string
}

export interface ListingRules {
  township: boolean
  by: string
  today: string
  strikes: ListingStrike[]
}

export interface ListingStatus {
  asked: boolean
  rules: ListingRules
  items: ListingVillage[]
  number: number
  digest: string
  frozen: number
  villages: number
}

export interface ListingStrike {
  reason: string
  evidence: string
  stays: boolean
}

export interface ListingVillage {
  village: Region
  now: Region
  state: string
  version: number
  counts: ListingCounts
  from_paper: boolean
  village_at: string
  village_by: string
  township_at: string
  township_by: string
  frozen_at: string
  frozen_by: string
  returned_at: string
  returned_by: string
  returned_why: string
  may: string[]
}

export interface ListingWork {
  village: Region
  now: Region
  state: string
  version: number
  counts: ListingCounts
  from_paper: boolean
  village_at: string
  village_by: string
  township_at: string
  township_by: string
  frozen_at: string
  frozen_by: string
  returned_at: string
  returned_by: string
  returned_why: string
  may: string[]
  rules: ListingRules
  items: ListingHousehold[]
}

export interface Lists {
  kinds: string[]
  items: ListHead[]
  next: string
  mine: number
}

export interface LogHead {
  origin: string
  size: number
  root: string
}

export interface LoginInput {
  account: string
  password: string
}

export interface MadeClient {
  id: string
  name: string
  label: string
  made_at: string
  seen_at: string
  withdrawn_at: string
  password: string
  server_url: string
  plain_url: string
  qr: string
  local: boolean
}

export interface Mapping {
  sheets: SheetMapping[]
}

export interface MatchReason {
  levels: number[]
  weights: number[]
  term: number
  household: number
  housemates: boolean
  duplicate: boolean
}

export interface MatchRecord {
  n: number
  sheet: number
  row: number
  name: string
  id_number: string
  birth: string
  sex: string
  village: string
  household_key: string
  relation: string
  case_key: string
  data: Record<string, string>
}

export interface MatchRecordList {
  items: MatchRecord[]
  next: string
}

export interface MatchReport {
  rows: number
  broken: number
  format: string
  encoding: string
  counts: CodeCount[]
  errors: Note[]
  warnings: Note[]
}

export interface Matrix {
  ages: number[]
  rows: MatrixRow[]
}

export interface MatrixRow {
  state: string
  level: string
  holder: string
  name: string
  counts: number[]
  late: number
  total: number
}

export interface Me {
  id: string
  account: string
  name: string
  role: Role
  county: string
  region: Region
  actions: Action[]
  pin_set: boolean
  server_time: string
}

export interface Meeting {
  id: string
  campaign: string
  region: string
  level: string
  level_title: PlaybookText
  held_on: string
  place: string
  chair: string
  participants: string[]
  minutes: string
  state: string
  opened_at: string
  closed_at: string
  verdicts: Verdict[]
  may: boolean
}

export interface MeetingInput {
  level: string
  held_on: string
  place: string
  chair: string
  participants: string[]
  minutes: string
}

export interface MeetingList {
  items: Meeting[]
  next: string
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
  reason: string
}

export interface MemberEdit {
  id: string
  do: string
  reason?: string
  set?: Record<string, string>
}

export interface Merger {
  id: string
  old: string
  new: string
  old_name: string
  new_name: string
  day: string
  document: string
  at: string
  by_name: string
}

export interface MergerInput {
  old_code: string
  new_code: string
  day: string
  document: string
}

export interface MergerList {
  items: Merger[]
  next: string
}

export interface Mistake {
  file: string
  line: number
  key?: string
  code: string
  message: PlaybookText
  hint: PlaybookText
  warning?: boolean
}

export interface Moves {
  changes: AssignChange[]
  undo: Step[]
}

export interface Note {
  sheet: string
  row: number
  column: string
  header: string
  code: string
  value: string
  message: string
}

export interface One {
  id: string
  submission: string
  revision: number
}

export interface Order {
  replaced: boolean
  wipe: boolean
}

export interface Outlook {
  townships: TownshipOutlook[]
  strata: StratumOutlook[]
  quotas: QuotaOutlook[]
  villages: number
  households: number
  persons: number
  outside: number
  gap: number
  gap_share: number
  expected: number
  min: number
  max: number
  deff: number
  psus: number
  df: number
  single: number
  single2: number
  short: number
}

export interface PIN {
  salt: string
  iterations: number
  hash: string
}

export interface PINInput {
  pin: string
}

export interface Package {
  sha256: string
  device: string
  account: string
  region: string
  came_at: string
  forms: number
  drafts: number
  pictures: number
  imported_at: string
}

export interface PackageList {
  items: Package[]
  next: string
}

export interface PairCounts {
  persons: number
  found: number
  uncertain: number
  missing: number
}

export interface PaperCheck {
  code: string
  title: ErrsText
  look: ErrsText
  present: string
  complete: string
  consistent: string
  note: string
  by_name: string
  at: string
}

export interface PaperCheckInput {
  present: string
  complete: string
  consistent: string
  note: string
}

export interface PaperFile {
  n: number
  name: string
  state: string
  done: number
  total: number
  size: number
  expires_at: string
  error: string
  error_text: string
}

export interface PaperInput {
  kind: string
  village: string
  team_id: string
  date: string
  households: string[]
  form: string
  copies: number
  one_sided: boolean
}

export interface PaperJob {
  id: string
  state: string
  ask: PaperInput
  open_pii: boolean
  households: number
  created_at: string
  files: PaperFile[]
}

export interface PaperPage {
  items: PaperJob[]
  next: string
  printer: PaperPrinter
}

export interface PaperPrinter {
  ready: boolean
  reason: string
  text: string
  address: string
  local: boolean
}

export interface PaperSummary {
  village: Region
  paper: string
  title: ErrsText
  looked: number
  present: number
  complete: number
  consistent: number
}

export interface PaperSummaryList {
  items: PaperSummary[]
  next: string
}

export interface PaperValue {
  member_id?: string
  field: string
  value: string
}

export interface Part {
  id: string
  head: string
  members: string[]
}

export interface PasswordInput {
  old: string
  new: string
}

export interface Period {
  from: string
  to: string
}

export interface PersonList {
  items: AssignPerson[]
  next: string
}

export interface Petition {
  kind: string
  channel: string
  petitioner: string
  contact: string
  content: string
  explained: string
}

export interface PlaceRow {
  code: string
  name: string
  township: string
  value: string
  households: number
}

export interface Plan {
  feasible: boolean
  reasons: AssignReason[]
  notes: AssignReason[]
  from: string
  to: string
  assignments: number
  teams: TeamPlan[]
  changes: AssignChange[]
  quality: Quality
}

export interface PlanInput {
  from: string
  to: string
  dry_run: boolean
  rest?: boolean
}

export interface PlanMovesInput {
  steps: Step[]
  reason: string
  dry_run: boolean
}

export interface Playbook {
  id: string
  title: PlaybookText
}

export interface PlaybookList {
  items: Playbook[]
  next: string
}

export interface PlaybookText {
  zh: string
  en: string
}

export interface Population {
  village: Region
  listed: number
  persons: number
}

export interface PopulationInput {
  persons: Record<string, number>
}

export interface PopulationList {
  items: Population[]
  next: string
}

export interface Position {
  lat: number
  lon: number
}

export interface Problem {
  id: string
  number: string
  code: string
  title: ErrsText
  category: string
  sector: string
  severity: string
  nature: string
  source: string
  household: ProblemHousehold | null
  off_name: string
  village: Region
  state: string
  responsible: string
  found_on: string
  due_on: string
  first_due: string
  overdue: boolean
  warned: boolean
  notice: string
  reply_by: string
  data_clear: boolean
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

export interface ProblemAct {
  id: string
  note?: string
  files?: string[]
  cause?: string
  measure?: string
  person?: string
  seen?: number | null
  responsible?: string
  nature?: string
  sector?: string
  due_on?: string
  signers?: string[]
}

export interface ProblemDay {
  day: string
  found: number
  handed: ProblemHanded[]
}

export interface ProblemDays {
  days: ProblemDay[]
  feedbacks: ProblemFeedback[]
}

export interface ProblemDetails {
  code: string
  title: string
  detail: string
  fields?: Record<string, unknown>
  request_id: string
  status: number
}

export interface ProblemEvent {
  id: string
  at: string
  by_name: string
  role: Role
  action: string
  note: string
  files: string[]
}

export interface ProblemFeedback {
  id: string
  region: string
  until: string
  note: string
  by_name: string
  at: string
}

export interface ProblemHanded {
  region: string
  listed: number
  late: boolean
  by_name: string
  at: string
}

export interface ProblemHousehold {
  id: string
  code: string
  head_name: string
  group: string
}

export interface ProblemInput {
  household_id?: string
  village_code: string
  title: ErrsText
  category: string
  sector: string
  severity: string
  due_on?: string
  note: string
  source?: string
  nature?: string
  reference?: string
  off_name?: string
  petition?: Petition | null
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
  replied_at: string | null
}

export interface ProblemPage {
  items: ProblemRow[]
  next: string
  total: number
  counts: Record<string, number>
}

export interface ProblemRow {
  id: string
  number: string
  code: string
  title: ErrsText
  category: string
  sector: string
  severity: string
  nature: string
  source: string
  household: ProblemHousehold | null
  off_name: string
  village: Region
  state: string
  responsible: string
  found_on: string
  due_on: string
  first_due: string
  overdue: boolean
  warned: boolean
  notice: string
  reply_by: string
  data_clear: boolean
}

export interface Progress {
  version: number
  updated_at: string
  totals: ProgressCounts
  villages: VillageCounts[]
  teams: TeamCounts[]
  days: DayCounts[]
}

export interface ProgressCounts {
  assigned: number
  submitted: number
  returned: number
  accepted: number
  problems_open: number
  problems_closed: number
  problems_overdue: number
}

export interface Proof {
  table: string
  key: string
  entry: number
}

export interface PublicKey {
  id: string
  point: string
}

export interface PublishInput {
}

export interface Quality {
  least: number
  most: number
  km: number | null
}

export interface QualityFinding {
  id: string
  rule: string
  item: string
  submission_id: string
  household: ProblemHousehold | null
  village: Region
  team_id: string
  team_name: string
  figure: string
  threshold: string
  others: string[]
  figures: Record<string, string>
  state: string
  reason: string
  by_name: string
  explained_at: string
  found_at: string
}

export interface QualityItem {
  item: string
  title: ErrsText
  type: number
  n: number
  numeric: boolean
  gdr: number
  ndr: number
  ioi: number
  band: string
  categories: Category[]
}

export interface QualityPage {
  items: QualityFinding[]
  next: string
  rules: Record<string, number>
  states: Record<string, number>
  ran: Ran | null
}

export interface QualityReason {
  reason: string
}

export interface QueryPage {
  items: QueryRow[]
  open: number
  next: string
}

export interface QueryRow {
  id: string
  household: HouseholdBrief | null
  form: string
  ref: string
  label: string
  state: string
  ruling: boolean
  asked_at: string
  turns: Turn[]
}

export interface Question {
  item: string
  title: ErrsText
  type: number
}

export interface QuizAnswer {
  question: string
  chosen: number[]
}

export interface QuizAttempt {
  id: string
  campaign: string
  answers: QuizAnswer[]
  finished_at: string
}

export interface QuizCount {
  code: string
  text: PlaybookText
  why: PlaybookText
  source: string
  item: string
  asked: number
  wrong: number
}

export interface QuizMark {
  id: string
  asked: number
  correct: number
  passed: boolean
  wrong: string[]
  finished_at: string
  received_at: string
}

export interface QuotaOutlook {
  quota: string
  have: number
  gap: number
  expected: number
  deff: number
}

export interface Ran {
  forms: number
  findings: number
  at: string
}

export interface Rate {
  key: string
  title: ErrsText
  type: number
  checked: number
  differ: number
  rate: number
  lower: number
  upper: number
  flag: boolean
}

export interface RateResult {
  code: string
  title: PlaybookText
  basis: string
  known: boolean
  estimate: number
  lo: number
  hi: number
  se: number
  df: number
  deff: number
  n: number
  of: number
  numerator: number
  base: number
  pending: number
  preview: number | null
  threshold: number
  side: string
  verdict: string
  why: string[]
  flags: string[]
}

export interface Receipt {
  instance_id: string
  revision: number
  digest: string
  received_at: string
  duplicate: boolean
  state: string
  missing_files: string[]
}

export interface ReceiptList {
  items: Receipt[]
  next: string
}

export interface Recheck {
  id: string
  seed: string
  frame: string
  size: number
  drawn: number
  answered: number
  share: string
  by_name: string
  note: string
  at: string
}

export interface RecheckAnswers {
  answers: Record<string, string>
}

export interface RecheckCoverage {
  village: Region
  roster: number
  listing: Listing | null
  by_name: string
  at: string
  estimate: number
  se: number
  share: number
  net: number
}

export interface RecheckDifference {
  submission_id: string
  household: ProblemHousehold
  village: Region
  team_name: string
  item: string
  type: number
  first: string
  second: string
}

export interface RecheckHouse {
  submission_id: string
  household: ProblemHousehold
  village: Region
  team_name: string
  first_team_name: string
  by_name: string
  answered_at: string
}

export interface RecheckInput {
  seed: string
  note: string
}

export interface RecheckList {
  items: Recheck[]
  next: string
}

export interface RecheckResult {
  sample: Recheck
  houses: RecheckHouse[]
  questions: QualityItem[]
  by_type: Rate[]
  by_village: Rate[]
  by_team: Rate[]
  differences: RecheckDifference[]
  coverage: RecheckCoverage[]
  covered: RecheckCoverage
}

export interface RecheckWork {
  questions: Question[]
  houses: RecheckHouse[]
}

export interface Region {
  code: string
  name: string
  level: string
  parent: string
  lat?: number | null
  lon?: number | null
}

export interface RegionInput {
  code: string
  name: string
  lat?: number | null
  lon?: number | null
}

export interface RegionList {
  items: Region[]
  next: string
}

export interface RegionsInput {
  items: RegionInput[]
}

export interface RegisterColumns {
  file: RegisterFile
  kind: RegisterKind
  format: string
  encoding: string
  mapping: Mapping
  tops: RegisterRow[][]
}

export interface RegisterDetail {
  id: string
  campaign_id: string
  kind: string
  file_name: string
  sha256: string
  bytes: number
  state: string
  rows: number
  left_out: number
  skip_broken: boolean
  error: string
  by_name: string
  at: string
  current_at: string
  report: MatchReport | null
}

export interface RegisterField {
  code: string
  title: ErrsText
  kind: string
  required: boolean
}

export interface RegisterFile {
  id: string
  campaign_id: string
  kind: string
  file_name: string
  sha256: string
  bytes: number
  state: string
  rows: number
  left_out: number
  skip_broken: boolean
  error: string
  by_name: string
  at: string
  current_at: string
}

export interface RegisterKind {
  code: string
  title: ErrsText
  owner: ErrsText
  unit: string
  base: boolean
  copy: string
  fields: RegisterField[]
  files: RegisterFile[]
}

export interface RegisterKindList {
  items: RegisterKind[]
  next: string
}

export interface RegisterLoad {
  mapping: Mapping
  skip_broken: boolean
}

export interface RegisterRow {
  number: number
  cells: string[]
}

export interface Reopening {
  note: string
}

export interface ReplaceInput {
  household: string
  reason: string
  note: string
}

export interface Reply {
  id: string
  text: string
  ruling: boolean
}

export interface Result {
  draw: Draw
  villages: VillageResult[]
  uses: UseRow[]
  n: number
  persons: number
  sum_weights: number
  deff: number
  weight_min: number
  weight_max: number
  claims: Claim[]
  warnings: Warning[]
}

export interface ReviewChange {
  ref: string
  label: string
  from: string
  to: string
}

export interface ReviewChangeList {
  items: ReviewChange[]
  next: string
}

export interface Revised {
  kind: string
  path: string
  was: string
  type: string
  label: string
  edits: XformEdit[]
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

export interface RosterChange {
  household_code: string
  head_name: string
  field: string
  from: string
  to: string
}

export interface RosterCounts {
  households_new: number
  households_changed: number
  households_same: number
  members_new: number
  members_changed: number
  members_same: number
  members_gone: number
}

export interface RosterEdit {
  set?: Record<string, string>
  members?: MemberEdit[]
}

export interface RosterEntry {
  number: number
  kind: string
  at: string
  by_name: string
  reason: string
  households: number
  digest: string
}

export interface RosterEntryList {
  items: RosterEntry[]
  next: string
}

export interface RosterEvent {
  id: string
  number: number
  at: string
  by_name: string
  role: Role
  source: string
  action: string
  reason: string
  differences: Difference[]
}

export interface RosterImport {
  id: string
  file_name: string
  at: string
  by_name: string
  counts: RosterCounts
}

export interface RosterImportList {
  items: RosterImport[]
  next: string
}

export interface RoundRates {
  place: Region
  sampled: boolean
  draw: number
  asks: boolean
  results: RateResult[]
  today: string
}

export interface Ruling {
  id: string
  form: string
  ref: string
  asked: string
  answer: string
  by_name: string
  at: string
}

export interface Run {
  id: string
  kind: string
  register: string
  base_kind: string
  base_register: string
  state: string
  phase: string
  done: number
  total: number
  result: RunResult
  by_name: string
  at: string
  ended_at: string
}

export interface RunResult {
  records: number
  base: number
  linked: number
  review: number
  steps: number[]
  pairs: number
  cut: number
  duplicates: number
  houses: number
  splits: number
  merges: number
  prior: number
  m: number[][]
  u: number[][]
}

export interface Said {
  id: string
  item: string
  action: string
  text: string
  assignment: string
  ref: string
  label: string
}

export interface SamplingPlace {
  code: string
  value: string
}

export interface SamplingPlacesInput {
  places: SamplingPlace[]
}

export interface ScoreAdjustment {
  id: string
  unit: string
  kind: string
  code: string
  points: string
  reason: string
  evidence: ScoreRef[]
  by_name: string
  at: string
  withdrawn_at: string
  withdrawn_by: string
}

export interface ScoreAdjustmentInput {
  unit: string
  kind: string
  code: string
  points: string
  reason: string
  evidence: ScoreRef[]
}

export interface ScoreChange {
  unit: string
  kind: string
  key: string
  value: string
}

export interface ScoreEntry {
  unit: string
  kind: string
  key: string
  value: string
  evidence: ScoreRef[]
  by_name: string
  at: string
}

export interface ScoreEntryInput {
  kind: string
  key: string
  value: string
  evidence: ScoreRef[]
}

export interface ScoreFact {
  code: string
  title: ErrsText
  counted: boolean
}

export interface ScoreItem {
  code: string
  parent: string
  depth: number
  title: ErrsText
  weight: string
  max: string
  kind: string
}

export interface ScoreKind {
  code: string
  title: ErrsText
  kind: string
  rounds: ScoreRound[]
}

export interface ScoreKindList {
  items: ScoreKind[]
  next: string
}

export interface ScoreLine {
  code: string
  state: string
  part: string
  share: string
  points: string
  gives: string
  why: ScoreWhy[]
}

export interface ScoreOpening {
  object: string
  round: string
  departments: string[]
}

export interface ScorePlace {
  place: number
  ordinal: number
  tie_break: string
  best: boolean
}

export interface ScoreRatingInput {
  item: string
  points: string
  ruling: boolean
  evidence: ScoreRef[]
  note: string
}

export interface ScoreRef {
  kind: string
  id: string
  note: string
}

export interface ScoreRound {
  id: string
  code: string
  title: ErrsText
  weight: string
  state: string
  digest: string
  by_name: string
  opened_at: string
  closed_at: string
}

export interface ScoreTable {
  id: string
  campaign_id: string
  object: string
  round: string
  state: string
  digest: string
  ranked: boolean
  items: ScoreItem[]
  facts: ScoreFact[]
  vetoes: ScoreFact[]
  veto_mode: string
  units: ScoreUnit[]
  entries: ScoreEntry[]
  adjustments: ScoreAdjustment[]
}

export interface ScoreUnit {
  code: string
  name: string
  village: Region
  score: string
  base: string
  deducted: string
  bonus: string
  vetoed: boolean
  missing: string[]
  disputed: string[]
  lines: ScoreLine[]
  steps: ScoreWhy[]
  place: ScorePlace | null
  whole: string
}

export interface ScoreWeight {
  item: string
  weight: string
}

export interface ScoreWhatIf {
  weights: ScoreWeight[]
  veto_mode: string
  changes: ScoreChange[]
}

export interface ScoreWhatIfResult {
  before: ScoreTable
  after: ScoreTable
}

export interface ScoreWhy {
  what: string
  figures: Record<string, string>
  evidence: ScoreRef[]
  note: string
}

export interface SeedInput {
  seed: string
  source: string
  witnesses: string
  frame_sha256: string
}

export interface Sent {
  instance_id: string
  revision: number
  digest: string
  assignment: string
  received_at: string
  state: string
  current: number
  missing_files: string[]
  second: SentSecond | null
}

export interface SentList {
  items: Sent[]
  next: string
}

export interface SentSecond {
  state: string
  differs: string[]
}

export interface SeriesState {
  code: string
  title: PlaybookText
  measure: string
  now: Period | null
  due: Period[]
}

export interface SettleInput {
  take: boolean
  note: string
}

export interface Settlement {
  source: string
  value?: string
  note: string
}

export interface Setup {
  sampled: boolean
  manage: boolean
  design: Design
  places: PlaceRow[]
  outlook: Outlook | null
  claims: Claim[]
  warnings: Warning[]
  draws: Draw[]
}

export interface Share {
  n: number
  of: number
}

export interface SheetMapping {
  sheet: number
  name: string
  use: boolean
  header_from: number
  header_to: number
  columns: ColumnMapping[]
}

export interface SheetReport {
  name: string
  kind: string
  header_row: number
  rows: number
}

export interface Showable {
  n: number
  deff: number
  df: number
  bound: number
  bound_deff: number
  interval: number
  needed_srs: number
  needed: number
  needed_for_verdict: number
  can_show_srs: boolean
  can_show: boolean
  can_judge: boolean
  census: boolean
}

export interface Sight {
  assignment: string
  pictures: SmallPicture[]
  position: Whereabouts | null
}

export interface SignatureEntry {
  id: string
  kind: string
  subject: string
  village: string
  step: string
  digest: string
  submission: string
  revision: number
  problems: string
  account: string
  by_name: string
  role: Role
  for: string
  reason: string
  note: string
  image: string
  signed_at: string
  at: string
}

export interface SignatureInput {
  id: string
  step: string
  digest: string
  note?: string
}

export interface SignedList {
  kind: string
  village: string
  name: string
  visits: number
  accepted: number
  problems: number
  digest: string
  steps: ChainStep[]
  ready: boolean
  mine: string
  for: string
  content: ListContent
  households: Record<string, HouseholdOf>
  signatures: SignatureEntry[]
}

export interface SmallPicture {
  sha256: string
  size: number
  label: PlaybookText
  day: string
  round: string
}

export interface StaffLine {
  row: number
  code: string
  message: string
}

export interface StaffReport {
  dry_run: boolean
  rows: number
  people: number
  ties: number
  errors: StaffLine[]
  columns: string[]
}

export interface StageInput {
  stage: string
}

export interface Standing {
  ask: number
  pass: number
  passed: number
  failed: number
  untried: number
  people: Trainee[]
  questions: QuizCount[]
}

export interface StandingFigure {
  name: string
  title: PlaybookText
  unit: string
  value: number | null
}

export interface Step {
  assignment?: string
  team?: string
  date?: string
  village?: string
  to_team: string
  to_date: string
  free?: boolean
}

export interface Stored {
  sha256: string
  size: number
}

export interface StratumOutlook {
  stratum: string
  quota: string
  villages: number
  have: number
  gap: number
  expected: number
  certainty: boolean
  weight_min: number
  weight_max: number
}

export interface StratumResult {
  stratum: string
  quota: string
  have: number
  draw: number
  certainty: boolean
  gap: boolean
}

export interface Subject {
  id: string
  code: string
  head_name: string
  village: string
  village_name: string
  group: string
  class: string
}

export interface SubmissionAnswer {
  ref: string
  label: string
  type: string
  value: string
  display: string
  comments: SubmissionComment[]
  findings: Finding[]
  previous?: string | null
  register: SubmissionRegister | null
}

export interface SubmissionComment {
  id: string
  ref: string
  text: string
  by_name: string
  at: string
  revision: number
  level: string
  resolved: boolean
  turns: CommentTurn[]
  reply: string
  may: string[]
}

export interface SubmissionConflict {
  n: number
  base: number
  current: number
  state: string
  result: number
  overlaps: ConflictAnswer[]
  taken: ConflictAnswer[]
  found_at: string
  decided_at: string
  note: string
}

export interface SubmissionConflictList {
  items: SubmissionConflict[]
  next: string
}

export interface SubmissionDetail {
  id: string
  assignment_id: string
  household: HouseholdBrief | null
  form: string
  team: TeamBrief | null
  revision: number
  state: string
  level: string
  findings: FindingCounts
  received_at: string
  returned_times: number
  reason: string
  reason_text: string
  capture: string
  since: string
  due_on: string
  late: boolean
  code: string
  form_title: PlaybookText
  revisions: SubmissionRevision[]
  sections: SubmissionSection[]
  comments: SubmissionComment[]
  findings_list: Finding[]
  history: SubmissionStep[]
  missing_files: string[]
  may: string[]
  visit: Visit
  vouches: Vouch[]
}

export interface SubmissionPage {
  items: SubmissionRow[]
  next: string
  total: number
  counts: Record<string, number>
}

export interface SubmissionRegister {
  was: string
  changed: boolean
  reason: string
}

export interface SubmissionRevision {
  n: number
  digest: string
  size: number
  received_at: string
  by_name: string
  errors: number
  warnings: number
  reason: string
  via: string
  capture: string
}

export interface SubmissionRow {
  id: string
  assignment_id: string
  household: HouseholdBrief | null
  form: string
  team: TeamBrief | null
  revision: number
  state: string
  level: string
  findings: FindingCounts
  received_at: string
  returned_times: number
  reason: string
  reason_text: string
  capture: string
  since: string
  due_on: string
  late: boolean
  code: string
}

export interface SubmissionSecond {
  submission: string
  n: number
  stands: string
  stands_n: number
  state: string
  keyed: boolean
  compared: boolean
  differs: ConflictAnswer[]
  found_at: string
  decided_at: string
  note: string
}

export interface SubmissionSecondList {
  items: SubmissionSecond[]
  next: string
}

export interface SubmissionSection {
  ref: string
  title: string
  answers: SubmissionAnswer[]
}

export interface SubmissionStep {
  at: string
  by_name: string
  role: Role
  action: string
  level: string
  note: string
}

export interface Suspect {
  id: string
  pair: string
  kind: string
  name: string
  id_number: string
  village: Region
  household_key: string
  household: string
  proposed: string
  state: string
  note: string
  by_name: string
  decided_at: string
  gone: boolean
  version: number
}

export interface SuspectDecision {
  state: string
  reason: string
  version: number
}

export interface SuspectPage {
  pairs: SuspectPair[]
  items: Suspect[]
  next: string
  total: number
}

export interface SuspectPair {
  code: string
  title: PlaybookText
  in: string
  not_in: string
  tag: string
  counts: PairCounts
  misses: number
  open: number
  explained: number
  to_visit: number
  at: string
}

export interface SyncAnswer {
  digest: string
  receipt: Receipt | null
  code: string
  detail: string
}

export interface SyncAnswerList {
  items: SyncAnswer[]
  next: string
}

export interface SyncAsk {
  files: SyncFile[]
}

export interface SyncDeposit {
  sha256: string
}

export interface SyncDevice {
  device: string
}

export interface SyncEarlier {
  items: Sight[]
  next: string
  making: boolean
}

export interface SyncFile {
  sha256: string
  size: number
}

export interface SyncForm {
  assignment: string
  form: string
  base: number
  digest: string
  size: number
  xml?: string
}

export interface SyncHave {
  sha256: string
  whole: boolean
  offset: number
}

export interface SyncHaveList {
  items: SyncHave[]
  next: string
}

export interface SyncHead {
  me: FieldPerson
  campaign: FieldCampaign | null
  team: FieldTeam | null
  forms: FieldForm[]
}

export interface SyncItem {
  id: string
  tag: string
}

export interface SyncKey {
  key: string
}

export interface SyncManifest {
  head: string
  forms: FieldForm[]
  assignments: SyncItem[]
}

export interface SyncPull {
  head: boolean
  assignments: string[]
}

export interface SyncPulled {
  head: SyncHead | null
  assignments: FieldAssignment[]
}

export interface SyncRecover {
  device: string
  password: string
  envelope: Envelope
}

export interface SyncSend {
  device: string
  forms: SyncForm[]
}

export interface SyncWelcome {
  server_time: string
  replaced: boolean
  wipe: boolean
  office_key: PublicKey
  badge: boolean
  max_part: number
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

export interface TeamBrief {
  id: string
  name: string
}

export interface TeamCounts {
  id: string
  name: string
  assigned: number
  submitted: number
  returned: number
  accepted: number
  problems_open: number
  problems_closed: number
  problems_overdue: number
}

export interface TeamInput {
  name: string
  member_ids: string[]
}

export interface TeamList {
  items: Team[]
  next: string
}

export interface TeamMember {
  id: string
  account: string
  name: string
  from_county: boolean
  home_village: Region | null
}

export interface TeamPlan {
  id: string
  name: string
  days: DayPlan[]
}

export interface Tie {
  kind: string
  village: Region
  household: string
  note: string
}

export interface TieInput {
  kind: string
  village: string
  household: string
  note: string
}

export interface TieList {
  items: Tie[]
  next: string
}

export interface TiesInput {
  ties: TieInput[]
}

export interface TownshipOutlook {
  township: string
  group: string
  villages: number
  draw: number
  households: number
}

export interface Trace {
  campaign_id: string
  title: string
  household: Subject
  form: FormChain
  story: TracedEvent[]
  problems: TracedProblem[]
  problem: string
  signers: TracedSigner[]
  log: LogHead
  made_at: string
  made_by: string
}

export interface TracedEvent {
  at: string
  what: string
  by_name: string
  role: Role
  note: string
  revision: number
  digest: string
  step: string
  for: string
  problem: string
  void: boolean
  proof: Proof
}

export interface TracedProblem {
  id: string
  number: string
  code: string
  title: ErrsText
  source: string
  reference: string
  state: string
  found_at: string
  found_by: string
  check: boolean
}

export interface TracedSigner {
  id: string
  kind: string
  subject: string
  village: string
  step: string
  digest: string
  submission: string
  revision: number
  problems: string
  account: string
  by_name: string
  role: Role
  for: string
  reason: string
  note: string
  image: string
  signed_at: string
  at: string
  title: ErrsText
  said: string
  answers: boolean
  void: boolean
  proof: Proof
}

export interface Trainee {
  account: string
  name: string
  team: string
  team_name: string
  unit: string
  place: Region
  state: string
  attempts: number
  best: number
  last: number
  last_at: string
  passed_at: string
}

export interface Turn {
  id: string
  action: string
  text: string
  by_name: string
  role: Role
  at: string
}

export interface TurnInput {
  id: string
  action: string
  text: string
}

export interface Unit {
  household: string
  code: string
  head_name: string
  village: string
  stratum: string
  quota: string
  order: number
  state: string
  p1: string
  p2: string
  weight: string
  weight_value: number
  persons: number
}

export interface UnitList {
  items: Unit[]
  next: string
}

export interface Unplanned {
  village: Region
  households: number
}

export interface UseRow {
  household: string
  with: string
  village: string
  stratum: string
  reason: string
  note: string
  at: string
  by: string
}

export interface Value {
  source: string
  copy: string
  value: string
  known: boolean
  off: boolean
}

export interface Verdict {
  decision: string
  submission: string
  house_code: string
  head_name: string
  class: string
  village: string
  village_name: string
  action: string
  note: string
  code: string
  at: string
}

export interface VerdictInput {
  id: string
  action: string
  revision: number
  note: string
}

export interface VillageCounts {
  code: string
  name: string
  assigned: number
  submitted: number
  returned: number
  accepted: number
  problems_open: number
  problems_closed: number
  problems_overdue: number
}

export interface VillageEntry {
  item: string
  result: string
  figure: string
  note: string
}

export interface VillageItemResult {
  item: string
  result: string
  figure: string
  note: string
  title: PlaybookText
  measure: PlaybookText
  weighed: boolean
  worked: boolean
  by_name: string
  at: string | null
}

export interface VillageResult {
  code: string
  name: string
  township: string
  group: string
  type: string
  order: number
  drawn: number
  of: number
  attempt: number
  p: string
  short: number
  strata: StratumResult[]
  reserve: number
  gone: number
}

export interface VillageStanding {
  village: Region
  result: string
  met: number
  not_met: number
  unknown: number
  items: VillageItemResult[]
}

export interface VillageStandingInput {
  items: VillageEntry[]
}

export interface VillageStandingList {
  items: VillageStanding[]
  next: string
}

export interface Visit {
  guide: string
  respondent: string
  name: string
  elsewhere: string
}

export interface Vouch {
  ref: string
  label: string
  name: string
  method: string
  at: string
  holds: boolean
}

export interface Warning {
  code: string
  text: string
}

export interface WebPerson {
  id: string
  name: string
}

export interface Whereabouts {
  lat: number
  lon: number
  accuracy: number
  day: string
  round: string
}

export interface XformEdit {
  what: string
  before: string
  after: string
}

/** Every route: what it is sent and what it answers. */
export interface Api {
  'POST /session': { req: LoginInput; res: Me }
  'DELETE /session': { req: undefined; res: undefined }
  'GET /me': { req: undefined; res: Me }
  'PUT /me/password': { req: PasswordInput; res: undefined }
  'PUT /me/pin': { req: PINInput; res: undefined }
  'GET /accounts': { req: undefined; res: AccountList }
  'PUT /accounts/{account}': { req: AccountInput; res: Account }
  'GET /regions': { req: undefined; res: RegionList }
  'PUT /regions': { req: RegionsInput; res: RegionList }
  'PUT /files/{sha256}': { req: Blob; res: Stored }
  'GET /playbooks': { req: undefined; res: PlaybookList }
  'GET /campaigns': { req: undefined; res: CampaignList }
  'GET /campaigns/{campaign}': { req: undefined; res: Campaign }
  'PUT /campaigns/{campaign}': { req: CampaignInput; res: Campaign }
  'POST /campaigns/{campaign}/stage': { req: StageInput; res: Campaign }
  'GET /campaigns/{campaign}/forms': { req: undefined; res: FormVersionsList }
  'POST /campaigns/{campaign}/forms/{form}/check': { req: FormUpload; res: FormCheck }
  'POST /campaigns/{campaign}/forms/{form}/versions': { req: FormPublish; res: FormVersion }
  'POST /campaigns/{campaign}/roster/imports': { req: Blob; res: ImportReport }
  'GET /campaigns/{campaign}/roster/imports': { req: undefined; res: RosterImportList }
  'GET /campaigns/{campaign}/roster/template.xlsx': { req: undefined; res: Blob }
  'GET /campaigns/{campaign}/households': { req: undefined; res: HouseholdPage }
  'GET /households/{household}': { req: undefined; res: HouseholdDetail }
  'GET /campaigns/{campaign}/roster/entries': { req: undefined; res: RosterEntryList }
  'GET /campaigns/{campaign}/roster/frozen.txt': { req: undefined; res: Blob }
  'GET /households/{household}/history': { req: undefined; res: History }
  'GET /mergers': { req: undefined; res: MergerList }
  'PUT /mergers/{merger}': { req: MergerInput; res: MergerList }
  'DELETE /mergers/{merger}': { req: undefined; res: undefined }
  'GET /campaigns/{campaign}/listing': { req: undefined; res: ListingStatus }
  'GET /campaigns/{campaign}/listing/{village}': { req: undefined; res: ListingWork }
  'PUT /campaigns/{campaign}/listing/{village}/proposals/{proposal}': { req: ListingInput; res: ListingHousehold }
  'PUT /campaigns/{campaign}/listing/{village}/late/{proposal}': { req: ListingInput; res: ListingHousehold }
  'POST /campaigns/{campaign}/listing/freeze': { req: ListingFreeze; res: RosterEntry }
  'DELETE /listing-proposals/{proposal}': { req: undefined; res: undefined }
  'POST /listing-proposals/{proposal}/decision': { req: ListingJudgement; res: ListingHousehold }
  'GET /listing-proposals/{proposal}/files/{sha256}': { req: undefined; res: Blob }
  'GET /households/{household}/proposals': { req: undefined; res: ListingProposalList }
  'POST /campaigns/{campaign}/listing/{village}/confirm': { req: ListingAct; res: ListingWork }
  'POST /campaigns/{campaign}/listing/{village}/approve': { req: ListingAct; res: ListingWork }
  'POST /campaigns/{campaign}/listing/{village}/return': { req: ListingAct; res: ListingWork }
  'GET /campaigns/{campaign}/identity': { req: undefined; res: IdentityRegisterList }
  'POST /campaigns/{campaign}/identity/runs': { req: LinkingInput; res: IdentityRegisterList }
  'GET /campaigns/{campaign}/identity/links': { req: undefined; res: IdentityPage }
  'GET /campaigns/{campaign}/identity/houses': { req: undefined; res: HousePage }
  'GET /identity/links/{link}': { req: undefined; res: IdentityLink }
  'POST /identity/links/{link}/decision': { req: Decision; res: IdentityLink }
  'GET /campaigns/{campaign}/suspects': { req: undefined; res: SuspectPage }
  'GET /campaigns/{campaign}/suspects.xlsx': { req: undefined; res: Blob }
  'POST /suspects/{suspect}/decision': { req: SuspectDecision; res: Suspect }
  'GET /campaigns/{campaign}/sampling': { req: undefined; res: Setup }
  'PUT /campaigns/{campaign}/sampling/places': { req: SamplingPlacesInput; res: undefined }
  'PUT /campaigns/{campaign}/draws/{draw}': { req: FreezeInput; res: Draw }
  'GET /draws/{draw}': { req: undefined; res: Result }
  'GET /draws/{draw}/units': { req: undefined; res: UnitList }
  'POST /draws/{draw}/seed': { req: SeedInput; res: Draw }
  'POST /draws/{draw}/publish': { req: PublishInput; res: Draw }
  'POST /draws/{draw}/replacements': { req: ReplaceInput; res: UseRow }
  'GET /draws/{draw}/record.json': { req: undefined; res: Blob }
  'GET /draws/{draw}/frame.csv': { req: undefined; res: Blob }
  'GET /campaigns/{campaign}/registers': { req: undefined; res: RegisterKindList }
  'POST /campaigns/{campaign}/registers': { req: Blob; res: RegisterFile }
  'GET /registers/{register}': { req: undefined; res: RegisterDetail }
  'GET /registers/{register}/columns': { req: undefined; res: RegisterColumns }
  'GET /registers/{register}/columns/{sheet}': { req: undefined; res: SheetMapping }
  'POST /registers/{register}/check': { req: RegisterLoad; res: MatchReport }
  'POST /registers/{register}/load': { req: RegisterLoad; res: RegisterFile }
  'GET /registers/{register}/records': { req: undefined; res: MatchRecordList }
  'GET /registers/{register}/left-out.csv': { req: undefined; res: Blob }
  'DELETE /registers/{register}': { req: undefined; res: undefined }
  'GET /campaigns/{campaign}/agreement': { req: undefined; res: AgreementSummary }
  'GET /campaigns/{campaign}/agreement/figures': { req: undefined; res: FigureList }
  'POST /campaigns/{campaign}/agreement/compare': { req: undefined; res: undefined }
  'POST /campaigns/{campaign}/corrections': { req: Blob; res: Blob }
  'GET /campaigns/{campaign}/paper-checks': { req: undefined; res: PaperSummaryList }
  'GET /households/{household}/agreement': { req: undefined; res: HouseholdAgreement }
  'PUT /households/{household}/paper-values': { req: PaperValue; res: undefined }
  'PUT /households/{household}/paper-checks/{check}': { req: PaperCheckInput; res: undefined }
  'POST /figures/{figure}/settle': { req: Settlement; res: Figure }
  'POST /figures/{figure}/reopen': { req: Reopening; res: Figure }
  'GET /campaigns/{campaign}/teams': { req: undefined; res: TeamList }
  'POST /campaigns/{campaign}/teams/form': { req: FormTeamsInput; res: FormedTeams }
  'PUT /campaigns/{campaign}/teams/{team}': { req: TeamInput; res: Team }
  'DELETE /campaigns/{campaign}/teams/{team}': { req: undefined; res: undefined }
  'POST /campaigns/{campaign}/plan': { req: PlanInput; res: Plan }
  'GET /campaigns/{campaign}/plan': { req: undefined; res: Plan }
  'GET /campaigns/{campaign}/assignments': { req: undefined; res: AssignmentPage }
  'POST /assignments/{assignment}/move': { req: AssignmentMove; res: Assignment }
  'GET /campaigns/{campaign}/plan/board': { req: undefined; res: Board }
  'POST /campaigns/{campaign}/plan/moves': { req: PlanMovesInput; res: Moves }
  'POST /campaigns/{campaign}/teams/{team}/drop': { req: DropTeamInput; res: Plan }
  'POST /campaigns/{campaign}/plan/days-off': { req: DayOffInput; res: undefined }
  'POST /assignments/{assignment}/give-back': { req: GiveBackInput; res: undefined }
  'POST /field/assignments/{assignment}/give-back': { req: GiveBackInput; res: undefined }
  'POST /field/assignments/{assignment}/begin': { req: undefined; res: undefined }
  'GET /campaigns/{campaign}/people': { req: undefined; res: PersonList }
  'PUT /campaigns/{campaign}/people/{account}/ties': { req: TiesInput; res: TieList }
  'POST /campaigns/{campaign}/people/import': { req: Blob; res: StaffReport }
  'GET /campaigns/{campaign}/arrangements': { req: undefined; res: ArrangementList }
  'PUT /campaigns/{campaign}/arrangements/{household}': { req: ArrangementInput; res: undefined }
  'GET /campaigns/{campaign}/guides': { req: undefined; res: GuideList }
  'PUT /campaigns/{campaign}/guides/{guide}': { req: GuideInput; res: undefined }
  'DELETE /campaigns/{campaign}/guides/{guide}': { req: undefined; res: undefined }
  'GET /field/package': { req: undefined; res: FieldPackage }
  'GET /field/forms/{hash}': { req: undefined; res: Blob }
  'GET /field/instances/{instance}': { req: undefined; res: Blob }
  'PUT /field/files/{sha256}': { req: Blob; res: Stored }
  'HEAD /field/files/{sha256}': { req: undefined; res: undefined }
  'POST /field/submissions': { req: Blob; res: Receipt }
  'GET /field/receipts': { req: undefined; res: ReceiptList }
  'POST /field/sync/hello': { req: DeviceReport; res: SyncWelcome }
  'GET /field/sync/key': { req: undefined; res: PublicKey }
  'POST /field/sync/have': { req: SyncAsk; res: SyncHaveList }
  'PUT /field/sync/parts/{sha256}': { req: Blob; res: SyncHave }
  'POST /field/sync/forms': { req: SyncSend; res: SyncAnswerList }
  'GET /field/sync/sent': { req: undefined; res: SentList }
  'GET /field/sync/manifest': { req: undefined; res: SyncManifest }
  'POST /field/sync/pull': { req: SyncPull; res: SyncPulled }
  'POST /field/sync/deposit': { req: SyncDeposit; res: Package }
  'POST /field/sync/wiped': { req: SyncDevice; res: undefined }
  'POST /field/sync/recover': { req: SyncRecover; res: SyncKey }
  'GET /field/sync/earlier': { req: undefined; res: SyncEarlier }
  'GET /field/assignments/{assignment}/earlier/{sha256}': { req: undefined; res: Blob }
  'GET /accounts/{account}/devices': { req: undefined; res: DeviceList }
  'PUT /devices/{device}/order': { req: Order; res: Device }
  'GET /packages': { req: undefined; res: PackageList }
  'POST /packages': { req: Blob; res: Package }
  'POST /packages/{sha256}/import': { req: undefined; res: ImportedPackage }
  'GET /accounts/{account}/clients': { req: undefined; res: ClientList }
  'PUT /accounts/{account}/clients/{client}': { req: ClientInput; res: MadeClient }
  'DELETE /clients/{client}': { req: undefined; res: undefined }
  'GET /openrosa/key/{token}/formList': { req: undefined; res: Blob }
  'GET /openrosa/key/{token}/forms/{hash}/form.xml': { req: undefined; res: Blob }
  'GET /openrosa/key/{token}/forms/{hash}/manifest': { req: undefined; res: Blob }
  'GET /openrosa/key/{token}/forms/{hash}/ruhu_households.csv': { req: undefined; res: Blob }
  'HEAD /openrosa/key/{token}/submission': { req: undefined; res: undefined }
  'POST /openrosa/key/{token}/submission': { req: Blob; res: Blob }
  'GET /openrosa/formList': { req: undefined; res: Blob }
  'GET /openrosa/forms/{hash}/form.xml': { req: undefined; res: Blob }
  'GET /openrosa/forms/{hash}/manifest': { req: undefined; res: Blob }
  'GET /openrosa/forms/{hash}/ruhu_households.csv': { req: undefined; res: Blob }
  'HEAD /openrosa/submission': { req: undefined; res: undefined }
  'POST /openrosa/submission': { req: Blob; res: Blob }
  'GET /campaigns/{campaign}/submissions': { req: undefined; res: SubmissionPage }
  'GET /submissions/{submission}': { req: undefined; res: SubmissionDetail }
  'GET /submissions/{submission}/revisions/{n}': { req: undefined; res: Blob }
  'GET /submissions/{submission}/diff': { req: undefined; res: ReviewChangeList }
  'GET /submissions/{submission}/files/{name}': { req: undefined; res: Blob }
  'POST /submissions/{submission}/decisions': { req: DecisionInput; res: SubmissionDetail }
  'POST /submissions/{submission}/threads/{thread}': { req: TurnInput; res: SubmissionDetail }
  'GET /campaigns/{campaign}/meetings': { req: undefined; res: MeetingList }
  'PUT /campaigns/{campaign}/meetings/{meeting}': { req: MeetingInput; res: Meeting }
  'GET /meetings/{meeting}': { req: undefined; res: Meeting }
  'POST /meetings/{meeting}/close': { req: undefined; res: Meeting }
  'POST /meetings/{meeting}/submissions/{submission}': { req: VerdictInput; res: Verdict }
  'GET /campaigns/{campaign}/waiting': { req: undefined; res: Matrix }
  'POST /campaigns/{campaign}/decisions': { req: BulkInput; res: BulkOutcomeList }
  'GET /campaigns/{campaign}/areas': { req: undefined; res: AreaList }
  'GET /campaigns/{campaign}/areas/{village}': { req: undefined; res: AreaShow }
  'POST /campaigns/{campaign}/areas/{village}/accept': { req: AreaInput; res: Area }
  'POST /campaigns/{campaign}/areas/{village}/reopen': { req: AreaInput; res: Area }
  'GET /campaigns/{campaign}/papers': { req: undefined; res: PaperPage }
  'PUT /campaigns/{campaign}/papers/{paper}': { req: PaperInput; res: PaperJob }
  'GET /papers/{paper}': { req: undefined; res: PaperJob }
  'DELETE /papers/{paper}': { req: undefined; res: undefined }
  'GET /papers/{paper}/files/{n}': { req: undefined; res: Blob }
  'GET /submissions/{submission}/conflicts': { req: undefined; res: SubmissionConflictList }
  'POST /submissions/{submission}/conflicts/{n}': { req: SettleInput; res: SubmissionConflictList }
  'GET /submissions/{submission}/seconds': { req: undefined; res: SubmissionSecondList }
  'POST /submissions/{submission}/second': { req: SettleInput; res: SubmissionSecondList }
  'GET /campaigns/{campaign}/queries': { req: undefined; res: QueryPage }
  'POST /queries/{query}/answers': { req: Reply; res: QueryRow }
  'POST /field/queries': { req: Said; res: FieldQuery }
  'GET /campaigns/{campaign}/training': { req: undefined; res: Standing }
  'GET /field/training/{hash}': { req: undefined; res: Blob }
  'POST /field/training': { req: QuizAttempt; res: QuizMark }
  'GET /campaigns/{campaign}/signatures': { req: undefined; res: Lists }
  'GET /campaigns/{campaign}/signatures/{kind}/{village}': { req: undefined; res: SignedList }
  'POST /campaigns/{campaign}/signatures/{kind}/{village}': { req: SignatureInput; res: SignedList }
  'GET /campaigns/{campaign}/households/{household}/signatures': { req: undefined; res: FormChain }
  'GET /campaigns/{campaign}/households/{household}/trace': { req: undefined; res: Trace }
  'GET /campaigns/{campaign}/determinations': { req: undefined; res: IndicatorPage }
  'PUT /campaigns/{campaign}/determinations/{determination}': { req: DeterminationInput; res: Case }
  'GET /determinations/{determination}': { req: undefined; res: Case }
  'GET /determinations/{determination}/files/{sha256}': { req: undefined; res: Blob }
  'GET /households/{household}/standing': { req: undefined; res: ExitStanding }
  'GET /campaigns/{campaign}/rates': { req: undefined; res: RoundRates }
  'GET /campaigns/{campaign}/village-standings': { req: undefined; res: VillageStandingList }
  'PUT /campaigns/{campaign}/village-standings/{village}': { req: VillageStandingInput; res: undefined }
  'GET /campaigns/{campaign}/populations': { req: undefined; res: PopulationList }
  'PUT /campaigns/{campaign}/populations': { req: PopulationInput; res: undefined }
  'POST /determinations/{determination}/check': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/decide': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/dismiss': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/confirm': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/reject': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/return': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/appeal': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/uphold': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/overturn': { req: DeterminationAct; res: Case }
  'POST /determinations/{determination}/reopen': { req: DeterminationAct; res: Case }
  'GET /campaigns/{campaign}/problems': { req: undefined; res: ProblemPage }
  'GET /campaigns/{campaign}/ledger': { req: undefined; res: LedgerRules }
  'PUT /campaigns/{campaign}/problems/{problem}': { req: ProblemInput; res: Problem }
  'GET /problems/{problem}': { req: undefined; res: Problem }
  'GET /problems/{problem}/files/{sha256}': { req: undefined; res: Blob }
  'POST /problems/{problem}/start': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/claim': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/escalate': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/judge': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/refer': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/decide': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/supervise': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/answer': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/verify': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/reject': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/close': { req: ProblemAct; res: Problem }
  'POST /problems/{problem}/reopen': { req: ProblemAct; res: Problem }
  'GET /campaigns/{campaign}/ledger/{view}': { req: undefined; res: LedgerTable }
  'GET /campaigns/{campaign}/ledger/{view}/xlsx': { req: undefined; res: Blob }
  'GET /campaigns/{campaign}/common-problems': { req: undefined; res: CommonProblems }
  'PUT /campaigns/{campaign}/common-problems': { req: CommonInput; res: CommonProblems }
  'GET /campaigns/{campaign}/problem-days': { req: undefined; res: ProblemDays }
  'PUT /campaigns/{campaign}/problem-days/{day}': { req: undefined; res: ProblemDays }
  'PUT /campaigns/{campaign}/feedbacks/{feedback}': { req: FeedbackInput; res: ProblemDays }
  'GET /campaigns/{campaign}/quality': { req: undefined; res: QualityPage }
  'POST /campaigns/{campaign}/quality/run': { req: undefined; res: Ran }
  'POST /quality/{finding}/explain': { req: QualityReason; res: QualityFinding }
  'GET /campaigns/{campaign}/rechecks': { req: undefined; res: RecheckList }
  'PUT /campaigns/{campaign}/rechecks/{recheck}': { req: RecheckInput; res: Recheck }
  'GET /rechecks/{recheck}/work': { req: undefined; res: RecheckWork }
  'PUT /rechecks/{recheck}/houses/{submission}': { req: RecheckAnswers; res: RecheckWork }
  'PUT /rechecks/{recheck}/villages/{village}': { req: Listing; res: RecheckResult }
  'GET /rechecks/{recheck}': { req: undefined; res: RecheckResult }
  'GET /campaigns/{campaign}/scores': { req: undefined; res: ScoreKindList }
  'PUT /campaigns/{campaign}/scores/{round}': { req: ScoreOpening; res: ScoreTable }
  'GET /scores/{round}': { req: undefined; res: ScoreTable }
  'POST /scores/{round}/collect': { req: undefined; res: ScoreTable }
  'POST /scores/{round}/close': { req: undefined; res: ScoreTable }
  'PUT /scores/{round}/units/{unit}/entry': { req: ScoreEntryInput; res: ScoreTable }
  'PUT /scores/{round}/units/{unit}/rating': { req: ScoreRatingInput; res: ScoreTable }
  'PUT /scores/{round}/adjustments/{adjustment}': { req: ScoreAdjustmentInput; res: ScoreTable }
  'DELETE /scores/{round}/adjustments/{adjustment}': { req: undefined; res: ScoreTable }
  'POST /scores/{round}/what-if': { req: ScoreWhatIf; res: ScoreWhatIfResult }
  'GET /campaigns/{campaign}/progress': { req: undefined; res: Progress }
  'GET /campaigns/{campaign}/progress/stream': { req: undefined; res: Blob }
  'GET /campaigns/{campaign}/daily-return': { req: undefined; res: DailyReturn }
  'GET /campaigns/{campaign}/circulars': { req: undefined; res: Circulars }
  'PUT /campaigns/{campaign}/circulars/{circular}': { req: CircularInput; res: Circular }
  'GET /circulars/{circular}': { req: undefined; res: Circular }
  'POST /circulars/{circular}/approve': { req: CircularWord; res: Circular }
  'POST /circulars/{circular}/issue': { req: CircularWord; res: Circular }
  'POST /circulars/{circular}/withdraw': { req: CircularWithdrawal; res: Circular }
  'GET /audit': { req: undefined; res: AuditRecordList }
  'GET /log/{county}/checkpoint': { req: undefined; res: Blob }
  'GET /log/{county}/tile/{tile...}': { req: undefined; res: Blob }
  'GET /log/{county}/tile/entries/{bundle...}': { req: undefined; res: Blob }
}
