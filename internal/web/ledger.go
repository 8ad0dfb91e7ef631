package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
)

// ProblemHousehold is the household of a problem.
type ProblemHousehold struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	HeadName string `json:"head_name"`
	Group    string `json:"group"`
}

// ProblemRow is an item of the ledger.
type ProblemRow struct {
	ID          string            `json:"id"`
	Number      string            `json:"number"`
	Code        string            `json:"code"`
	Title       errs.Text         `json:"title"`
	Category    string            `json:"category"`
	Sector      string            `json:"sector"`
	Severity    string            `json:"severity"`
	Nature      string            `json:"nature"` // of the playbook; "" where it has none
	Source      ledger.Source     `json:"source"` // rule, visit, petition, national, provincial, own, spot
	Household   *ProblemHousehold `json:"household"`
	OffName     string            `json:"off_name"` // a household outside the roster
	Village     region.Region     `json:"village"`
	State       ledger.State      `json:"state"`
	Responsible string            `json:"responsible"`
	FoundOn     db.Date           `json:"found_on"`
	DueOn       db.Date           `json:"due_on"`
	FirstDue    db.Date           `json:"first_due"` // before any new deadline
	Overdue     bool              `json:"overdue"`
	Warned      bool              `json:"warned"` // due soon, and nobody has claimed that it is fixed
	Notice      string            `json:"notice"` // supervision notice: "", open, late, answered
	ReplyBy     db.Date           `json:"reply_by"`
	DataClear   bool              `json:"data_clear"`
}

// ProblemPage is a page of the ledger.
type ProblemPage struct {
	Items  []ProblemRow         `json:"items"`
	Next   string               `json:"next"`
	Total  int                  `json:"total"`
	Counts map[ledger.State]int `json:"counts"`
}

// ProblemEvent is one entry of a problem's history.
type ProblemEvent struct {
	ID     string     `json:"id"`
	At     db.Time    `json:"at"`
	ByName string     `json:"by_name"`
	Role   authz.Role `json:"role"`
	Action string     `json:"action"`
	Note   string     `json:"note"`
	Files  []string   `json:"files"`
}

// ProblemNotice is a supervision notice with its answer.
type ProblemNotice struct {
	ID         string   `json:"id"`
	No         int      `json:"no"`
	Demand     string   `json:"demand"`
	ReplyBy    db.Date  `json:"reply_by"`
	IssuedName string   `json:"issued_name"`
	IssuedAt   db.Time  `json:"issued_at"`
	Reply      string   `json:"reply"`
	ReplyName  string   `json:"reply_name"`
	RepliedAt  *db.Time `json:"replied_at"`
}

// Petition is what somebody brought before those who visit. petitioner and contact are "" for those who need not know.
type Petition struct {
	Kind       string `json:"kind"`    // complaint, need, advice
	Channel    string `json:"channel"` // visit, letter, phone, online
	Petitioner string `json:"petitioner"`
	Contact    string `json:"contact"`
	Content    string `json:"content"`
	Explained  string `json:"explained"` // the procedure, in the words that were used
}

// Problem is an item with its history and what the person may do now.
type Problem struct {
	ProblemRow
	Version      int             `json:"version"` // sent back as seen
	Reference    string          `json:"reference"`
	SignedBy     string          `json:"signed_by"`
	Notices      []ProblemNotice `json:"notices"`
	Petition     *Petition       `json:"petition"`
	Cause        string          `json:"cause"`
	Measure      string          `json:"measure"`
	Person       string          `json:"person"`
	SubmissionID string          `json:"submission_id"`
	Events       []ProblemEvent  `json:"events"`
	May          []ledger.Action `json:"may"`
}

// ProblemInput is a problem registered by hand.
type ProblemInput struct {
	HouseholdID string    `json:"household_id,omitempty"`
	VillageCode string    `json:"village_code"`
	Title       errs.Text `json:"title"` // en may be empty
	Category    string    `json:"category"`
	Sector      string    `json:"sector"`
	Severity    string    `json:"severity"`
	DueOn       db.Date   `json:"due_on,omitempty"`
	Note        string    `json:"note"`
	Source      string    `json:"source,omitempty"` // "" is visit
	Nature      string    `json:"nature,omitempty"`
	Reference   string    `json:"reference,omitempty"`
	OffName     string    `json:"off_name,omitempty"`
	Petition    *Petition `json:"petition,omitempty"` // source petition
}

