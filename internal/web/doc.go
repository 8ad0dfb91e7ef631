// Package web is the HTTP edge: the API under /api/v1 and the front end.
//
// Every route is a row of Server.Routes: pattern, action, request and response type, summary, handler. From these rows
// come the mux, api/openapi.yaml, the TypeScript types and the permission golden. A handler decodes, calls one service
// method, encodes; it returns its error, and one place turns it into application/problem+json.
//
//	func (s *Server) teamRoutes() []Route {
//		return []Route{
//			{Pattern: "GET /api/v1/campaigns/{campaign}/teams", Action: authz.TeamRead, Res: List[assign.Team]{},
//				Summary: "Teams of a campaign", Handler: s.teams},
//		}
//	}
//
//	func (s *Server) teams(w http.ResponseWriter, r *http.Request, c *Call) error {
//		campaign, err := pathID(r, "campaign")
//		if err != nil {
//			return err
//		}
//		ts, err := s.Assigns.Teams(r.Context(), c.Actor, campaign)
//		if err != nil {
//			return err
//		}
//		return reply(w, http.StatusOK, list(ts, ""))
//	}
//
// The action of a route is checked before its handler runs; region is checked by the services, in SQL.
package web
