package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/submission"
)

// SubmissionSecond is a second form for a household, beside the one that stands.
type SubmissionSecond struct {
	Submission string           `json:"submission"`
	N          int              `json:"n"` // its revision
	Stands     string           `json:"stands"`
	StandsN    int              `json:"stands_n"`
	State      string           `json:"state"` // open, same, kept, taken
	Keyed      bool             `json:"keyed"` // both keyed from paper, by two people
	Compared   bool             `json:"compared"`
	Differs    []ConflictAnswer `json:"differs"` // current: the form that stands; other: the second; base is empty
	FoundAt    db.Time          `json:"found_at"`
	DecidedAt  db.Time          `json:"decided_at"`
	Note       string           `json:"note"`
}

func (s *Server) secondRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/submissions/{submission}/seconds", Action: authz.SubmissionRead, Res: List[SubmissionSecond]{},
			Summary: "Second forms for the household: what they answer differently", Handler: s.seconds,
		},
		{
			Pattern: "POST /api/v1/submissions/{submission}/second", Action: authz.ReviewDecide, Req: SettleInput{}, Res: List[SubmissionSecond]{},
			Summary: "Let this second form stand for the household, or put it aside", Handler: s.settleSecond,
		},
	}
}

func (s *Server) seconds(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	out, err := s.Submissions.Seconds(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(secondViews(out, c.Actor), ""))
}

func (s *Server) settleSecond(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	in, err := decode[SettleInput](r)
	if err != nil {
		return err
	}
	out, err := s.Submissions.SettleSecond(r.Context(), c.Actor, key, in.Take, in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(secondViews(out, c.Actor), ""))
}

func secondViews(all []submission.Second, who authz.Actor) []SubmissionSecond {
	out := make([]SubmissionSecond, len(all))
	for i, s := range all {
		out[i] = SubmissionSecond{
			s.Submission, s.N, s.Stands, s.StandsN, s.State, s.Keyed, s.Compared, conflictAnswers(s.Differs, who), s.FoundAt, s.DecidedAt, s.Note,
		}
	}
	return out
}
