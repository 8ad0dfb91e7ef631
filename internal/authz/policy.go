package authz

// Action is something a person may be allowed to do, `noun.verb`.
type Action string

// The actions. What exactly each covers is said where the route is declared.
const (
	Self           Action = "self" // one's own session, password, PIN, uploads
	RegionRead     Action = "region.read"
	RegionManage   Action = "region.manage" // within one's region
	AccountRead    Action = "account.read"
	AccountManage  Action = "account.manage" // within one's region; a township office makes no county roles
	CampaignRead   Action = "campaign.read"
	CampaignManage Action = "campaign.manage" // create, start a stage
	RosterRead     Action = "roster.read"
	RosterPII      Action = "roster.pii" // see ID numbers and phones unmasked
	RosterImport   Action = "roster.import"
	ListingRead    Action = "listing.read"
	ListingWork    Action = "listing.work"   // go through a village's list; the playbook says which roles
	ListingDecide  Action = "listing.decide" // look at what a village did; the playbook says which roles
	ListingFreeze  Action = "listing.freeze"
	MatchRead      Action = "match.read"      // registers and what they say
	MatchImport    Action = "match.import"    // the campaign's region must be the actor's: the service checks
	MatchCompare   Action = "match.compare"   // agreement of a household's figures, papers
	MatchSettle    Action = "match.settle"    // settle a difference; enter what paper says; check papers
	MatchDecide    Action = "match.decide"    // link registers, decide on doubtful links, undo them
	MatchSuspect   Action = "match.suspect"   // see who may have been missed: nobody who goes on site (S0.18)
	SamplingRead   Action = "sampling.read"   // design and digests; samples once they are published
	SamplingManage Action = "sampling.manage" // freeze, seed, publish, replace
	TeamRead       Action = "team.read"
	TeamManage     Action = "team.manage"
	AssignRead     Action = "assign.read"
	AssignManage   Action = "assign.manage"
	TrainingRead   Action = "training.read" // who has passed the quiz
	FieldUse       Action = "field.use"     // the phone app
	SubmissionRead Action = "submission.read"
	QueryRead      Action = "query.read"
	QueryAnswer    Action = "query.answer"   // what teams cannot decide at the door
	SignatureRead  Action = "signature.read" // who has signed forms and lists
	SignatureSign  Action = "signature.sign" // lists; the playbook says which roles
	TraceRead      Action = "trace.read"     // who signed before a problem was found: offices, leaders, inspectors
	ReviewDecide   Action = "review.decide"  // and the level must be the actor's: the service checks
	ReviewAccept   Action = "review.accept"  // accept a village as done, reopen it

	DetermineRead    Action = "determine.read"    // suspected, verified and confirmed determinations, exit standards, rates: nobody who goes on site, no village (S0.18)
	DetermineOpen    Action = "determine.open"    // by hand
	DetermineVerify  Action = "determine.verify"  // the playbook says which roles; two persons: the service checks
	DetermineDecide  Action = "determine.decide"  // for the township; the playbook says which roles
	DetermineConfirm Action = "determine.confirm" // for the county; preview of the rates
	DetermineAppeal  Action = "determine.appeal"  // take down an appeal with its evidence
	DetermineRule    Action = "determine.rule"    // on an appeal
	DetermineEnter   Action = "determine.enter"   // rural persons of villages, items of a village's exit

	LedgerRead     Action = "ledger.read"
	LedgerRegister Action = "ledger.register" // by hand
	LedgerClaim    Action = "ledger.claim"    // start, claim as fixed, say that it can't be mended, answer a supervision notice
	LedgerJudge    Action = "ledger.judge"    // say who mends it until when, put it to the leaders
	LedgerDecide   Action = "ledger.decide"   // the leaders' word on what was put to them
	LedgerNotice   Action = "ledger.notice"   // issue a supervision notice
	LedgerVerify   Action = "ledger.verify"   // verify, reject, reopen; never the person who claimed: the service checks
	LedgerClose    Action = "ledger.close"
	QualityRead    Action = "quality.read"    // what is remarkable in forms: nobody who goes on site
	QualityExplain Action = "quality.explain" // with a reason
	QualityManage  Action = "quality.manage"  // run all rules now, draw second interviews
	QualityRecheck Action = "quality.recheck" // ask again; never one's own visit: the service checks
	ScoreRead      Action = "score.read"      // scores of one's region, with the reasons
	ScoreEnter     Action = "score.enter"     // points and facts, with evidence
	ScoreRate      Action = "score.rate"      // manual items; never one's own unit: the service checks
	ScoreManage    Action = "score.manage"    // open and close rounds, deductions, vetoes, what-if
	ProgressRead   Action = "progress.read"
	CircularRead   Action = "circular.read"  // issued ones; drafts are for those who make and approve them
	CircularIssue  Action = "circular.issue" // compute, issue, withdraw; the playbook says which roles issue
	CircularAllow  Action = "circular.allow" // approve; the playbook says which roles
	PaperPrint     Action = "paper.print"    // prefilled forms and lists of one's region
	AuditRead      Action = "audit.read"
	DeviceRead     Action = "device.read"   // the phones of one's region
	DeviceManage   Action = "device.manage" // give a phone up, have it cleared, import its package
)

