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
			Summary: "Compute the circular of a period that is over", Handler: s.onCircular(s.computeCircular),
		},
		{
			Pattern: "GET /api/v1/circulars/{circular}", Action: authz.CircularRead, Res: circular.Circular{},
			Summary: "A circular: figures, places, what follows", Handler: s.onCircular(s.getCircular),
		},
		{
			Pattern: "POST /api/v1/circulars/{circular}/approve", Action: authz.CircularAllow, Req: CircularWord{}, Res: circular.Circular{},
			Summary: "The leader approves what was computed", Handler: s.onCircular(s.approveCircular),
		},
		{
			Pattern: "POST /api/v1/circulars/{circular}/issue", Action: authz.CircularIssue, Req: CircularWord{}, Res: circular.Circular{},
			Summary: "The office issues what was approved; it gets its number", Handler: s.onCircular(s.issueCircular),
		},
		{
			Pattern: "POST /api/v1/circulars/{circular}/withdraw", Action: authz.CircularRead, Req: CircularWithdrawal{}, Res: circular.Circular{},
			Summary: "Take a circular back; who may depends on its state", Handler: s.onCircular(s.withdrawCircular),
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

// onCircular does something to the circular that the path names and replies with it as it stands then.
func (s *Server) onCircular(act func(r *http.Request, c *Call, circular string) (circular.Circular, error)) Handler {
	return func(w http.ResponseWriter, r *http.Request, c *Call) error {
		key, err := pathID(r, "circular")
		if err != nil {
			return err
		}
		out, err := act(r, c, key)
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, out)
	}
}

func (s *Server) computeCircular(r *http.Request, c *Call, key string) (out circular.Circular, err error) {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return out, err
	}
	in, err := decode[CircularInput](r)
	if err != nil {
		return out, err
	}
	return s.Circulars.Compute(r.Context(), c.Actor, campaign, key, in.Series, in.To)
}

func (s *Server) getCircular(r *http.Request, c *Call, key string) (circular.Circular, error) {
	return s.Circulars.Get(r.Context(), c.Actor, key)
}

func (s *Server) approveCircular(r *http.Request, c *Call, key string) (out circular.Circular, err error) {
	in, err := decode[CircularWord](r)
	if err != nil {
		return out, err
	}
	return s.Circulars.Approve(r.Context(), c.Actor, key, in.Digest)
}

func (s *Server) issueCircular(r *http.Request, c *Call, key string) (out circular.Circular, err error) {
	in, err := decode[CircularWord](r)
	if err != nil {
		return out, err
	}
	return s.Circulars.Issue(r.Context(), c.Actor, key, in.Digest)
}

func (s *Server) withdrawCircular(r *http.Request, c *Call, key string) (out circular.Circular, err error) {
	in, err := decode[CircularWithdrawal](r)
	if err != nil {
		return out, err
	}
	return s.Circulars.Withdraw(r.Context(), c.Actor, key, in.Reason)
}
