package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
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
	Source      string            `json:"source"` // rule, visit
	Household   *ProblemHousehold `json:"household"`
	Village     region.Region     `json:"village"`
	State       ledger.State      `json:"state"`
	Responsible string            `json:"responsible"`
	FoundOn     db.Date           `json:"found_on"`
	DueOn       db.Date           `json:"due_on"`
	Overdue     bool              `json:"overdue"`
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

// Problem is an item with its history and what the person may do now.
type Problem struct {
	ProblemRow
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
}

// ProblemAct is what a person says when acting on a problem. id is made by the client and may be repeated.
type ProblemAct struct {
	ID      string   `json:"id"`
	Note    string   `json:"note,omitempty"`
	Files   []string `json:"files,omitempty"`   // claim, verify: digests
	Cause   string   `json:"cause,omitempty"`   // start
	Measure string   `json:"measure,omitempty"` // start
	Person  string   `json:"person,omitempty"`  // start
}

func (s *Server) ledgerRoutes() []Route {
	rows := []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/problems", Action: authz.LedgerRead, Res: ProblemPage{},
			Query:   []string{"state", "village", "sector", "overdue", "cursor", "limit"},
			Summary: "The problem ledger", Handler: s.problems,
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
	for _, a := range []struct {
		action  ledger.Action
		needs   authz.Action
		summary string
	}{
		{ledger.Start, authz.LedgerClaim, "Say cause, measure and who answers for it"},
		{ledger.Claim, authz.LedgerClaim, "Claim that it is fixed, with evidence"},
		{ledger.Verify, authz.LedgerVerify, "Verify that it is fixed; never by the person who claimed it"},
		{ledger.Reject, authz.LedgerVerify, "It is not fixed: back to the village"},
		{ledger.Close, authz.LedgerClose, "Close a verified problem"},
		{ledger.Reopen, authz.LedgerVerify, "Open a verified or closed problem again"},
	} {
		rows = append(rows, Route{
			Pattern: "POST /api/v1/problems/{problem}/" + string(a.action), Action: a.needs, Req: ProblemAct{}, Res: Problem{},
			Summary: a.summary, Handler: s.actOnProblem(a.action),
		})
	}
	return rows
}

func (s *Server) problems(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := ledger.Filter{State: ledger.State(q.Get("state")), Sector: q.Get("sector"), Overdue: q.Get("overdue") == "true"}
	f.Cursor, f.Limit = page(r)
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	p, err := s.Ledgers.List(r.Context(), c.Actor, campaign, f)
	if err != nil {
		return err
	}
	out := ProblemPage{Items: problemRows(p.Items, p.Today), Next: p.Next, Total: p.Total, Counts: p.Counts}
	return reply(w, http.StatusOK, out)
}

func problemRows(items []ledger.Item, today db.Date) []ProblemRow {
	out := make([]ProblemRow, len(items))
	for i, it := range items {
		out[i] = problemRow(it, today)
	}
	return out
}

func problemRow(it ledger.Item, today db.Date) ProblemRow {
	out := ProblemRow{
		ID: it.ID, Number: it.Number, Code: it.Code, Title: it.Title, Category: it.Category, Sector: it.Sector, Severity: it.Severity,
		Source: it.Source, Village: region.Named(it.Village, it.VillageName), State: it.State, Responsible: it.Responsible,
		FoundOn: it.FoundOn, DueOn: it.DueOn, Overdue: it.Overdue(today), DataClear: it.DataClear,
	}
	if it.Household != "" {
		out.Household = &ProblemHousehold{it.Household, it.HouseholdCode, it.HeadName, it.Group}
	}
	return out
}

func problem(d ledger.Detail, actor authz.Actor) Problem {
	out := Problem{
		ProblemRow: problemRow(d.Item, d.Today), Cause: d.Cause, Measure: d.Measure, Person: d.Person, SubmissionID: d.Submission,
		Events: []ProblemEvent{}, May: d.May(actor),
	}
	for _, e := range d.Events {
		out.Events = append(out.Events, ProblemEvent{e.ID, e.At, e.ByName, e.Role, e.Action, e.Note, orEmpty(e.Files)})
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
		act := ledger.Act{ID: in.ID, Action: a, Note: in.Note, Cause: in.Cause, Measure: in.Measure, Person: in.Person}
		for _, f := range in.Files {
			act.Files = append(act.Files, blob.Digest(f))
		}
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
