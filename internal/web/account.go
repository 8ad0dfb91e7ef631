package web

import (
	"net/http"

	"ruhu/internal/account"
	"ruhu/internal/authz"
)

func (s *Server) accountRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/accounts", Action: authz.AccountRead, Res: List[account.Account]{}, Query: []string{"cursor", "limit", "q", "role"},
			Summary: "Accounts of one's region", Handler: s.accounts,
		},
		{
			Pattern: "PUT /api/v1/accounts/{account}", Action: authz.AccountManage, Req: account.Input{}, Res: account.Account{},
			Summary: "Make or change an account; the id is made by the client", Handler: s.putAccount, MaxBody: 16 << 10,
		},
	}
}

func (s *Server) accounts(w http.ResponseWriter, r *http.Request, c *Call) error {
	cursor, limit := page(r)
	as, next, err := s.Accounts.List(r.Context(), c.Actor, account.Filter{
		Role: authz.Role(r.URL.Query().Get("role")), Query: r.URL.Query().Get("q"), Cursor: cursor, Limit: limit,
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(as, next))
}

func (s *Server) putAccount(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[account.Input](r)
	if err != nil {
		return err
	}
	a, err := s.Accounts.Put(r.Context(), c.Actor, r.PathValue("account"), in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, a)
}
