package web

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"ruhu/form/xform"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/review"
	"ruhu/internal/submission"
)

// HouseholdBrief is a household in a list of forms.
type HouseholdBrief struct {
	ID       string        `json:"id"`
	Code     string        `json:"code"`
	HeadName string        `json:"head_name"`
	Village  region.Region `json:"village"`
	Group    string        `json:"group"`
	Class    string        `json:"class"`
}

// TeamBrief names a team.
type TeamBrief struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// FindingCounts are how many things the form engine found.
type FindingCounts struct {
	Errors      int `json:"errors"`
	Warnings    int `json:"warnings"`
	Unconfirmed int `json:"unconfirmed"` // warnings without an explanation
}

// SubmissionRow is a form in the queue. Reason is the code that says why it was set aside, ReasonText the sentence.
type SubmissionRow struct {
	ID            string           `json:"id"`
	AssignmentID  string           `json:"assignment_id"`
	Household     *HouseholdBrief  `json:"household"` // null when it is not known
	Form          string           `json:"form"`
	Team          *TeamBrief       `json:"team"`
	Revision      int              `json:"revision"`
	State         submission.State `json:"state"`
	Level         string           `json:"level"`
	Findings      FindingCounts    `json:"findings"`
	ReceivedAt    db.Time          `json:"received_at"`
	ReturnedTimes int              `json:"returned_times"`
	Reason        string           `json:"reason"`
	ReasonText    string           `json:"reason_text"`
	Capture       string           `json:"capture"` // paper: keyed from a form on paper; "" otherwise
	Since         db.Date          `json:"since"`   // in review and returned: the day since which it waits there
	DueOn         db.Date          `json:"due_on"`  // in review: the last day for the level; "" otherwise
	Late          bool             `json:"late"`    // that day is over
	Code          string           `json:"code"`    // given in review; "" while it has none
}

// SubmissionPage is a page of the queue.
type SubmissionPage struct {
	Items  []SubmissionRow          `json:"items"`
	Next   string                   `json:"next"`
	Total  int                      `json:"total"`
	Counts map[submission.State]int `json:"counts"`
}

// SubmissionComment is a reviewer's comment at a question, and what was said to it.
type SubmissionComment struct {
	ID       string        `json:"id"`
	Ref      string        `json:"ref"`
	Text     string        `json:"text"`
	ByName   string        `json:"by_name"`
	At       db.Time       `json:"at"`
	Revision int           `json:"revision"`
	Level    string        `json:"level"` // code of the one that wrote it
	Resolved bool          `json:"resolved"`
	Turns    []CommentTurn `json:"turns"`
	Reply    string        `json:"reply"` // the team's, in the current revision
	May      []string      `json:"may"`   // what one could say: reply, resolve, reopen
}

// SubmissionAnswer is a question in words.
type SubmissionAnswer struct {
	Ref      string               `json:"ref"`
	Label    string               `json:"label"`
	Type     string               `json:"type"`
	Value    string               `json:"value"`
	Display  string               `json:"display"`
	Comments []SubmissionComment  `json:"comments"`
	Findings []submission.Finding `json:"findings"`
	Previous *string              `json:"previous,omitempty"`
	Register *SubmissionRegister  `json:"register"` // nil: nobody has looked at it, or the base list has nothing
}

// SubmissionRegister is what the base list has for an answer that the team confirmed or corrected.
type SubmissionRegister struct {
	Was     string `json:"was"`
	Changed bool   `json:"changed"`
	Reason  string `json:"reason"`
}

// SubmissionSection is a page of the questionnaire.
type SubmissionSection struct {
	Ref     string             `json:"ref"`
	Title   string             `json:"title"`
	Answers []SubmissionAnswer `json:"answers"`
}

