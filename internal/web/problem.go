package web

import (
	"log/slog"
	"net/http"
	"strconv"

	"ruhu/internal/errs"
)

// ProblemDetails is the body of every error: application/problem+json (RFC 9457).
type ProblemDetails struct {
	Code      string         `json:"code"`   // `package.what`, stable
	Title     string         `json:"title"`  // of the status
	Detail    string         `json:"detail"` // a sentence for the person, in the language asked for
	Fields    map[string]any `json:"fields,omitempty"`
	RequestID string         `json:"request_id"`
	Status    int            `json:"status"`
}

var statuses = map[errs.Kind]int{
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.RateLimited:     http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

func statusOf(err error) int {
	if errs.CodeOf(err) == "web.no_method" {
		return http.StatusMethodNotAllowed
	}
	if s, ok := statuses[errs.KindOf(err)]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// fail writes err as a problem. An internal error is logged in full and shown as nothing but the request id.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, c *Call, err error) {
	if r.Context().Err() != nil { // the client gave up; what came of it is not an error of ours
		return
	}
	if answered(w) { // half an answer is out: break off, so that the client does not take it for a whole one
		s.log().ErrorContext(r.Context(), "answer broke off", slog.String("request", c.RequestID), slog.String("route", r.Pattern), slog.String("error", err.Error()))
		panic(http.ErrAbortHandler)
	}
	status := statusOf(err)
	p := ProblemDetails{Code: errs.CodeOf(err), Title: http.StatusText(status), Detail: errs.MessageOf(err, c.Lang), RequestID: c.RequestID, Status: status}
	if e, ok := errs.As(err); ok && status != http.StatusInternalServerError {
		p.Fields = e.Fields
		if wait, ok := e.Fields["seconds"].(int); ok && status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(wait))
		}
	} else {
		p.Code, p.Detail = "internal", errs.Internal.New("internal").Message(c.Lang)
		s.log().ErrorContext(r.Context(), "request failed", slog.String("request", c.RequestID), slog.String("route", r.Pattern), slog.String("error", err.Error()))
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	if status == http.StatusUnauthorized && c.token != "" {
		s.setCookie(w, "", -1)
	}
	h := w.Header()
	h.Del("Etag")
	h.Del("Content-Encoding")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/problem+json; charset=utf-8")
	if err := reply(w, status, p); err != nil { // fields that cannot be encoded
		p.Fields = nil
		_ = reply(w, status, p) // nothing but text and numbers is left
	}
}

// answered tells whether the status has been written.
func answered(w http.ResponseWriter) bool {
	for {
		switch x := w.(type) {
		case *recorder:
			return x.status != 0
		case interface{ Unwrap() http.ResponseWriter }:
			w = x.Unwrap()
		default:
			return false
		}
	}
}
