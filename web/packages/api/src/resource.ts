// One line per endpoint, grouped by noun. URLs are written here and nowhere else.
import { call, del, file, get, post, put, url, type Query } from './client'
import type * as t from './types'
import type * as g from './types.gen'

const seg = encodeURIComponent
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const campaign = (id: string, rest = '') => `/campaigns/${seg(id)}${rest}`

export const session = {
  login: (account: string, password: string) => post<t.Me>('/session', { account, password }),
  logout: () => del('/session'),
  me: () => get<t.Me>('/me'),
  password: (old: string, next: string) => put<undefined>('/me/password', { old, new: next }),
  pin: (pin: string) => put<undefined>('/me/pin', { pin }),
}

export const regions = {
  list: (under?: string) => get<{ items: t.Region[] }>('/regions', { under }),
  put: (items: { code: string; name: string }[]) => put<{ items: t.Region[] }>('/regions', { items }),
}

export const accounts = {
  list: (query: Query) => get<t.Page<t.Account>>('/accounts', query),
  put: (id: string, input: t.AccountInput) => put<t.Account>(`/accounts/${seg(id)}`, input),
}

export const devices = {
  of: (account: string) => get<{ items: t.Device[] }>(`/accounts/${seg(account)}/devices`),
  order: (id: string, order: { replaced: boolean; wipe: boolean }) => put<t.Device>(`/devices/${seg(id)}/order`, order),
  packages: () => get<{ items: t.PhonePackage[] }>('/packages'),
  bring: (file: Blob) => call<t.PhonePackage>('POST', '/packages', { body: file }),
  open: (sha256: string) => post<t.ImportedPackage>(`/packages/${seg(sha256)}/import`, undefined),
}

export const clients = {
  of: (account: string) => get<{ items: t.ClientKey[] }>(`/accounts/${seg(account)}/clients`),
  make: (account: string, id: string, label: string) =>
    put<t.MadeClientKey>(`/accounts/${seg(account)}/clients/${seg(id)}`, { label }),
  withdraw: (id: string) => del(`/clients/${seg(id)}`),
}

export const queries = {
  list: (id: string, query: Query) => get<g.QueryPage>(campaign(id, '/queries'), query),
  answer: (id: string, reply: { id: string; text: string; ruling: boolean }) =>
    post<g.QueryRow>(`/queries/${seg(id)}/answers`, reply),
}

export const training = {
  standing: (id: string, query: Query) => get<g.Standing>(campaign(id, '/training'), query),
}

export const campaigns = {
  playbooks: () => get<{ items: t.PlaybookRow[] }>('/playbooks'),
  list: () => get<{ items: t.Campaign[] }>('/campaigns'),
  get: (id: string) => get<t.Campaign>(campaign(id)),
  put: (id: string, input: { playbook: string; title: string; region_code: string; starts_on: string }) =>
    put<t.Campaign>(campaign(id), input),
  stage: (id: string, stage: string) => post<t.Campaign>(campaign(id, '/stage'), { stage }),
}

/** Base64 of a file, for a field of a JSON body. */
async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let s = ''
  for (let i = 0; i < bytes.length; i += 0x8000) s += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(s)
}

export const forms = {
  list: (id: string) => get<{ items: g.FormVersions[] }>(campaign(id, '/forms')),
  check: async (id: string, code: string, f: File) =>
    post<g.FormCheck>(campaign(id, `/forms/${seg(code)}/check`), { name: f.name, source: await base64(f) }),
  publish: async (id: string, code: string, f: File, base: string, reason: string) =>
    post<g.FormVersion>(campaign(id, `/forms/${seg(code)}/versions`), {
      name: f.name,
      source: await base64(f),
      base,
      reason,
    }),
}

export const roster = {
  /** Checks (dry run) or imports a workbook. Errors in it are a report either way, see `reportOf`. */
  import: (id: string, file: Blob, name: string, dryRun: boolean, reason = '') =>
    call<t.ImportReport>('POST', campaign(id, '/roster/imports'), {
      query: { dry_run: dryRun ? 'true' : 'false', name, reason },
      body: file,
      type: xlsx,
    }),
  imports: (id: string) => get<{ items: t.RosterImport[] }>(campaign(id, '/roster/imports')),
  templateUrl: (id: string) => url(campaign(id, '/roster/template.xlsx')),
}