// ProblemAct is what a person says when acting on a problem. id is made by the client and may be repeated.
type ProblemAct struct {
	ID      string   `json:"id"`
	Note    string   `json:"note,omitempty"`
	Files   []string `json:"files,omitempty"`   // claim, verify: digests
	Cause   string   `json:"cause,omitempty"`   // start
	Measure string   `json:"measure,omitempty"` // start
	Person  string   `json:"person,omitempty"`  // start, judge, decide

	Seen        *int     `json:"seen,omitempty"`        // version that the person saw
	Responsible string   `json:"responsible,omitempty"` // judge, decide
	Nature      string   `json:"nature,omitempty"`      // judge, decide
	Sector      string   `json:"sector,omitempty"`      // judge, decide
	DueOn       db.Date  `json:"due_on,omitempty"`      // judge, decide; supervise: day of the answer
	Signers     []string `json:"signers,omitempty"`     // escalate
}

func (s *Server) ledgerRoutes() []Route {
	rows := []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/problems", Action: authz.LedgerRead, Res: ProblemPage{},
			Query:   []string{"state", "village", "sector", "nature", "source", "overdue", "warning", "notice", "cursor", "limit"},
			Summary: "The problem ledger", Handler: s.problems,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/ledger", Action: authz.LedgerRead, Res: LedgerRules{},
			Summary: "What the playbook says about the ledger", Handler: s.ledgerRules,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/problems/{problem}", Action: authz.LedgerRegister, Req: ProblemInput{}, Res: Problem{},
			Summary: "Register a problem by hand", Handler: s.putProblem,
		},
		{
			Pattern: "GET /api/v1/problems/{problem}", Action: authz.LedgerRead, Res: Problem{},
			Summary: "A problem with its history", Handler: s.problem,
		},
		{
			Pattern: "GET /api/v1/problems/{problem}/files/{sha256}", Action: authz.LedgerRead, Binary: "application/octet-stream",
			Summary: "A piece of evidence", Handler: s.problemFile,
		},
	}
	for _, a := range ledger.Actions() {
		rows = append(rows, Route{
			Pattern: "POST /api/v1/problems/{problem}/" + string(a), Action: a.Needs(), Req: ProblemAct{}, Res: Problem{},
			Summary: actSummaries[a], Handler: s.actOnProblem(a),
		})
	}
	return rows
}

var actSummaries = map[ledger.Action]string{
	ledger.Start:     "Say cause, measure and who answers for it",
	ledger.Claim:     "Claim that it is fixed, with evidence",
	ledger.Escalate:  "The village can't mend it: up to the township, signed",
	ledger.Judge:     "The township says who mends it, until when",
	ledger.Refer:     "The township puts it to the leaders",
	ledger.Decide:    "The leaders say who mends it, until when",
	ledger.Supervise: "Issue a supervision notice",
	ledger.Answer:    "Answer the supervision notice",
	ledger.Verify:    "Verify that it is fixed; never by the person who claimed it",
	ledger.Reject:    "It is not fixed: back to the village",
	ledger.Close:     "Close a verified problem",
	ledger.Reopen:    "Open a verified or closed problem again",
}

func (s *Server) problems(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	f, err := problemFilter(r)
	if err != nil {
		return err
	}
	f.Cursor, f.Limit = page(r)
	p, err := s.Ledgers.List(r.Context(), c.Actor, campaign, f)
	if err != nil {
		return err
	}
	out := ProblemPage{Items: problemRows(p.Items, p.Today, p.WarnTo), Next: p.Next, Total: p.Total, Counts: p.Counts}
	return reply(w, http.StatusOK, out)
}

func problemFilter(r *http.Request) (f ledger.Filter, err error) {
	q := r.URL.Query()
	f = ledger.Filter{
		State: ledger.State(q.Get("state")), Sector: q.Get("sector"), Nature: q.Get("nature"), Source: ledger.Source(q.Get("source")),
		Overdue: q.Get("overdue") == "true", Warning: q.Get("warning") == "true", Notice: q.Get("notice"),
	}
	f.Village, err = queryVillage(r)
	return f, err
}

