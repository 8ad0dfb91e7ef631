package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/circular"
	"ruhu/internal/db"
)

// CircularInput names the period that is computed: the series and its last day.
type CircularInput struct {
	Series string  `json:"series"`
	To     db.Date `json:"to"`
}

// CircularWord is said about a circular by somebody who has read it.
type CircularWord struct {
	Digest string `json:"digest"` // of what was read
}

// CircularWithdrawal says why a circular is taken back.
type CircularWithdrawal struct {
	Reason string `json:"reason"`
}

func (s *Server) circularRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/daily-return", Action: authz.CircularRead, Res: circular.DailyReturn{}, Query: []string{"day"},
			Summary: "Forms handed in on a day that ends at the cut-off, by village", Handler: s.dailyReturn,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/circulars", Action: authz.CircularRead, Res: circular.Circulars{},
			Summary: "Circulars of a campaign; drafts only for those who make and approve them", Handler: s.listCirculars,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/circulars/{circular}", Action: authz.CircularIssue, Req: CircularInput{}, Res: circular.Circular{},
			Summary: "Compute the circular of a period that is over", Handler: s.computeCircular,
		},
		{
			Pattern: "GET /api/v1/circulars/{circular}", Action: authz.CircularRead, Res: circular.Circular{},
			Summary: "A circular: figures, places, what follows", Handler: s.getCircular,
		},
		{
			Pattern: "POST /api/v1/circulars/{circular}/approve", Action: authz.CircularAllow, Req: CircularWord{}, Res: circular.Circular{},
			Summary: "The leader approves what was computed", Handler: s.approveCircular,
		},
		{
			Pattern: "POST /api/v1/circulars/{circular}/issue", Action: authz.CircularIssue, Req: CircularWord{}, Res: circular.Circular{},
			Summary: "The office issues what was approved; it gets its number", Handler: s.issueCircular,
		},
		{
			Pattern: "POST /api/v1/circulars/{circular}/withdraw", Action: authz.CircularRead, Req: CircularWithdrawal{}, Res: circular.Circular{},
			Summary: "Take a circular back; who may depends on its state", Handler: s.withdrawCircular,
		},
	}
}

func (s *Server) dailyReturn(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	out, err := s.Circulars.Daily(r.Context(), c.Actor, key, db.Date(r.URL.Query().Get("day")))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) listCirculars(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	out, err := s.Circulars.List(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

// circular replies with the circular that a method gave.
func (s *Server) circular(w http.ResponseWriter) func(circular.Circular, error) error {
	return func(out circular.Circular, err error) error {
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, out)
	}
}

func (s *Server) computeCircular(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[CircularInput](r)
	if err != nil {
		return err
	}
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	key, err := pathID(r, "circular")
	if err != nil {
		return err
	}
	return s.circular(w)(s.Circulars.Compute(r.Context(), c.Actor, campaign, key, in.Series, in.To))
}

func (s *Server) getCircular(w http.ResponseWriter, r *http.Request, c *Call) error {
	return s.circular(w)(s.Circulars.Get(r.Context(), c.Actor, r.PathValue("circular")))
}

func (s *Server) approveCircular(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[CircularWord](r)
	if err != nil {
		return err
	}
	return s.circular(w)(s.Circulars.Approve(r.Context(), c.Actor, r.PathValue("circular"), in.Digest))
}

func (s *Server) issueCircular(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[CircularWord](r)
	if err != nil {
		return err
	}
	return s.circular(w)(s.Circulars.Issue(r.Context(), c.Actor, r.PathValue("circular"), in.Digest))
}

func (s *Server) withdrawCircular(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[CircularWithdrawal](r)
	if err != nil {
		return err
	}
	return s.circular(w)(s.Circulars.Withdraw(r.Context(), c.Actor, r.PathValue("circular"), in.Reason))
}