export const identity = {
  get: (id: string) => get<t.IdentityRegisterList>(campaign(id, '/identity')),
  start: (id: string, kind: string) => post<t.IdentityRegisterList>(campaign(id, '/identity/runs'), { kind }),
  links: (id: string, query: Query) => get<t.IdentityPage>(campaign(id, '/identity/links'), query),
  decide: (link: string, input: { verdict: string; reason: string; version: number }) =>
    post<t.IdentityLink>(`/identity/links/${seg(link)}/decision`, input),
  houses: (id: string, query: Query) => get<t.HousePage>(campaign(id, '/identity/houses'), query),
  suspects: (id: string, query: Query) => get<t.SuspectPage>(campaign(id, '/suspects'), query),
  suspectsUrl: (id: string, query: Query) => url(campaign(id, '/suspects.xlsx'), query),
  explain: (suspect: string, input: { state: string; reason: string; version: number }) =>
    post<t.Suspect>(`/suspects/${seg(suspect)}/decision`, input),
}

export const households = {
  list: (id: string, query: Query) => get<t.Counted<t.Household>>(campaign(id, '/households'), query),
  get: (id: string) => get<t.HouseholdDetail>(`/households/${seg(id)}`),
}

export const registers = {
  list: (id: string) => get<g.RegisterKindList>(campaign(id, '/registers')),
  /** The current file is given back when it is the same, unless `again`. */
  upload: (id: string, kind: string, bytes: Blob, name: string, again = false) =>
    call<g.RegisterFile>('POST', campaign(id, '/registers'), { query: { kind, name, again }, body: bytes }),
  get: (register: string) => get<g.RegisterDetail>(`/registers/${seg(register)}`),
  discard: (register: string) => del(`/registers/${seg(register)}`),
  columns: (register: string) => get<g.RegisterColumns>(`/registers/${seg(register)}/columns`),
  sheet: (register: string, sheet: number, from: number, to: number) =>
    get<g.SheetMapping>(`/registers/${seg(register)}/columns/${sheet}`, { from, to }),
  check: (register: string, mapping: g.Mapping) =>
    post<g.MatchReport>(`/registers/${seg(register)}/check`, { mapping, skip_broken: false }),
  load: (register: string, mapping: g.Mapping, skipBroken: boolean) =>
    post<g.RegisterFile>(`/registers/${seg(register)}/load`, { mapping, skip_broken: skipBroken }),
  leftOutUrl: (register: string) => url(`/registers/${seg(register)}/left-out.csv`),
}

export const agreement = {
  summary: (id: string) => get<g.AgreementSummary>(campaign(id, '/agreement')),
  figures: (id: string, query: Query) => get<g.FigureList>(campaign(id, '/agreement/figures'), query),
  compare: (id: string) => post<undefined>(campaign(id, '/agreement/compare'), {}),
  /** The correction list, in the layout of a template or our own. */
  corrections: (id: string, query: Query, template?: Blob) =>
    file('POST', campaign(id, '/corrections'), { query, body: template ?? new Blob([]), type: xlsx }),
  household: (household: string) => get<g.HouseholdAgreement>(`/households/${seg(household)}/agreement`),
  paperValue: (household: string, input: g.PaperValue) =>
    put<undefined>(`/households/${seg(household)}/paper-values`, input),
  paper: (household: string, paper: string, input: g.PaperCheckInput) =>
    put<undefined>(`/households/${seg(household)}/paper-checks/${seg(paper)}`, input),
  papers: (id: string) => get<g.PaperSummaryList>(campaign(id, '/paper-checks')),
  settle: (figure: string, input: g.Settlement) => post<g.Figure>(`/figures/${seg(figure)}/settle`, input),
  reopen: (figure: string, note: string) => post<g.Figure>(`/figures/${seg(figure)}/reopen`, { note }),
}

export const teams = {
  list: (id: string) => get<{ items: t.Team[] }>(campaign(id, '/teams')),
  put: (id: string, team: string, input: { name: string; member_ids: string[] }) =>
    put<t.Team>(campaign(id, `/teams/${seg(team)}`), input),
  remove: (id: string, team: string) => del(campaign(id, `/teams/${seg(team)}`)),
  form: (id: string) => post<{ items: t.Team[]; reasons: t.Reason[] }>(campaign(id, '/teams/form'), {}),
}

