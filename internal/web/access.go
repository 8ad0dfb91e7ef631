package web

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// recorder remembers the status for the access log and the counters.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach Flush and deadlines (server-sent events).
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// traffic counts requests by class of status (index 1 to 5) and their time.
type traffic struct {
	byClass [6]atomic.Int64
	micros  atomic.Int64
}

// access writes one line per request: the route's pattern, never the path, which may hold ids, nor the query.
func (s *Server) access(r *http.Request, rec *recorder, rid string, took time.Duration) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	s.traffic.byClass[min(5, rec.status/100)].Add(1)
	s.traffic.micros.Add(took.Microseconds())
	s.log().DebugContext(r.Context(), "request", slog.String("request", rid), slog.String("method", r.Method), slog.String("route", r.Pattern),
		slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes), slog.Duration("took", took))
}
