package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func TestASiteSendsFilesAndFallsBackToItsPage(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("const village = 1;\n", 500)
	st := newSite(fstest.MapFS{
		"index.html": {Data: []byte("<!doctype html>")}, "assets/a-1f.js": {Data: []byte(script)}, "engine.wasm": {Data: []byte("\x00asm")}, ".gitkeep": {},
	})
	for _, c := range []struct {
		method, path, ctype, cache string
		status                     int
	}{
		{"GET", "/", "text/html; charset=utf-8", "no-cache", 200},
		{"GET", "/campaigns/7/review", "text/html; charset=utf-8", "no-cache", 200},
		{"GET", "/assets/a-1f.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", 200},
		{"HEAD", "/engine.wasm", "application/wasm", "no-cache", 200},
		{"GET", "/assets/gone.js", "text/plain; charset=utf-8", "no-store", 404},
		{"GET", "/../../etc/passwd", "text/html; charset=utf-8", "no-cache", 200},
		{"GET", "/.gitkeep", "text/plain; charset=utf-8", "no-store", 404},
		{"POST", "/", "text/plain; charset=utf-8", "no-store", 405},
	} {
		w := httptest.NewRecorder()
		st.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		h := w.Result().Header
		if w.Code != c.status || h.Get("Content-Type") != c.ctype || h.Get("Cache-Control") != c.cache {
			t.Errorf("%s %s: %d %s %s", c.method, c.path, w.Code, h.Get("Content-Type"), h.Get("Cache-Control"))
		}
		if c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s %s has a body", c.method, c.path)
		}
	}
	r := httptest.NewRequest("GET", "/assets/a-1f.js", nil)
	r.Header.Set("Accept-Encoding", "br, gzip")
	w := httptest.NewRecorder()
	st.ServeHTTP(w, r)
	if got := unzip(t, w.Body); got != script || w.Body.Len() > 0 {
		t.Errorf("compressed: %.40q", got)
	}
	r.Header.Set("If-None-Match", w.Result().Header.Get("ETag"))
	w = httptest.NewRecorder()
	st.ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("second time: %d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestAFileThatTheBuildCompressedGoesToWhoTakesIt(t *testing.T) {
	t.Parallel()
	engine := strings.Repeat("engine", 500)
	st := newSite(fstest.MapFS{
		"index.html": {Data: []byte("<!doctype html>")}, "assets/a-1f.wasm": {Data: []byte(engine)}, "assets/a-1f.wasm.br": {Data: []byte("small")}, "gone.js.br": {Data: []byte("x")},
	})
	for _, c := range []struct{ accept, coding string }{
		{"gzip, deflate, br, zstd", "br"}, {"br;q=0.5", "br"}, {"br;q=0, gzip", "gzip"}, {"gzip;q=0", ""}, {"gzip", "gzip"}, {"", ""}, {"brotli", ""},
	} {
		r := httptest.NewRequest("GET", "/assets/a-1f.wasm", nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		st.ServeHTTP(w, r)
		h := w.Result().Header
		if h.Get("Content-Encoding") != c.coding || h.Get("Content-Type") != "application/wasm" || h.Get("Content-Length") != strconv.Itoa(w.Body.Len()) || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %v", c.accept, h)
		}
		got := w.Body.String()
		if c.coding == "gzip" {
			got = unzip(t, w.Body)
		}
		if want := map[bool]string{true: "small", false: engine}[c.coding == "br"]; got != want {
			t.Errorf("%q: %.20q", c.accept, got)
		}
	}
	for _, path := range []string{"/assets/a-1f.wasm.br", "/gone.js.br", "/gone.js"} {
		w := httptest.NewRecorder()
		st.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func unzip(t *testing.T, r io.Reader) string {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLongAnswersAreCompressedAndShortOnesAreNot(t *testing.T) {
	t.Parallel()
	s := &Server{}
	long := strings.Repeat("村", 1000)
	for _, c := range []struct {
		accept, text string
		zip          bool
	}{{"gzip", long, true}, {"", long, false}, {"gzip", "村", false}} {
		h := s.adapt(Route{Handler: func(w http.ResponseWriter, _ *http.Request, _ *Call) error {
			return reply(w, http.StatusCreated, c.text)
		}})
		for range 2 { // the second takes the compressor of the first
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Accept-Encoding", c.accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			body := w.Body.String()
			if zip := w.Header().Get("Content-Encoding") == "gzip"; zip != c.zip || w.Code != http.StatusCreated {
				t.Errorf("accept %q, %d bytes: zipped %v, status %d", c.accept, len(c.text), zip, w.Code)
			} else if zip {
				body = unzip(t, bytes.NewReader(w.Body.Bytes()))
			}
			if body != `"`+c.text+`"`+"\n" {
				t.Errorf("body %.40q", body)
			}
		}
	}
}