// SubmissionRevision is one arrival.
type SubmissionRevision struct {
	N          int     `json:"n"`
	Digest     string  `json:"digest"`
	Size       int     `json:"size"`
	ReceivedAt db.Time `json:"received_at"`
	ByName     string  `json:"by_name"`
	Errors     int     `json:"errors"`
	Warnings   int     `json:"warnings"`
	Reason     string  `json:"reason"`  // why it was set aside; "" when it was not
	Via        string  `json:"via"`     // package, merge, chosen, client (another app); "" when a phone sent it
	Capture    string  `json:"capture"` // paper: ByName keyed it from paper
}

// SubmissionStep is one entry of a form's history.
type SubmissionStep struct {
	At     db.Time    `json:"at"`
	ByName string     `json:"by_name"`
	Role   authz.Role `json:"role"`
	Action string     `json:"action"` // submit, approve, return
	Level  string     `json:"level"`
	Note   string     `json:"note"`
}

// SubmissionDetail is a form as a reviewer sees it.
type SubmissionDetail struct {
	SubmissionRow
	FormTitle playbook.Text        `json:"form_title"`
	Revisions []SubmissionRevision `json:"revisions"`
	Sections  []SubmissionSection  `json:"sections"`
	Comments  []SubmissionComment  `json:"comments"`
	Findings  []submission.Finding `json:"findings_list"`
	History   []SubmissionStep     `json:"history"`
	Missing   []string             `json:"missing_files"` // named by the current revision, not arrived yet
	May       []review.Action      `json:"may"`           // what one could decide, complete or not
	Visit     xform.Visit          `json:"visit"`
	Vouches   []review.Vouch       `json:"vouches"`
}

func (s *Server) submissionRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/submissions", Action: authz.SubmissionRead, Res: SubmissionPage{},
			Query:   []string{"state", "level", "village", "team", "flag", "age", "cursor", "limit"},
			Summary: "Forms that arrived, the longest waiting first", Handler: s.submissions,
		},
		{
			Pattern: "GET /api/v1/submissions/{submission}", Action: authz.SubmissionRead, Res: SubmissionDetail{},
			Summary: "A form in words, with findings, comments and history", Handler: s.submission,
		},
		{
			Pattern: "GET /api/v1/submissions/{submission}/revisions/{n}", Action: authz.SubmissionRead, Binary: "text/xml",
			Summary: "A revision as it was received, byte for byte", Handler: s.submissionXML,
		},
		{
			Pattern: "GET /api/v1/submissions/{submission}/diff", Action: authz.SubmissionRead, Res: List[review.Change]{}, Query: []string{"from", "to"},
			Summary: "Answers that differ between two revisions", Handler: s.submissionDiff,
		},
		{
			Pattern: "GET /api/v1/submissions/{submission}/files/{name}", Action: authz.SubmissionRead, Binary: "application/octet-stream",
			Summary: "A photograph or signature that the form names", Handler: s.submissionFile,
		},
	}
}

func (s *Server) submissions(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := submission.Filter{State: submission.State(q.Get("state")), Level: q.Get("level"), Team: q.Get("team"), Flag: q.Get("flag")}
	f.Cursor, f.Limit = page(r)
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	age, _ := strconv.Atoi(q.Get("age"))
	p, err := s.Reviews.Queue(r.Context(), c.Actor, campaign, f, age)
	if err != nil {
		return err
	}
	out := SubmissionPage{Items: make([]SubmissionRow, len(p.Rows)), Next: p.Next, Total: p.Total, Counts: p.Counts}
	for i, row := range p.Rows {
		out.Items[i] = submissionRow(row, c.Lang)
	}
	return reply(w, http.StatusOK, out)
}

// queryVillage reads ?village=, "" when absent. Returns Invalid "region.code".
func queryVillage(r *http.Request) (region.Code, error) {
	v := r.URL.Query().Get("village")
	if v == "" {
		return "", nil
	}
	return region.Parse(v)
}

