package web

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ruhu/internal/device"
	"ruhu/internal/errs"
	"ruhu/internal/web/openrosa"
)

// rosaIdentify finds out who an OpenRosa client works for: by the key in the address, by digest, or by name and password. A session cookie counts for
// nothing here: a page in a browser cannot use what somebody is logged in to.
func (s *Server) rosaIdentify(_ http.ResponseWriter, r *http.Request, c *Call) error {
	if !s.sealed(r) {
		return errs.Forbidden.New("openrosa.https")
	}
	var err error
	if token := r.PathValue("token"); token != "" {
		name, password, _ := strings.Cut(token, ".")
		c.Actor, err = s.Devices.ClientByPassword(r.Context(), name, password)
		return err
	}
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "basic":
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		if err != nil {
			return errs.Unauthenticated.New("device.client")
		}
		name, password, _ := strings.Cut(string(raw), ":")
		c.Actor, err = s.Devices.ClientByPassword(r.Context(), name, password)
		return err
	case "digest":
		return s.rosaDigest(r, c, rest)
	}
	return errs.Unauthenticated.New("device.client")
}

func (s *Server) rosaDigest(r *http.Request, c *Call, header string) error {
	d, err := openrosa.ParseDigest(header)
	if err == nil {
		err = s.rosaGuard().Check(d, r.Method, r.RequestURI, func(proves func(string) bool) (err error) {
			c.Actor, err = s.Devices.ClientByDigest(r.Context(), d.User, proves)
			return err
		})
	}
	if c.stale = errors.Is(err, openrosa.ErrStale); c.stale || errors.Is(err, openrosa.ErrDigest) {
		return errs.Unauthenticated.Wrap(err, "device.client")
	}
	return err
}

// rosaGuard keeps the nonces of digest authentication.
func (s *Server) rosaGuard() *openrosa.Guard {
	s.guardOnce.Do(func() {
		s.guard = openrosa.NewGuard(device.Realm, rosaRoot, func() time.Time { return s.DB.Now().Time() })
	})
	return s.guard
}

// sealed tells whether nobody on the way can read a request: it came by https, here or at the proxy, which says so in X-Forwarded-Proto, or it did not
// leave the machine.
func (s *Server) sealed(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	if s.Options.TrustProxy {
		all := r.Header.Values("X-Forwarded-Proto")
		if len(all) == 0 {
			return false
		}
		hops := strings.Split(all[len(all)-1], ",")
		return strings.EqualFold(strings.TrimSpace(hops[len(hops)-1]), "https")
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// rosaFail answers an OpenRosa client with an error: XML, and a challenge where it should say who it is.
func (s *Server) rosaFail(w http.ResponseWriter, r *http.Request, c *Call, err error) {
	status, message := statusOf(err), errs.MessageOf(err, c.Lang)
	h := w.Header()
	switch status {
	case http.StatusUnprocessableEntity:
		status = http.StatusBadRequest
	case http.StatusInternalServerError:
		message = errs.Internal.New("internal").Message(c.Lang) + " " + c.RequestID
		s.log().ErrorContext(r.Context(), "request failed", slog.String("request", c.RequestID), slog.String("route", r.Pattern), slog.String("error", err.Error()))
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "2")
	case http.StatusUnauthorized:
		if r.PathValue("token") == "" {
			h.Add("WWW-Authenticate", s.rosaGuard().Challenge(c.stale))
			h.Add("WWW-Authenticate", `Basic realm="`+device.Realm+`", charset="UTF-8"`)
		}
	}
	openrosa.Head(h, c.Lang)
	h.Set("X-OpenRosa-Accept-Content-Length", strconv.Itoa(rosaAdvice))
	b, err := openrosa.Answer("error", message, nil)
	if err != nil {
		b = nil // the status says enough
	}
	_ = replyXML(w, status, b) // writing is all that it does
}
