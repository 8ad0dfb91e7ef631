package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
)

// LedgerTable is a register as it is shown and printed, in the language asked for.
type LedgerTable struct {
	Title    string      `json:"title"`
	Campaign string      `json:"campaign"`
	Today    db.Date     `json:"today"`
	Columns  []string    `json:"columns"` // codes, in the order of heads
	Heads    []string    `json:"heads"`
	Rows     []LedgerRow `json:"rows"`
	More     bool        `json:"more"` // there are more; the workbook has them
}

// LedgerRow is a row of a register. id is of the problem.
type LedgerRow struct {
	ID    string   `json:"id"`
	Cells []string `json:"cells"`
}

// CommonProblem is a problem that several villages have.
type CommonProblem struct {
	Key      string          `json:"key"`
	Title    errs.Text       `json:"title"`
	Sources  []ledger.Source `json:"sources"`
	Villages int             `json:"villages"`
	Found    int             `json:"found"`
	Open     int             `json:"open"`
	Measure  string          `json:"measure"`
	Result   string          `json:"result"`
	ByName   string          `json:"by_name"`
}

// CommonProblems are those of a campaign, those of most villages first.
type CommonProblems struct {
	Items []CommonProblem `json:"items"`
}

// CommonInput is what is done about a common problem everywhere.
type CommonInput struct {
	Key     string `json:"key"`
	Measure string `json:"measure"`
	Result  string `json:"result"`
}

// ProblemDays is the state of the daily lists.
type ProblemDays struct {
	Days      []ProblemDay      `json:"days"` // newest first
	Feedbacks []ProblemFeedback `json:"feedbacks"`
}

// ProblemDay is a day on which problems were found.
type ProblemDay struct {
	Day    db.Date         `json:"day"`
	Found  int             `json:"found"`
	Handed []ProblemHanded `json:"handed"`
}

// ProblemHanded says who handed in a day's list.
type ProblemHanded struct {
	Region region.Code `json:"region"`
	Listed int         `json:"listed"`
	Late   bool        `json:"late"`
	ByName string      `json:"by_name"`
	At     db.Time     `json:"at"`
}

// ProblemFeedback is a meeting at which problems were fed back.
type ProblemFeedback struct {
	ID     string      `json:"id"`
	Region region.Code `json:"region"`
	Until  db.Date     `json:"until"`
	Note   string      `json:"note"`
	ByName string      `json:"by_name"`
	At     db.Time     `json:"at"`
}

// FeedbackInput says up to which day problems were fed back.
type FeedbackInput struct {
	Until db.Date `json:"until"`
	Note  string  `json:"note"`
}

func (s *Server) ledgerTableRoutes() []Route {
	const campaign = "/api/v1/campaigns/{campaign}"
	return []Route{
		{
			Pattern: "GET " + campaign + "/ledger/{view}", Action: authz.LedgerRead, Res: LedgerTable{}, Query: []string{"village", "day"},
			Summary: "A register: problem, rectification, correction, clearance, removal, notice, help, daily", Handler: s.ledgerTable,
		},
		{
			Pattern: "GET " + campaign + "/ledger/{view}/xlsx", Action: authz.LedgerRead, Binary: xlsxType, Query: []string{"village", "day"},
			Summary: "The same as a workbook; that it was taken is recorded", Handler: s.ledgerExport,
		},
		{
			Pattern: "GET " + campaign + "/common-problems", Action: authz.LedgerRead, Res: CommonProblems{},
			Summary: "Problems that several villages have", Handler: s.commonProblems,
		},
		{
			Pattern: "PUT " + campaign + "/common-problems", Action: authz.LedgerJudge, Req: CommonInput{}, Res: CommonProblems{},
			Summary: "Say what is done about one of them everywhere, and what came of it", Handler: s.putCommonProblem,
		},
		{
			Pattern: "GET " + campaign + "/problem-days", Action: authz.LedgerRead, Res: ProblemDays{},
			Summary: "The daily lists of problems and the meetings that fed them back", Handler: s.problemDays,
		},
		{
			Pattern: "PUT " + campaign + "/problem-days/{day}", Action: authz.LedgerRegister, Res: ProblemDays{},
			Summary: "Hand in the list of a day for one's region", Handler: s.handInDay,
		},
		{
			Pattern: "PUT " + campaign + "/feedbacks/{feedback}", Action: authz.LedgerJudge, Req: FeedbackInput{}, Res: ProblemDays{},
			Summary: "The meeting was held: what was found up to a day is shown to those held back", Handler: s.putFeedback,
		},
	}
}

func tableFilter(r *http.Request) (f ledger.TableFilter, err error) {
	f.Day = db.Date(r.URL.Query().Get("day"))
	f.Village, err = queryVillage(r)
	return f, err
}

func (s *Server) ledgerTable(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	f, err := tableFilter(r)
	if err != nil {
		return err
	}
	t, err := s.Ledgers.Table(r.Context(), c.Actor, campaign, r.PathValue("view"), f, c.Lang)
	if err != nil {
		return err
	}
	out := LedgerTable{Title: t.Title, Campaign: t.Campaign, Today: t.Today, Columns: t.Columns, Heads: t.Heads, Rows: make([]LedgerRow, len(t.Rows)), More: t.More}
	for i, row := range t.Rows {
		out.Rows[i] = LedgerRow(row)
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) ledgerExport(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	f, err := tableFilter(r)
	if err != nil {
		return err
	}
	kind := r.PathValue("view")
	b, err := s.Ledgers.Export(r.Context(), c.Actor, campaign, kind, f, c.Lang)
	if err != nil {
		return err
	}
	return attachment(w, xlsxType, "ledger-"+kind+".xlsx", b)
}

func (s *Server) commonProblems(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	all, err := s.Ledgers.Commons(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, commons(all))
}

func (s *Server) putCommonProblem(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	in, err := decode[CommonInput](r)
	if err != nil {
		return err
	}
	all, err := s.Ledgers.Gather(r.Context(), c.Actor, campaign, in.Key, in.Measure, in.Result)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, commons(all))
}

func commons(all []ledger.Common) CommonProblems {
	out := CommonProblems{Items: make([]CommonProblem, len(all))}
	for i, x := range all {
		out.Items[i] = CommonProblem{x.Key, x.Title, x.Sources, len(x.Villages), x.Found, x.Open, x.Measure, x.Result, x.Name}
	}
	return out
}

func (s *Server) problemDays(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	d, err := s.Ledgers.Daily(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	out := ProblemDays{Days: []ProblemDay{}, Feedbacks: []ProblemFeedback{}}
	for _, x := range d.Days {
		day := ProblemDay{x.Day, x.Found, []ProblemHanded{}}
		for _, h := range x.Handed {
			day.Handed = append(day.Handed, ProblemHanded{h.Region, len(h.Numbers), h.Late, h.ByName, h.At})
		}
		out.Days = append(out.Days, day)
	}
	for _, f := range d.Feedbacks {
		out.Feedbacks = append(out.Feedbacks, ProblemFeedback(f))
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) handInDay(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	if _, err := s.Ledgers.HandIn(r.Context(), c.Actor, campaign, db.Date(r.PathValue("day"))); err != nil {
		return err
	}
	return s.problemDays(w, r, c)
}

func (s *Server) putFeedback(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	in, err := decode[FeedbackInput](r)
	if err != nil {
		return err
	}
	if err := s.Ledgers.FeedBack(r.Context(), c.Actor, campaign, r.PathValue("feedback"), in.Until, in.Note); err != nil {
		return err
	}
	return s.problemDays(w, r, c)
}
