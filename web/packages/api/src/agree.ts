// Compile-time only: the shapes written in types.ts must be what the server answers (types.gen.ts, made from its route
// table). Where ours name the possible words (`'open' | 'done'`), the server says string; both are loosened before comparing.
import type { Api } from './types.gen'
import type * as t from './types'

type Loose<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends (infer U)[]
        ? Loose<U>[]
        : T extends object
          ? { [K in keyof T]: Loose<T[K]> }
          : T

/** Fails to compile unless everything that Ours promises is in Server. */
type Answers<Route extends keyof Api, Ours> =
  Loose<Api[Route]['res']> extends Loose<Ours>
    ? true
    : { route: Route; missing: Exclude<keyof Ours, keyof Api[Route]['res']> }
/** Fails to compile unless the server takes what Ours sends. */
type Takes<Route extends keyof Api, Ours> = Loose<Ours> extends Loose<Api[Route]['req']> ? true : { route: Route }

type Checked = [
  Answers<'POST /session', t.Me>,
  Answers<'GET /me', t.Me>,
  Answers<'GET /regions', { items: t.Region[] }>,
  Answers<'GET /accounts', t.Page<t.Account>>,
  Takes<'PUT /accounts/{account}', t.AccountInput>,
  Answers<'GET /accounts/{account}/devices', { items: t.Device[] }>,
  Answers<'PUT /devices/{device}/order', t.Device>,
  Answers<'GET /packages', { items: t.PhonePackage[] }>,
  Answers<'POST /packages/{sha256}/import', t.ImportedPackage>,
  Answers<'GET /playbooks', { items: t.PlaybookRow[] }>,
  Answers<'GET /campaigns', { items: t.Campaign[] }>,
  Answers<'POST /campaigns/{campaign}/roster/imports', t.ImportReport>,
  Answers<'GET /campaigns/{campaign}/roster/imports', { items: t.RosterImport[] }>,
  Answers<'GET /campaigns/{campaign}/households', t.Counted<t.Household>>,
  Answers<'GET /households/{household}', t.HouseholdDetail>,
  Answers<'GET /campaigns/{campaign}/teams', { items: t.Team[] }>,
  Answers<'POST /campaigns/{campaign}/teams/form', { items: t.Team[]; reasons: t.Reason[] }>,
  Answers<'GET /campaigns/{campaign}/plan', t.Plan>,
  Answers<'GET /campaigns/{campaign}/assignments', t.Counted<t.Assignment>>,
  Answers<'POST /assignments/{assignment}/move', t.Assignment>,
  Answers<'GET /campaigns/{campaign}/submissions', t.SubmissionPage>,
  Answers<'GET /submissions/{submission}', t.SubmissionDetail>,
  Answers<'GET /submissions/{submission}/diff', { items: t.DiffRow[] }>,
  Takes<'POST /submissions/{submission}/decisions', t.Decision>,
  Answers<'GET /submissions/{submission}/conflicts', { items: t.Conflict[] }>,
  Answers<'GET /submissions/{submission}/seconds', { items: t.SecondForm[] }>,
  Answers<'GET /campaigns/{campaign}/problems', t.ProblemPage>,
  Answers<'GET /problems/{problem}', t.Problem>,
  Takes<'PUT /campaigns/{campaign}/problems/{problem}', t.ProblemInput>,
  Answers<'GET /campaigns/{campaign}/ledger', t.LedgerRules>,
  Answers<'GET /campaigns/{campaign}/ledger/{view}', t.LedgerTable>,
  Answers<'GET /campaigns/{campaign}/common-problems', { items: t.CommonProblem[] }>,
  Takes<'PUT /campaigns/{campaign}/common-problems', t.CommonInput>,
  Answers<'GET /campaigns/{campaign}/problem-days', t.ProblemDays>,
  Takes<'PUT /campaigns/{campaign}/feedbacks/{feedback}', t.FeedbackInput>,
  Answers<'GET /campaigns/{campaign}/progress', t.Progress>,
  Answers<'GET /campaigns/{campaign}/papers', t.PaperPage>,
  Takes<'PUT /campaigns/{campaign}/papers/{paper}', t.PaperInput>,
]

export const agreed: [Exclude<Checked[number], true>] extends [never] ? true : Exclude<Checked[number], true> = true
