package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/quality"
	"ruhu/internal/region"
)

// QualityFinding is a figure that a rule finds remarkable.
type QualityFinding struct {
	ID           string            `json:"id"`
	Rule         string            `json:"rule"`
	Item         string            `json:"item"` // question; "" where the rule is about none
	SubmissionID string            `json:"submission_id"`
	Household    *ProblemHousehold `json:"household"`
	Village      region.Region     `json:"village"`
	TeamID       string            `json:"team_id"`
	TeamName     string            `json:"team_name"`
	Figure       string            `json:"figure"`
	Threshold    string            `json:"threshold"`
	Others       []string          `json:"others"`
	Figures      map[string]string `json:"figures"`
	State        quality.State     `json:"state"` // open, explained, gone
	Reason       string            `json:"reason"`
	ByName       string            `json:"by_name"`
	ExplainedAt  db.Time           `json:"explained_at"`
	FoundAt      db.Time           `json:"found_at"`
}

// QualityPage is a page of findings.
type QualityPage struct {
	Items  []QualityFinding      `json:"items"`
	Next   string                `json:"next"`
	Rules  map[string]int        `json:"rules"`
	States map[quality.State]int `json:"states"`
	Ran    *quality.Ran          `json:"ran"` // the last run over all forms
}

// QualityReason explains a finding.
type QualityReason struct {
	Reason string `json:"reason"`
}

func (s *Server) qualityRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/quality", Action: authz.QualityRead, Res: QualityPage{},
			Query:   []string{"state", "rule", "village", "team", "submission", "cursor", "limit"},
			Summary: "What is remarkable in forms", Handler: s.quality,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/quality/run", Action: authz.QualityManage, Res: quality.Ran{},
			Summary: "Run the rules that need all forms now", Handler: s.runQuality,
		},
		{
			Pattern: "POST /api/v1/quality/{finding}/explain", Action: authz.QualityExplain, Req: QualityReason{}, Res: QualityFinding{},
			Summary: "Explain a finding, with the reason", Handler: s.explainQuality,
		},
	}
}

func qualityFinding(f quality.Finding) QualityFinding {
	out := QualityFinding{
		ID: f.ID, Rule: f.Rule, Item: f.Item, SubmissionID: f.Submission, Village: region.Named(f.Village, f.VillageName), TeamID: f.Team, TeamName: f.TeamName,
		Figure: f.Figure, Threshold: f.Threshold, Others: orEmpty(f.Others), Figures: f.Figures, State: f.State, Reason: f.Reason, ByName: f.ByName,
		ExplainedAt: f.ExplainedAt, FoundAt: f.FoundAt,
	}
	if f.Household != "" {
		out.Household = &ProblemHousehold{ID: f.Household, Code: f.HouseholdCode, HeadName: f.HeadName}
	}
	return out
}

func (s *Server) quality(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := quality.Filter{State: quality.State(q.Get("state")), Rule: q.Get("rule"), Team: q.Get("team"), Submission: q.Get("submission")}
	f.Cursor, f.Limit = page(r)
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	p, err := s.Qualities.List(r.Context(), c.Actor, campaign, f)
	if err != nil {
		return err
	}
	out := QualityPage{Items: []QualityFinding{}, Next: p.Next, Rules: p.Rules, States: p.States, Ran: p.Ran}
	for _, x := range p.Items {
		out.Items = append(out.Items, qualityFinding(x))
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) runQuality(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	ran, err := s.Qualities.Run(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, ran)
}

func (s *Server) explainQuality(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "finding")
	if err != nil {
		return err
	}
	in, err := decode[QualityReason](r)
	if err != nil {
		return err
	}
	f, err := s.Qualities.Explain(r.Context(), c.Actor, key, in.Reason)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, qualityFinding(f))
}
