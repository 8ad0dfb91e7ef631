package web

import (
	"net/http"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/submission"
	"ruhu/internal/submission/merge"
)

// ConflictAnswer is a question in three versions: as both phones began with it, as it stands, and in the edit that was set aside.
type ConflictAnswer struct {
	Ref     string `json:"ref"`
	Label   string `json:"label"`
	Base    string `json:"base"`
	Current string `json:"current"`
	Other   string `json:"other"`
}

// SubmissionConflict is two edits of one revision.
type SubmissionConflict struct {
	N         int              `json:"n"`       // the revision that was set aside
	Base      int              `json:"base"`    // the revision that both were edited from
	Current   int              `json:"current"` // the one that stood when it came
	State     string           `json:"state"`   // open, merged, kept, taken
	Result    int              `json:"result"`  // the revision that came of it; 0: none
	Overlaps  []ConflictAnswer `json:"overlaps"`
	Taken     []ConflictAnswer `json:"taken"` // touched by the second edit alone
	FoundAt   db.Time          `json:"found_at"`
	DecidedAt db.Time          `json:"decided_at"`
	Note      string           `json:"note"`
}

// SettleInput is the body of a decision on a conflict.
type SettleInput struct {
	Take bool   `json:"take"` // the edit that was set aside becomes the current revision; otherwise what stands stays
	Note string `json:"note"`
}

func (s *Server) conflictRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/submissions/{submission}/conflicts", Action: authz.SubmissionRead, Res: List[SubmissionConflict]{},
			Summary: "Edits that met: question by question in three versions", Handler: s.conflicts,
		},
		{
			Pattern: "POST /api/v1/submissions/{submission}/conflicts/{n}", Action: authz.ReviewDecide, Req: SettleInput{}, Res: List[SubmissionConflict]{},
			Summary: "Keep the revision that stands, or take the one that was set aside", Handler: s.settleConflict,
		},
	}
}

func (s *Server) conflicts(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	cs, err := s.Submissions.Conflicts(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(conflictViews(cs, c.Actor), ""))
}

func (s *Server) settleConflict(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return errs.NotFound.New("submission.no_conflict", "n", 0)
	}
	in, err := decode[SettleInput](r)
	if err != nil {
		return err
	}
	cs, err := s.Submissions.Settle(r.Context(), c.Actor, key, n, in.Take, in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(conflictViews(cs, c.Actor), ""))
}

func conflictViews(cs []submission.Conflict, who authz.Actor) []SubmissionConflict {
	out := make([]SubmissionConflict, len(cs))
	for i, c := range cs {
		out[i] = SubmissionConflict{
			c.N, c.Base, c.Current, c.State, c.Result, conflictAnswers(c.Overlaps, who), conflictAnswers(c.Taken, who), c.FoundAt, c.DecidedAt, c.Note,
		}
	}
	return out
}

// conflictAnswers hides what identifies a person from those who may not see it: that it differs is all they learn.
func conflictAnswers(as []merge.Answer, who authz.Actor) []ConflictAnswer {
	out := make([]ConflictAnswer, len(as))
	for i, a := range as {
		out[i] = ConflictAnswer{a.Ref, a.Label, a.Base, a.Current, a.Other}
		if (a.PII == "id_number" || a.PII == "phone" || a.PII == "bank") && !who.Can(authz.RosterPII) {
			out[i].Base, out[i].Current, out[i].Other = "***", "***", "***"
		}
	}
	return out
}
