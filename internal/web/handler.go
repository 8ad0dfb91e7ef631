package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"ruhu/internal/account"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/web/openrosa"
)

// Handler makes the http.Handler of the whole edge: API, front end, health.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.Routes() {
		mux.Handle(rt.Pattern, s.adapt(rt))
	}
	mux.Handle("/api/", s.adapt(Route{Handler: s.noRoute(mux)}))
	s.plain(mux)
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.adapt(Route{Handler: func(http.ResponseWriter, *http.Request, *Call) error {
		return errs.Forbidden.New("web.cross_origin")
	}}))
	return s.outer(cross.Handler(mux))
}

// adapt turns a row into an http.Handler: who is it, may they, how much may they send; then the handler; then the error.
func (s *Server) adapt(rt Route) http.Handler {
	limit := rt.MaxBody
	if limit == 0 {
		limit = defaultMaxBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &Call{Lang: language(r), RequestID: requestID(r.Context())}
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			z := &zipped{ResponseWriter: w}
			defer z.close()
			w = z
		}
		err := s.serve(rt, limit, w, r, c)
		if err != nil && rt.OpenRosa && r.Context().Err() == nil && !answered(w) {
			s.rosaFail(w, r, c, err)
		} else if err != nil {
			s.fail(w, r, c, err)
		}
	})
}

func (s *Server) serve(rt Route, limit int64, w http.ResponseWriter, r *http.Request, c *Call) error {
	if rt.Action != "" {
		identify := s.identify
		if rt.OpenRosa {
			openrosa.Head(w.Header(), c.Lang)
			identify = s.rosaIdentify
		}
		if err := identify(w, r, c); err != nil {
			return err
		}
		if err := c.Actor.Require(rt.Action); err != nil {
			return err
		}
	}
	if q, err := url.QueryUnescape(r.URL.RawQuery); err != nil || !plainText(q) || !plainText(r.URL.Path) {
		return errs.Invalid.New("web.address")
	}
	if r.ContentLength > limit {
		return errs.TooLarge.New("web.too_large", "limit", limit)
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := unpacked(w, r, limit); err != nil {
		return err
	}
	return rt.Handler(w, r, c)
}

// plainText refuses what a PostgreSQL text cannot hold and nobody types.
func plainText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// identify reads the session cookie. When the session was renewed, so is the age at which the browser forgets it.
func (s *Server) identify(w http.ResponseWriter, r *http.Request, c *Call) error {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return errs.Unauthenticated.New("account.session")
	}
	c.token = cookie.Value
	actor, renewed, err := s.Accounts.Session(r.Context(), c.token)
	if err != nil {
		return err
	}
	c.Actor = actor
	if renewed {
		s.setCookie(w, c.token, int(account.IdleOf(actor.Role).Seconds()))
	}
	return nil
}

// noRoute answers what no row answers: 404, or 405 when another method would.
func (s *Server) noRoute(mux *http.ServeMux) Handler {
	return func(w http.ResponseWriter, r *http.Request, _ *Call) error {
		var allow []string
		for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			probe := r.Clone(r.Context())
			probe.Method = m
			if _, p := mux.Handler(probe); p != "" && p != "/api/" {
				allow = append(allow, m)
			}
		}
		if len(allow) > 0 {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			return errs.NotFound.New("web.no_method", "allow", strings.Join(allow, ", "))
		}
		return errs.NotFound.New("web.no_route")
	}
}

type requestKey struct{}

func requestID(ctx context.Context) string {
	s, _ := ctx.Value(requestKey{}).(string)
	return s
}

// language is English when the client asks for it first, else Chinese.
func language(r *http.Request) string {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(r.Header.Get("Accept-Language"))), "en") {
		return "en"
	}
	return "zh"
}

func (s *Server) log() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.Default()
}

// outer is what every request passes: an id, security headers, recovery, the access log.
func (s *Server) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rid := id.New()
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rid))
		s.headers(w.Header(), rid)
		rec := &recorder{ResponseWriter: w}
		began := s.DB.Now()
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler { //nolint:errorlint // the very value, as net/http compares it
				s.log().ErrorContext(r.Context(), "panic", slog.String("request", rid), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
				if rec.status == 0 {
					s.fail(rec, r, &Call{Lang: language(r), RequestID: rid}, errs.Internal.New("internal"))
					p = nil
				}
			}
			s.access(r, rec, rid, s.DB.Now().Time().Sub(began.Time()))
			if p != nil {
				panic(http.ErrAbortHandler) // the client must not take half an answer for a whole one
			}
		}()
		next.ServeHTTP(rec, r)
	})
}

func (s *Server) headers(h http.Header, rid string) {
	h.Set("X-Request-Id", rid)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
	h.Set("Content-Security-Policy", contentPolicy)
	if s.Options.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// contentPolicy lets pages run only what this server sent: our scripts and the form engine (WebAssembly), show pictures and play sound that
// the page itself made (blob:, data:). Style attributes are allowed because the component library and charts set them.
const contentPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; " +
	"connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
