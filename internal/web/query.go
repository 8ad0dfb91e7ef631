package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/query"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// QueryRow is a query with what was said.
type QueryRow struct {
	ID        string          `json:"id"`
	Household *HouseholdBrief `json:"household"` // nil: gone from the list
	Form      string          `json:"form"`
	Ref       string          `json:"ref"`
	Label     string          `json:"label"`
	State     query.State     `json:"state"`
	Ruling    bool            `json:"ruling"`
	AskedAt   db.Time         `json:"asked_at"`
	Turns     []query.Turn    `json:"turns"`
}

// QueryPage is a page of queries with the number of open ones.
type QueryPage struct {
	Items []QueryRow `json:"items"`
	Open  int        `json:"open"`
	Next  string     `json:"next"`
}

// FieldQuery is a query of a household as its team sees it.
type FieldQuery struct {
	ID     string       `json:"id"`
	Ref    string       `json:"ref"`
	Label  string       `json:"label"`
	State  query.State  `json:"state"`
	Ruling bool         `json:"ruling"`
	Turns  []query.Turn `json:"turns"`
}

func (s *Server) queryRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/queries", Action: authz.QueryRead, Res: QueryPage{}, Query: []string{"state", "cursor", "limit"},
			Summary: "What teams ask before they finish a form, the latest first", Handler: s.queries,
		},
		{
			Pattern: "POST /api/v1/queries/{query}/answers", Action: authz.QueryAnswer, Req: query.Reply{}, Res: QueryRow{}, MaxBody: 16 << 10,
			Summary: "Answer a query; a ruling holds for every household. May be repeated", Handler: s.answerQuery,
		},
		{
			Pattern: "POST /api/v1/field/queries", Action: authz.FieldUse, Req: query.Said{}, Res: FieldQuery{}, MaxBody: 16 << 10,
			Summary: "Ask from a question, ask again, withdraw or close a query. May be repeated", Handler: s.sayQuery,
		},
	}
}

func (s *Server) queries(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	cursor, limit := page(r)
	items, open, next, err := s.Queries.List(r.Context(), c.Actor, campaign, query.Filter{State: query.State(r.URL.Query().Get("state")), Cursor: cursor, Limit: limit})
	if err != nil {
		return err
	}
	rows, err := s.queryRows(r, c, items)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, QueryPage{rows, open, next})
}

func (s *Server) answerQuery(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "query")
	if err != nil {
		return err
	}
	in, err := decode[query.Reply](r)
	if err != nil {
		return err
	}
	it, err := s.Queries.Answer(r.Context(), c.Actor, key, in)
	if err != nil {
		return err
	}
	rows, err := s.queryRows(r, c, []query.Item{it})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, rows[0])
}

func (s *Server) sayQuery(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[query.Said](r)
	if err != nil {
		return err
	}
	it, err := s.Queries.Say(r.Context(), c.Actor, in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, fieldQuery(it))
}

func fieldQuery(it query.Item) FieldQuery {
	return FieldQuery{it.ID, it.Ref, it.Label, it.State, it.Ruling, it.Turns}
}

func (s *Server) queryRows(r *http.Request, c *Call, items []query.Item) ([]QueryRow, error) {
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.Household
	}
	out := make([]QueryRow, 0, len(items))
	err := s.DB.View(r.Context(), func(tx *db.Tx) error {
		houses, err := roster.HouseholdsTx(r.Context(), tx, c.Actor.County, ids)
		if err != nil {
			return err
		}
		for _, it := range items {
			row := QueryRow{ID: it.ID, Form: it.Form, Ref: it.Ref, Label: it.Label, State: it.State, Ruling: it.Ruling, AskedAt: it.AskedAt, Turns: it.Turns}
			if h, ok := houses[it.Household]; ok {
				row.Household = &HouseholdBrief{
					ID: h.ID, Code: h.Code, HeadName: h.HeadName, Village: region.Named(h.Village, h.VillageName), Group: h.Group, Class: string(h.Class),
				}
			}
			out = append(out, row)
		}
		return nil
	})
	return out, err
}