func problemRows(items []ledger.Item, today, warnTo db.Date) []ProblemRow {
	out := make([]ProblemRow, len(items))
	for i, it := range items {
		out[i] = problemRow(it, today, warnTo)
	}
	return out
}

func problemRow(it ledger.Item, today, warnTo db.Date) ProblemRow {
	out := ProblemRow{
		ID: it.ID, Number: it.Number, Code: it.Code, Title: it.Title, Category: it.Category, Sector: it.Sector, Nature: it.Nature, Severity: it.Severity,
		Source: it.Source, OffName: it.OffName, Village: region.Named(it.Village, it.VillageName), State: it.State, Responsible: it.Responsible,
		FoundOn: it.FoundOn, DueOn: it.DueOn, FirstDue: it.FirstDue, Overdue: it.Overdue(today), Warned: it.Warned(today, warnTo),
		DataClear: it.DataClear, ReplyBy: it.ReplyBy,
	}
	switch {
	case it.Notice == "":
	case it.Replied:
		out.Notice = "answered"
	case it.ReplyOverdue(today):
		out.Notice = "late"
	default:
		out.Notice = "open"
	}
	if it.Household != "" {
		out.Household = &ProblemHousehold{it.Household, it.HouseholdCode, it.HeadName, it.Group}
	}
	return out
}

func problem(d ledger.Detail, actor authz.Actor) Problem {
	out := Problem{
		ProblemRow: problemRow(d.Item, d.Today, d.WarnTo), Version: d.Version, Reference: d.Reference, SignedBy: d.SignedBy, Notices: []ProblemNotice{},
		Cause: d.Cause, Measure: d.Measure, Person: d.Person, SubmissionID: d.Submission, Events: []ProblemEvent{}, May: d.May(actor),
	}
	for _, e := range d.Events {
		out.Events = append(out.Events, ProblemEvent{e.ID, e.At, e.ByName, e.Role, e.Action, e.Note, orEmpty(e.Files)})
	}
	for _, n := range d.Notices {
		out.Notices = append(out.Notices, ProblemNotice(n))
	}
	if d.Petition != nil {
		p := Petition(*d.Petition)
		out.Petition = &p
	}
	return out
}

func (s *Server) problem(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "problem")
	if err != nil {
		return err
	}
	d, err := s.Ledgers.Get(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, problem(d, c.Actor))
}

func (s *Server) putProblem(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	key, err := pathID(r, "problem")
	if err != nil {
		return err
	}
	in, err := decode[ProblemInput](r)
	if err != nil {
		return err
	}
	x := ledger.Input{
		Household: in.HouseholdID, Title: in.Title, Category: in.Category, Sector: in.Sector, Severity: in.Severity, DueOn: in.DueOn, Note: in.Note,
		Source: ledger.Source(in.Source), Nature: in.Nature, Reference: in.Reference, OffName: in.OffName,
	}
	if in.Petition != nil {
		p := ledger.Petition(*in.Petition)
		x.Petition = &p
	}
	if in.VillageCode != "" || in.HouseholdID == "" {
		if x.Village, err = region.Parse(in.VillageCode); err != nil {
			return err
		}
	}
	d, err := s.Ledgers.Register(r.Context(), c.Actor, campaign, key, x)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, problem(d, c.Actor))
}

func (s *Server) actOnProblem(a ledger.Action) Handler {
	return func(w http.ResponseWriter, r *http.Request, c *Call) error {
		key, err := pathID(r, "problem")
		if err != nil {
			return err
		}
		in, err := decode[ProblemAct](r)
		if err != nil {
			return err
		}
		act := ledger.Act{
			ID: in.ID, Action: a, Seen: in.Seen, Note: in.Note, Cause: in.Cause, Measure: in.Measure, Person: in.Person,
			Responsible: in.Responsible, Nature: in.Nature, Sector: in.Sector, DueOn: in.DueOn, Signers: in.Signers,
		}
		act.Files = digests(in.Files)
		d, err := s.Ledgers.Do(r.Context(), c.Actor, key, act)
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, problem(d, c.Actor))
	}
}

func (s *Server) problemFile(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "problem")
	if err != nil {
		return err
	}
	d, err := s.Ledgers.File(r.Context(), c.Actor, key, r.PathValue("sha256"))
	if err != nil {
		return err
	}
	return s.sendEvidence(w, r, d)
}
