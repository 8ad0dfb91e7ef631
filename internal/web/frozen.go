package web

import (
	"bytes"
	"net/http"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// MergerInput says that a village was merged into another.
type MergerInput struct {
	OldCode  string  `json:"old_code"`
	NewCode  string  `json:"new_code"`
	Day      db.Date `json:"day"`
	Document string  `json:"document"`
}

func (s *Server) frozenRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/roster/entries", Action: authz.RosterRead, Res: List[roster.Entry]{}, Query: []string{"cursor"},
			Summary: "The frozen roster: freezes and changes since, with their digests", Handler: s.rosterEntries,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/roster/frozen.txt", Action: authz.RosterPII, Binary: "text/plain; charset=utf-8",
			Summary: "The frozen roster as the text that its digests are of", Handler: s.rosterExport,
		},
		{
			Pattern: "GET /api/v1/households/{household}/history", Action: authz.RosterRead, Res: roster.History{},
			Summary: "What changed in a household's record: when, by whom, why", Handler: s.householdHistory,
		},
		{
			Pattern: "GET /api/v1/mergers", Action: authz.RegionRead, Res: List[region.Merger]{},
			Summary: "Villages that were merged", Handler: s.mergers,
		},
		{
			Pattern: "PUT /api/v1/mergers/{merger}", Action: authz.RegionManage, Req: MergerInput{}, Res: List[region.Merger]{},
			Summary: "Record that a village was merged into another", Handler: s.putMerger,
		},
		{
			Pattern: "DELETE /api/v1/mergers/{merger}", Action: authz.RegionManage,
			Summary: "Take a merger back while nothing depends on it", Handler: s.deleteMerger,
		},
	}
}

func (s *Server) rosterEntries(w http.ResponseWriter, r *http.Request, c *Call) error {
	after := int64(0)
	if q := r.URL.Query().Get("cursor"); q != "" {
		var err error
		if after, err = strconv.ParseInt(q, 10, 64); err != nil {
			return errs.Invalid.New("roster.cursor")
		}
	}
	es, more, err := s.Rosters.Entries(r.Context(), c.Actor, r.PathValue("campaign"), after)
	if err != nil {
		return err
	}
	next := ""
	if more {
		next = strconv.FormatInt(es[len(es)-1].Number, 10)
	}
	return reply(w, http.StatusOK, list(es, next))
}

func (s *Server) rosterExport(w http.ResponseWriter, r *http.Request, c *Call) error {
	var b bytes.Buffer
	if err := s.Rosters.Export(r.Context(), c.Actor, r.PathValue("campaign"), &b); err != nil {
		return err
	}
	return attachment(w, "text/plain; charset=utf-8", "frozen-roster.txt", b.Bytes())
}

func (s *Server) householdHistory(w http.ResponseWriter, r *http.Request, c *Call) error {
	h, err := s.Rosters.History(r.Context(), c.Actor, r.PathValue("household"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, h)
}

func (s *Server) mergers(w http.ResponseWriter, r *http.Request, c *Call) error {
	ms, err := s.Listings.Mergers(r.Context(), c.Actor)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(ms, ""))
}

func (s *Server) putMerger(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[MergerInput](r)
	if err != nil {
		return err
	}
	m := region.Merger{ID: r.PathValue("merger"), Day: in.Day, Document: in.Document}
	if m.Old, err = region.Parse(in.OldCode); err != nil {
		return err
	}
	if m.New, err = region.Parse(in.NewCode); err != nil {
		return err
	}
	ms, err := s.Listings.Merge(r.Context(), c.Actor, m)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(ms, ""))
}

func (s *Server) deleteMerger(w http.ResponseWriter, r *http.Request, c *Call) error {
	if _, err := s.Listings.Unmerge(r.Context(), c.Actor, r.PathValue("merger")); err != nil {
		return err
	}
	return noContent(w)
}
