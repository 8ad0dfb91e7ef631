package web

import (
	"fmt"
	"net/http"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/progress"
)

const (
	streamPause     = 500 * time.Millisecond // between two versions, however fast they come
	streamLook      = 5 * time.Second        // another process may have changed something
	streamHeartbeat = 20 * time.Second       // keeps proxies from closing a quiet stream
)

func (s *Server) progressRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/progress", Action: authz.ProgressRead, Res: progress.Progress{}, Query: []string{"by"},
			Summary: "How far the campaign is: by=village, team or day; all three without", Handler: s.progress,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/progress/stream", Action: authz.ProgressRead, Binary: "text/event-stream",
			Summary: "Tells when the progress has changed: event progress, data {version}", Handler: s.progressStream,
		},
	}
}

func (s *Server) progress(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	p, err := s.Progress.Get(r.Context(), c.Actor, campaign, r.URL.Query().Get("by"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}

// progressStream sends the version at once and after every change, until the client leaves or the program stops.
func (s *Server) progressStream(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	changed, stop := s.Progress.Watch(c.Actor, campaign)
	defer stop()
	version, err := s.Progress.Version(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	send := func(format string, args ...any) bool {
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && out.Flush() == nil
	}
	if !send("event: progress\ndata: {\"version\":%d}\n\n", version) {
		return nil
	}
	look, beat := time.NewTicker(streamLook), time.NewTicker(streamHeartbeat)
	defer look.Stop()
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Quit:
			return nil
		case <-beat.C:
			if !send(": still here\n\n") {
				return nil
			}
			continue
		case <-changed:
		case <-look.C:
		}
		v, err := s.Progress.Version(r.Context(), c.Actor, campaign)
		if err != nil { // the stream has begun: the client connects again and is told then
			return nil
		}
		if v == version {
			continue
		}
		version = v
		if !send("event: progress\ndata: {\"version\":%d}\n\n", version) {
			return nil
		}
		select {
		case <-time.After(streamPause):
		case <-r.Context().Done():
			return nil
		}
	}
}