func submissionRow(r review.Row, lang string) SubmissionRow {
	out := SubmissionRow{
		ID: r.ID, AssignmentID: r.Assignment, Form: r.FormCode, Revision: r.Revision, State: r.State, Level: r.Level,
		Findings: FindingCounts{r.Errors, r.Warnings, r.Unconfirmed}, ReceivedAt: r.ReceivedAt, ReturnedTimes: r.ReturnedTimes, Reason: r.Reason,
		Capture: r.Capture, Since: r.Since, DueOn: r.DueOn, Late: r.Late, Code: r.Code,
	}
	if r.Household != "" {
		out.Household = &HouseholdBrief{
			ID: r.Household, Code: r.House.Code, HeadName: r.House.HeadName, Village: region.Named(r.Village, r.VillageName),
			Group: r.House.Group, Class: string(r.House.Class),
		}
	}
	if r.Team != "" {
		out.Team = &TeamBrief{r.Team, r.TeamName}
	}
	if r.Reason != "" {
		out.ReasonText = errs.Conflict.New(r.Reason).Message(lang)
	}
	return out
}

func (s *Server) submission(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	d, err := s.Reviews.Get(r.Context(), c.Actor, key, c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, submissionDetail(d, c.Lang))
}

func submissionDetail(d review.Detail, lang string) SubmissionDetail {
	out := SubmissionDetail{
		SubmissionRow: submissionRow(d.Row, lang), FormTitle: d.FormTitle, Revisions: []SubmissionRevision{}, Sections: []SubmissionSection{},
		Comments: comments(d.Comments), Findings: orEmpty(d.Findings), History: []SubmissionStep{}, May: orEmpty(d.May), Visit: d.Visit, Vouches: orEmpty(d.Vouches), Missing: orEmpty(d.Missing),
	}
	for _, r := range d.Revisions {
		out.Revisions = append(out.Revisions, SubmissionRevision{r.N, r.Digest, r.Size, r.ReceivedAt, d.Names[r.Account], r.Errors, r.Warnings, r.Reason, string(r.Via), r.Capture})
	}
	for _, h := range d.History {
		out.History = append(out.History, SubmissionStep{h.At, h.ByName, h.Role, h.Action, h.Level, h.Note})
	}
	for _, sec := range d.Sections {
		o := SubmissionSection{Ref: sec.Ref, Title: sec.Title, Answers: []SubmissionAnswer{}}
		for _, a := range sec.Answers {
			x := SubmissionAnswer{
				Ref: a.Ref, Label: a.Label, Type: a.Type, Value: a.Value, Display: a.Display,
				Comments: comments(a.Comments), Findings: orEmpty(a.Findings),
			}
			if g := a.Register; g != nil {
				x.Register = &SubmissionRegister{g.Was, g.Changed, g.Reason}
			}
			if a.Changed {
				x.Previous = &a.Previous
			}
			o.Answers = append(o.Answers, x)
		}
		out.Sections = append(out.Sections, o)
	}
	return out
}

// orEmpty makes null [] in JSON.
func orEmpty[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

func (s *Server) submissionXML(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > 1<<20 {
		return errs.NotFound.New("submission.no_revision", "n", r.PathValue("n"))
	}
	xml, err := s.Reviews.XML(r.Context(), c.Actor, key, n)
	if err != nil {
		return err
	}
	return attachment(w, "text/xml; charset=utf-8", key+"-"+strconv.Itoa(n)+".xml", xml)
}

// attachment sends bytes that came from outside as a download: a browser must not show them as a page of ours.
func attachment(w http.ResponseWriter, kind, name string, b []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b) // the client is gone; there is nobody to tell
	return nil
}

func (s *Server) submissionDiff(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	var n [2]int
	for i, name := range []string{"from", "to"} {
		v := r.URL.Query().Get(name)
		if n[i], err = strconv.Atoi(v); err != nil || n[i] < 1 || n[i] > 1<<20 {
			return errs.NotFound.New("submission.no_revision", "n", v)
		}
	}
	items, err := s.Reviews.Diff(r.Context(), c.Actor, key, n[0], n[1], c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(items, ""))
}

func (s *Server) submissionFile(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	d, err := s.Reviews.File(r.Context(), c.Actor, key, name)
	if err != nil {
		return err
	}
	return s.sendBlob(w, r, d, strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")))
}
