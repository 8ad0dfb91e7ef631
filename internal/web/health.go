package web

import (
	"fmt"
	"net/http"
)

// plain adds what is neither API nor page.
func (s *Server) plain(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /metrics", s.metrics)
	s.frontend(mux)
}

func text(w http.ResponseWriter, status int, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprint(w, s) // the client is gone; there is nobody to tell
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.DB.Ping(r.Context()); err != nil {
		text(w, http.StatusServiceUnavailable, "database does not answer\n")
		return
	}
	text(w, http.StatusOK, "ready\n")
}

// metrics speaks the Prometheus text format. The figures hold no names and no ids.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	out := "# TYPE ruhu_http_requests_total counter\n"
	for class := 1; class <= 5; class++ {
		out += fmt.Sprintf("ruhu_http_requests_total{class=\"%dxx\"} %d\n", class, s.traffic.byClass[class].Load())
	}
	out += fmt.Sprintf("# TYPE ruhu_http_seconds_total counter\nruhu_http_seconds_total %.6f\n", float64(s.traffic.micros.Load())/1e6)
	if s.Stuck != nil {
		if n, err := s.Stuck(r.Context()); err == nil {
			out += fmt.Sprintf("# HELP ruhu_job_stuck Tasks that were set aside after their last attempt.\n# TYPE ruhu_job_stuck gauge\nruhu_job_stuck %d\n", n)
		}
	}
	text(w, http.StatusOK, out)
}
