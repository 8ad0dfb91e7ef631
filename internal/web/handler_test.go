package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"ruhu/internal/db"
)

// edge serves one handler behind everything that a request passes.
func edge(t *testing.T, log io.Writer, h Handler) *httptest.Server {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "ruhu.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{DB: d, Log: slog.New(slog.NewTextHandler(log, nil))}
	srv := httptest.NewServer(s.outer(s.adapt(Route{Handler: h})))
	t.Cleanup(func() {
		srv.Close()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv
}

func TestAnInternalErrorShowsTheRequestAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]Handler{
		"error": func(http.ResponseWriter, *http.Request, *Call) error { return errors.New("secret: table gone") },
		"panic": func(http.ResponseWriter, *http.Request, *Call) error { panic("secret: table gone") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			srv := edge(t, &log, h)
			resp, err := http.Get(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			rid := resp.Header.Get("X-Request-Id")
			if resp.StatusCode != 500 || strings.Contains(string(b), "secret") || rid == "" || !strings.Contains(string(b), rid) {
				t.Errorf("%d %s", resp.StatusCode, b)
			}
			srv.Close()
			if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), rid) {
				t.Errorf("the log does not tell what happened: %s", &log)
			}
		})
	}
}

func TestHalfAnAnswerIsBrokenOff(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func() error{
		"error": func() error { return errors.New("disk gone") },
		"panic": func() error { panic("disk gone") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			srv := edge(t, &log, func(w http.ResponseWriter, _ *http.Request, _ *Call) error {
				_, _ = io.WriteString(w, "first half")
				_ = http.NewResponseController(w).Flush()
				return end()
			})
			resp, err := http.Get(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err == nil || string(b) != "first half" {
				t.Errorf("read %q, %v", b, err)
			}
			srv.Close()
			if !strings.Contains(log.String(), "disk gone") {
				t.Errorf("log: %s", &log)
			}
		})
	}
}
