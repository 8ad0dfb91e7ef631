package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/errs"
	"ruhu/internal/tlog"
)

// Under /api/v1/log/<county>/ the log lies as c2sp.org/tlog-tiles says: checkpoint, tile/<level>/<n>, tile/entries/<n>.
func (s *Server) logRoutes() []Route {
	const at = "GET /api/v1/log/{county}/"
	return []Route{
		{Pattern: at + "checkpoint", Binary: "text/plain; charset=utf-8", Summary: "The signed state of a county's log; open to everybody", Handler: s.logCheckpoint},
		{Pattern: at + "tile/{tile...}", Binary: "application/octet-stream", Summary: "Hashes of a county's log; open to everybody", Handler: s.logTile},
		{
			Pattern: at + "tile/entries/{bundle...}", Action: authz.AuditRead, Binary: "application/octet-stream",
			Summary: "Entries of the county's log, for those whose region is the whole county", Handler: s.logEntries,
		},
	}
}

func (s *Server) logCheckpoint(w http.ResponseWriter, r *http.Request, _ *Call) error {
	c, err := s.Sealed.Checkpoint(r.Context(), r.PathValue("county"))
	if err != nil {
		return err
	}
	text(w, http.StatusOK, c.Signed)
	return nil
}

func (s *Server) logTile(w http.ResponseWriter, r *http.Request, _ *Call) error {
	return s.logPiece(w, r, "tile/"+r.PathValue("tile"))
}

func (s *Server) logEntries(w http.ResponseWriter, r *http.Request, c *Call) error {
	county := r.PathValue("county")
	if c.Actor.County != county || string(c.Actor.Region) != county+"000000" {
		return errs.NotFound.New("audit.no_log", "county", county)
	}
	return s.logPiece(w, r, "tile/entries/"+r.PathValue("bundle"))
}

func (s *Server) logPiece(w http.ResponseWriter, r *http.Request, path string) error {
	p, ok := tlog.ParsePath(path)
	if !ok || p.Level == tlog.Entries && r.Pattern != "GET /api/v1/log/{county}/tile/entries/{bundle...}" {
		return errs.NotFound.New("audit.no_piece", "path", path)
	}
	data, err := s.Sealed.Piece(r.Context(), r.PathValue("county"), p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	if p.W == tlog.Width { // it never changes
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	_, err = w.Write(data)
	return err
}
