package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
	"ruhu/internal/training"
)

func (s *Server) trainingRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/training", Action: authz.TrainingRead, Res: training.Standing{}, Query: []string{"team", "region", "state"},
			Summary: "Who has passed the quiz, who has not tried, and what is most often wrong", Handler: s.trainingSummary,
		},
		{
			Pattern: "GET /api/v1/field/training/{hash}", Action: authz.FieldUse, Binary: "application/json", Query: []string{"offset", "limit"},
			Summary: "What people practise on and are asked, by its digest", Handler: s.trainingMaterial,
		},
		{
			Pattern: "POST /api/v1/field/training", Action: authz.FieldUse, Req: training.QuizAttempt{}, Res: training.QuizMark{}, MaxBody: 32 << 10,
			Summary: "Send an attempt at the quiz; the server marks it. May be repeated", Handler: s.trainingAttempt,
		},
	}
}

func (s *Server) trainingSummary(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	out, err := s.Trainings.Summary(r.Context(), c.Actor, campaign, training.Filter{Team: q.Get("team"), Region: region.Code(q.Get("region")), State: q.Get("state")})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

// trainingMaterial answers with the material of the campaign that the enumerator's team works for, if it still has that digest.
func (s *Server) trainingMaterial(w http.ResponseWriter, r *http.Request, c *Call) error {
	hash := r.PathValue("hash")
	var body []byte
	err := s.DB.View(r.Context(), func(tx *db.Tx) error {
		team, _, err := s.Assigns.ForAccountTx(r.Context(), tx, c.Actor.County, c.Actor.ID)
		if err != nil || team.ID == "" {
			return err
		}
		camp, err := survey.CampaignTx(r.Context(), tx, c.Actor.County, team.Campaign)
		if err != nil {
			return err
		}
		b, digest, err := training.MaterialOf(camp)
		if digest == hash {
			body = b
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case body == nil:
		return errs.NotFound.New("training.no_material")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	return sendPart(w, r, body)
}

func (s *Server) trainingAttempt(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[training.QuizAttempt](r)
	if err != nil {
		return err
	}
	out, err := s.Trainings.Receive(r.Context(), c.Actor, in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}
