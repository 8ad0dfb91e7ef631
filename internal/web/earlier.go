package web

import (
	"net/http"
	"slices"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/earlier"
)

// SyncEarlier is a page of what earlier rounds saw at the households of a team.
type SyncEarlier struct {
	Items  []earlier.Sight `json:"items"`
	Next   string          `json:"next"`
	Making bool            `json:"making"` // pictures are being made: there will be more
}

func (s *Server) earlierRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/field/sync/earlier", Action: authz.FieldUse, Res: SyncEarlier{}, Query: []string{"device", "cursor", "limit"},
			Summary: "What earlier rounds saw at the households still to be visited; answers 304 to If-None-Match", Handler: s.syncEarlier,
		},
		{
			Pattern: "GET /api/v1/field/assignments/{assignment}/earlier/{sha256}", Action: authz.FieldUse, Binary: "image/jpeg",
			Query:   []string{"device", "offset", "limit"},
			Summary: "A small picture that an earlier round took at the household", Handler: s.earlierPicture,
		},
	}
}

// syncEarlier is a request of its own and no part of the manifest: the package must not wait for pictures, nor change because of them. Every page
// bears the tag of the whole, so that a phone notices when that has changed between two pages.
func (s *Server) syncEarlier(w http.ResponseWriter, r *http.Request, c *Call) error {
	q := r.URL.Query()
	houses, making, err := s.Earliers.Carried(r.Context(), c.Actor, q.Get("device"))
	if err != nil {
		return err
	}
	out := SyncEarlier{Items: houses, Making: making}
	tag, err := tagOf(out)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", `"`+tag+`"`)
	w.Header().Set("Cache-Control", "private, no-cache")
	cursor, limit := page(r)
	if cursor == "" && matches(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	from, err := strconv.Atoi(cursor)
	if err != nil || from < 0 {
		from = 0
	}
	out.Items = out.Items[min(from, len(out.Items)):]
	if len(out.Items) > limit {
		out.Items, out.Next = slices.Clip(out.Items[:limit]), strconv.Itoa(from+limit)
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) earlierPicture(w http.ResponseWriter, r *http.Request, c *Call) error {
	b, err := s.Earliers.Picture(r.Context(), c.Actor, r.URL.Query().Get("device"), r.PathValue("assignment"), blob.Digest(r.PathValue("sha256")))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "no-store") // it lies sealed on the phone, and nowhere else
	return sendPart(w, r, b)
}