export const plan = {
  make: (id: string, input: g.PlanInput) => post<t.Plan>(campaign(id, '/plan'), input),
  board: (id: string) => get<g.Board>(campaign(id, '/plan/board')),
  /** All steps or none. */
  carry: (id: string, input: g.PlanMovesInput) => post<g.Moves>(campaign(id, '/plan/moves'), input),
  dayOff: (id: string, input: g.DayOffInput) => post<undefined>(campaign(id, '/plan/days-off'), input),
  drop: (id: string, team: string, input: g.DropTeamInput) =>
    post<t.Plan>(campaign(id, `/teams/${seg(team)}/drop`), input),
  giveBack: (assignment: string, reason: string) =>
    post<undefined>(`/assignments/${seg(assignment)}/give-back`, { reason }),
  arrangements: (id: string) => get<g.ArrangementList>(campaign(id, '/arrangements')),
  arrange: (id: string, household: string, input: g.ArrangementInput) =>
    put<undefined>(campaign(id, `/arrangements/${seg(household)}`), input),
  assignments: (id: string, query: Query) => get<t.Counted<t.Assignment>>(campaign(id, '/assignments'), query),
  move: (assignment: string, input: { team_id?: string; date?: string; reason: string }) =>
    post<t.Assignment>(`/assignments/${seg(assignment)}/move`, input),
}

export const people = {
  list: (id: string) => get<g.PersonList>(campaign(id, '/people')),
  ties: (id: string, account: string, ties: g.TieInput[]) =>
    put<g.TieList>(campaign(id, `/people/${seg(account)}/ties`), { ties }),
  import: (id: string, file: Blob, dryRun: boolean) =>
    call<g.StaffReport>('POST', campaign(id, '/people/import'), {
      query: { dry_run: dryRun ? 'true' : 'false' },
      body: file,
      type: xlsx,
    }),
}

export const guides = {
  list: (id: string) => get<g.GuideList>(campaign(id, '/guides')),
  put: (id: string, guide: string, input: g.GuideInput) => put<undefined>(campaign(id, `/guides/${seg(guide)}`), input),
  remove: (id: string, guide: string) => del(campaign(id, `/guides/${seg(guide)}`)),
}

export const submissions = {
  list: (id: string, query: Query) => get<t.SubmissionPage>(campaign(id, '/submissions'), query),
  get: (id: string) => get<t.SubmissionDetail>(`/submissions/${seg(id)}`),
  diff: (id: string, from: number, to: number) =>
    get<{ items: t.DiffRow[] }>(`/submissions/${seg(id)}/diff`, { from, to }),
  decide: (id: string, decision: t.Decision) => post<t.SubmissionDetail>(`/submissions/${seg(id)}/decisions`, decision),
  say: (id: string, thread: string, turn: { id: string; action: string; text: string }) =>
    post<t.SubmissionDetail>(`/submissions/${seg(id)}/threads/${seg(thread)}`, turn),
  conflicts: (id: string) => get<{ items: t.Conflict[] }>(`/submissions/${seg(id)}/conflicts`),
  settle: (id: string, n: number, take: boolean, note: string) =>
    post<{ items: t.Conflict[] }>(`/submissions/${seg(id)}/conflicts/${n}`, { take, note }),
  seconds: (id: string) => get<{ items: t.SecondForm[] }>(`/submissions/${seg(id)}/seconds`),
  settleSecond: (id: string, take: boolean, note: string) =>
    post<{ items: t.SecondForm[] }>(`/submissions/${seg(id)}/second`, { take, note }),
  fileUrl: (id: string, name: string) => url(`/submissions/${seg(id)}/files/${seg(name)}`),
  revisionUrl: (id: string, n: number) => url(`/submissions/${seg(id)}/revisions/${n}`),
}

export const problems = {
  list: (id: string, query: Query) => get<t.ProblemPage>(campaign(id, '/problems'), query),
  get: (id: string) => get<t.Problem>(`/problems/${seg(id)}`),
  put: (id: string, problem: string, input: t.ProblemInput) =>
    put<t.Problem>(campaign(id, `/problems/${seg(problem)}`), input),
  rules: (id: string) => get<t.LedgerRules>(campaign(id, '/ledger')),
  /** start | claim | escalate | judge | refer | decide | supervise | answer | verify | reject | close | reopen */
  act: (id: string, action: string, input: Record<string, unknown>) =>
    post<t.Problem>(`/problems/${seg(id)}/${seg(action)}`, input),
  fileUrl: (id: string, sha256: string) => url(`/problems/${seg(id)}/files/${seg(sha256)}`),
}

