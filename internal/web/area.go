package web

import (
	"context"
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/review"
)

// AreaInput is the body of a decision about a village; id is made by the client and may be repeated.
type AreaInput struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// BulkInput is one action on several forms.
type BulkInput struct {
	Action review.Action `json:"action"` // approve, return
	Note   string        `json:"note"`
	Forms  []review.One  `json:"forms"`
}

// BulkOutcome is what became of one form: code and text are of the refusal, "" when it was decided.
type BulkOutcome struct {
	Submission string `json:"submission"`
	Code       string `json:"code"`
	Text       string `json:"text"`
}

func (s *Server) areaRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/waiting", Action: authz.SubmissionRead, Res: review.Matrix{}, Query: []string{"by"},
			Summary: "How many forms wait where and with whom, by age in working days", Handler: s.waiting,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/decisions", Action: authz.ReviewDecide, Req: BulkInput{}, Res: List[BulkOutcome]{},
			Summary: "Approve or return several forms, each by itself", Handler: s.decideMany,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/areas", Action: authz.SubmissionRead, Res: List[review.Area]{},
			Summary: "Villages: accepted or not, and how much is missing", Handler: s.areas,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/areas/{village}", Action: authz.SubmissionRead, Res: review.AreaShow{},
			Summary: "A village with everything that keeps it from being accepted", Handler: s.area,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/areas/{village}/accept", Action: authz.ReviewAccept, Req: AreaInput{}, Res: review.Area{},
			Summary: "Accept a village; 409 review.area_lacks lists what is missing", Handler: s.onArea((*review.Service).Accept),
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/areas/{village}/reopen", Action: authz.ReviewAccept, Req: AreaInput{}, Res: review.Area{},
			Summary: "Take the acceptance of a village back", Handler: s.onArea((*review.Service).ReopenArea),
		},
	}
}

func (s *Server) waiting(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	out, err := s.Reviews.Waiting(r.Context(), c.Actor, campaign, r.URL.Query().Get("by"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) decideMany(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	in, err := decode[BulkInput](r)
	if err != nil {
		return err
	}
	done, err := s.Reviews.DecideMany(r.Context(), c.Actor, campaign, review.Many{Action: in.Action, Note: in.Note, Forms: in.Forms})
	if err != nil {
		return err
	}
	items := make([]BulkOutcome, len(done))
	for i, o := range done {
		items[i].Submission = o.Submission
		if e, ok := errs.As(o.Refused); ok {
			items[i].Code, items[i].Text = e.Code, e.Message(c.Lang)
		}
	}
	return reply(w, http.StatusOK, list(items, ""))
}

func (s *Server) areas(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	items, err := s.Reviews.Areas(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(items, ""))
}

func (s *Server) area(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, village, err := areaPath(r)
	if err != nil {
		return err
	}
	out, err := s.Reviews.Area(r.Context(), c.Actor, campaign, village)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

type areaAct func(*review.Service, context.Context, authz.Actor, string, region.Code, review.AreaAct) (review.Area, error)

func (s *Server) onArea(do areaAct) func(http.ResponseWriter, *http.Request, *Call) error {
	return func(w http.ResponseWriter, r *http.Request, c *Call) error {
		campaign, village, err := areaPath(r)
		if err != nil {
			return err
		}
		in, err := decode[AreaInput](r)
		if err != nil {
			return err
		}
		out, err := do(s.Reviews, r.Context(), c.Actor, campaign, village, review.AreaAct{ID: in.ID, Reason: in.Reason})
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, out)
	}
}

func areaPath(r *http.Request) (campaign string, village region.Code, err error) {
	if campaign, err = pathID(r, "campaign"); err != nil {
		return "", "", err
	}
	village, err = pathVillage(r)
	return campaign, village, err
}