var (
	everybody = Roles()
	offices   = []Role{CountyOffice, TownshipOffice}
	readers   = []Role{CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, GroupLeader, Supervisor, Inspector}
	withVill  = append(append([]Role{}, readers...), Village)
)

// policy is the whole table of who may do what.
var policy = map[Action][]Role{
	Self:           everybody,
	RegionRead:     everybody,
	RegionManage:   offices,
	AccountRead:    offices,
	AccountManage:  offices,
	CampaignRead:   everybody,
	CampaignManage: offices,
	RosterRead:     withVill,
	RosterPII:      {CountyOffice, TownshipOffice, Supervisor},
	RosterImport:   offices,
	MatchRead:      readers,
	MatchImport:    offices,
	MatchCompare:   withVill,
	MatchSettle:    {CountyOffice, TownshipOffice, GroupLeader, Supervisor, Village},
	ListingRead:    withVill,
	ListingWork:    {TownshipOffice, Village},
	ListingDecide:  {CountyOffice, TownshipOffice, GroupLeader, Supervisor},
	ListingFreeze:  offices,
	MatchDecide:    offices,
	MatchSuspect:   {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, Inspector},
	SamplingRead:   withVill,
	SamplingManage: offices,
	TeamRead:       readers,
	TeamManage:     offices,
	AssignRead:     readers,
	AssignManage:   offices,
	TrainingRead:   readers,
	FieldUse:       {Enumerator},
	SubmissionRead: readers,
	QueryRead:      readers,
	QueryAnswer:    {CountyOffice, TownshipOffice, GroupLeader, Supervisor},
	SignatureRead:  readers,
	SignatureSign:  {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, GroupLeader, Supervisor},
	TraceRead:      {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, Inspector},
	ReviewDecide:   {CountyOffice, TownshipOffice, GroupLeader, Supervisor}, // at the level that the playbook gives to the role
	ReviewAccept:   offices,

	DetermineRead:    {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, Inspector},
	DetermineOpen:    {CountyOffice, GuidanceGroup, TownshipOffice, Inspector},
	DetermineVerify:  {GuidanceGroup, TownshipLeader, TownshipOffice},
	DetermineDecide:  {GuidanceGroup, TownshipLeader, TownshipOffice},
	DetermineConfirm: {CountyOffice},
	DetermineAppeal:  offices,
	DetermineRule:    {CountyOffice, GuidanceGroup, TownshipLeader},
	DetermineEnter:   offices,

	LedgerRead:     withVill,
	LedgerRegister: {CountyOffice, GuidanceGroup, TownshipOffice, GroupLeader, Supervisor, Inspector},
	LedgerClaim:    {Village, TownshipOffice}, // a rule may name the township as responsible
	LedgerJudge:    offices,
	LedgerDecide:   {CountyOffice, TownshipLeader},
	LedgerNotice:   {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, Inspector},
	LedgerVerify:   {CountyOffice, GuidanceGroup, TownshipOffice, GroupLeader, Supervisor, Inspector},
	LedgerClose:    offices,
	QualityRead:    readers,
	QualityExplain: {CountyOffice, TownshipOffice, GroupLeader, Supervisor},
	QualityManage:  offices,
	QualityRecheck: {CountyOffice, TownshipOffice, Supervisor, Enumerator},
	ScoreRead:      {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, Inspector, Village},
	ScoreEnter:     offices,
	ScoreRate:      {CountyOffice, GuidanceGroup, TownshipLeader, TownshipOffice, Inspector},
	ScoreManage:    offices,
	ProgressRead:   withVill,
	CircularRead:   withVill,
	CircularIssue:  offices,
	CircularAllow:  {GuidanceGroup, TownshipLeader},
	PaperPrint:     {CountyOffice, TownshipOffice, GroupLeader, Supervisor, Village},
	AuditRead:      {CountyOffice, TownshipLeader, Inspector},
	DeviceRead:     offices,
	DeviceManage:   offices,
}

// Actions lists every action in the order of the table above.
func Actions() []Action {
	return []Action{
		Self, RegionRead, RegionManage, AccountRead, AccountManage, CampaignRead, CampaignManage, RosterRead, RosterPII, RosterImport,
		ListingRead, ListingWork, ListingDecide, ListingFreeze,
		MatchRead, MatchImport, MatchCompare, MatchSettle, MatchDecide, MatchSuspect,
		SamplingRead, SamplingManage, TeamRead, TeamManage, AssignRead, AssignManage, TrainingRead, FieldUse, SubmissionRead, QueryRead, QueryAnswer, SignatureRead, SignatureSign, TraceRead, ReviewDecide, ReviewAccept,
		DetermineRead, DetermineOpen, DetermineVerify, DetermineDecide, DetermineConfirm, DetermineAppeal, DetermineRule, DetermineEnter,
		LedgerRead, LedgerRegister, LedgerClaim, LedgerJudge, LedgerDecide, LedgerNotice, LedgerVerify, LedgerClose,
		QualityRead, QualityExplain, QualityManage, QualityRecheck, ScoreRead, ScoreEnter, ScoreRate, ScoreManage,
		ProgressRead, CircularRead, CircularIssue, CircularAllow, PaperPrint, AuditRead, DeviceRead, DeviceManage,
	}
}