export const quality = {
  list: (id: string, query: Query) => get<g.QualityPage>(campaign(id, '/quality'), query),
  run: (id: string) => post<g.Ran>(campaign(id, '/quality/run'), {}),
  explain: (finding: string, reason: string) => post<g.QualityFinding>(`/quality/${seg(finding)}/explain`, { reason }),
}

export const rechecks = {
  list: (id: string) => get<g.RecheckList>(campaign(id, '/rechecks')),
  draw: (id: string, recheck: string, input: g.RecheckInput) =>
    put<g.Recheck>(campaign(id, `/rechecks/${seg(recheck)}`), input),
  get: (recheck: string) => get<g.RecheckResult>(`/rechecks/${seg(recheck)}`),
  work: (recheck: string) => get<g.RecheckWork>(`/rechecks/${seg(recheck)}/work`),
  enterListing: (recheck: string, village: string, input: g.Listing) =>
    put<g.RecheckResult>(`/rechecks/${seg(recheck)}/villages/${seg(village)}`, input),
  answer: (recheck: string, submission: string, answers: Record<string, string>) =>
    put<g.RecheckWork>(`/rechecks/${seg(recheck)}/houses/${seg(submission)}`, { answers }),
}

export const scores = {
  kinds: (id: string) => get<g.ScoreKindList>(campaign(id, '/scores')),
  open: (id: string, round: string, input: g.ScoreOpening) =>
    put<g.ScoreTable>(campaign(id, `/scores/${seg(round)}`), input),
  get: (round: string) => get<g.ScoreTable>(`/scores/${seg(round)}`),
  collect: (round: string) => post<g.ScoreTable>(`/scores/${seg(round)}/collect`, {}),
  whatIf: (round: string, input: g.ScoreWhatIf) => post<g.ScoreWhatIfResult>(`/scores/${seg(round)}/what-if`, input),
  close: (round: string) => post<g.ScoreTable>(`/scores/${seg(round)}/close`, {}),
  enter: (round: string, unit: string, input: g.ScoreEntryInput) =>
    put<g.ScoreTable>(`/scores/${seg(round)}/units/${seg(unit)}/entry`, input),
  rate: (round: string, unit: string, input: g.ScoreRatingInput) =>
    put<g.ScoreTable>(`/scores/${seg(round)}/units/${seg(unit)}/rating`, input),
  adjust: (round: string, adjustment: string, input: g.ScoreAdjustmentInput) =>
    put<g.ScoreTable>(`/scores/${seg(round)}/adjustments/${seg(adjustment)}`, input),
  withdraw: (round: string, adjustment: string) =>
    call<g.ScoreTable>('DELETE', `/scores/${seg(round)}/adjustments/${seg(adjustment)}`),
}

export const ledger = {
  table: (id: string, register: string, query: Query) =>
    get<t.LedgerTable>(campaign(id, `/ledger/${seg(register)}`), query),
  xlsx: (id: string, register: string, query: Query) =>
    file('GET', campaign(id, `/ledger/${seg(register)}/xlsx`), { query }),
  commons: (id: string) => get<{ items: t.CommonProblem[] }>(campaign(id, '/common-problems')),
  gather: (id: string, input: t.CommonInput) =>
    put<{ items: t.CommonProblem[] }>(campaign(id, '/common-problems'), input),
  days: (id: string) => get<t.ProblemDays>(campaign(id, '/problem-days')),
  handIn: (id: string, day: string) => put<t.ProblemDays>(campaign(id, `/problem-days/${seg(day)}`), {}),
  feedBack: (id: string, feedback: string, input: t.FeedbackInput) =>
    put<t.ProblemDays>(campaign(id, `/feedbacks/${seg(feedback)}`), input),
}

export const files = {
  put: (sha256: string, bytes: Blob) =>
    call<{ sha256: string; size: number }>('PUT', `/files/${sha256}`, {
      body: bytes,
      type: 'application/octet-stream',
    }),
}

export const papers = {
  list: (id: string) => get<t.PaperPage>(campaign(id, '/papers')),
  put: (id: string, paper: string, input: t.PaperInput) =>
    put<t.PaperJob>(campaign(id, `/papers/${seg(paper)}`), input),
  remove: (paper: string) => del(`/papers/${seg(paper)}`),
  fileUrl: (paper: string, n: number) => url(`/papers/${seg(paper)}/files/${n}`),
}

export const progress = {
  get: (id: string, by: 'village' | 'team' | 'day') => get<t.Progress>(campaign(id, '/progress'), { by }),
  streamUrl: (id: string) => url(campaign(id, '/progress/stream')),
}
