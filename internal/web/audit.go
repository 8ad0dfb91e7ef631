package web

import (
	"net/http"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
)

func (s *Server) auditRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/audit", Action: authz.AuditRead, Res: List[audit.Record]{}, Query: []string{"campaign", "object", "object_id", "cursor", "limit"},
			Summary: "Decisions of people in one's region, the newest first", Handler: s.audit,
		},
	}
}

func (s *Server) audit(w http.ResponseWriter, r *http.Request, c *Call) error {
	cursor, limit := page(r)
	q := r.URL.Query()
	rs, next, err := s.Audit.List(r.Context(), c.Actor, audit.Filter{
		Campaign: q.Get("campaign"), Object: q.Get("object"), ObjectID: q.Get("object_id"), Cursor: cursor, Limit: limit,
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(rs, next))
}
