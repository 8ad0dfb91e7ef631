package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ruhu/internal/errs"
)

type sample struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
	Inner struct {
		Yes bool `json:"yes"`
	} `json:"inner"`
}

func request(body, ctype string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", ctype)
	return r
}

func TestDecodeTakesOneStrictValue(t *testing.T) {
	t.Parallel()
	for body, field := range map[string]string{
		`{"name":"村","count":3,"inner":{"yes":true}}`: "ok",
		`{"nam":"x"}`:              "nam",
		`{"count":"3"}`:            "count",
		`{"count":3.5}`:            "count",
		`{"inner":{"yes":1}}`:      "inner.yes",
		`{"name":"x"} {"name":1}`:  "",
		`{"name":"x"`:              "",
		``:                         "",
		`[]`:                       "",
		`{"name":"x"}garbage`:      "",
		strings.Repeat(`[`, 20000): "",
	} {
		got, err := decode[sample](request(body, "application/json; charset=utf-8"))
		e, _ := errs.As(err)
		switch {
		case field == "ok":
			if err != nil || got.Name != "村" || got.Count != 3 || !got.Inner.Yes {
				t.Errorf("%s: %+v, %v", body, got, err)
			}
		case errs.CodeOf(err) != "web.json" || e.Fields["field"] != field:
			t.Errorf("%.40s: %v, want field %q", body, err, field)
		}
	}
	if _, err := decode[sample](request(`{}`, "text/plain")); errs.CodeOf(err) != "web.content_type" {
		t.Errorf("text/plain: %v", err)
	}
}

func TestABodyBeyondTheLimitIsTooLarge(t *testing.T) {
	t.Parallel()
	for _, read := range []func(r *http.Request) error{
		func(r *http.Request) error { _, err := decode[sample](r); return err },
		func(r *http.Request) error { _, err := body(r); return err },
	} {
		r := request(`{"name":"`+strings.Repeat("x", 5000)+`"}`, "application/json")
		r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 1000)
		if err := read(r); errs.CodeOf(err) != "web.too_large" || !errs.Is(err, errs.TooLarge) {
			t.Errorf("got %v", err)
		}
	}
}

func TestAValueThatCannotBeEncodedWritesNothing(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	if err := reply(w, http.StatusOK, map[string]any{"f": func() {}}); err == nil || w.Body.Len() > 0 {
		t.Errorf("wrote %q, %v", w.Body, err)
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	t.Parallel()
	for k := errs.Invalid; k <= errs.Unavailable; k++ {
		if s := statusOf(k.New("x.y")); s < 400 || s == 500 {
			t.Errorf("%s: %d", k, s)
		}
	}
	if statusOf(errors.New("foreign")) != http.StatusInternalServerError {
		t.Error("a foreign error is internal")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"name":"x"}`, `{"inner":{}}`, `[`, "\x00", `{"count":1e400}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := decode[sample](request(s, "application/json")); err != nil {
			if _, ours := errs.As(err); !ours {
				t.Errorf("%q: a foreign error: %v", s, err)
			}
		}
	})
}
