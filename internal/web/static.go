package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	frontend "ruhu/web"
)

// frontend serves the console at / and the phone app at /field/.
func (s *Server) frontend(mux *http.ServeMux) {
	mux.Handle("/field/", http.StripPrefix("/field", fieldSite()))
	mux.Handle("/field/compat/", http.StripPrefix("/field", forOldBrowsers(fieldSite())))
	mux.Handle("/field", http.RedirectHandler("/field/", http.StatusMovedPermanently))
	mux.Handle("/", consoleSite())
}

// forOldBrowsers serves the phone app under a content policy that Chrome 85 to 96 understand: they know no 'wasm-unsafe-eval' and run the
// form engine only where 'unsafe-eval' is allowed. The app goes there by itself when it finds that it may not compile (docs/adr/0007); newer
// browsers never see it. Everything else in the policy holds, so there is still no script from anywhere else and none inside the page.
func forOldBrowsers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", strings.Replace(contentPolicy, "'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'", 1))
		next.ServeHTTP(w, r)
	})
}

var (
	consoleSite = sync.OnceValue(func() *site { return newSite(frontend.Console()) })
	fieldSite   = sync.OnceValue(func() *site { return newSite(frontend.FieldApp()) })
)

// asset is a file ready to be sent. The build lays a file for browsers that take brotli beside it (web/build/brotli.ts); gzip is made when it is first
// asked for.
type asset struct {
	plain       []byte
	brotli      []byte        // nil when there is none
	gzip        func() []byte // nil when it is not worth it
	ctype, etag string
	lasting     bool // the name holds a digest of the content: browsers may keep it for ever
}

// site is a single-page application: an unknown path without an extension gives index.html.
type site struct{ assets map[string]*asset }

func newSite(dir fs.FS) *site {
	st := &site{assets: map[string]*asset{}}
	packed := map[string][]byte{}
	_ = fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error { // a folder that is missing is an empty site
		if err != nil || d.IsDir() || path.Base(name) == ".gitkeep" {
			return err
		}
		b, err := fs.ReadFile(dir, name)
		if plain, ok := strings.CutSuffix(name, ".br"); ok {
			packed["/"+plain] = b
		} else if err == nil {
			st.assets["/"+name] = newAsset(name, b)
		}
		return err
	})
	for name, b := range packed {
		if a := st.assets[name]; a != nil {
			a.brotli = b
		}
	}
	return st
}

var types = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".wasm": "application/wasm",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2",
}

func newAsset(name string, b []byte) *asset {
	sum := sha256.Sum256(b)
	a := &asset{plain: b, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, lasting: strings.HasPrefix(name, "assets/")}
	ext := path.Ext(name)
	if a.ctype = types[ext]; a.ctype == "" {
		if a.ctype = mime.TypeByExtension(ext); a.ctype == "" {
			a.ctype = "application/octet-stream"
		}
	}
	a.gzip = sync.OnceValue(func() []byte {
		if len(b) < worthZipping || ext == ".png" || ext == ".woff2" {
			return nil
		}
		var z bytes.Buffer
		zw, _ := gzip.NewWriterLevel(&z, gzip.DefaultCompression) // the level is a legal one
		_, err1 := zw.Write(b)
		if err2 := zw.Close(); err1 != nil || err2 != nil || z.Len() > len(b)*9/10 {
			return nil
		}
		return z.Bytes()
	})
	return a
}

// body gives the smallest form that the client takes, and its name.
func (a *asset) body(accept string) ([]byte, string) {
	if a.brotli != nil && takes(accept, "br") {
		return a.brotli, "br"
	}
	if takes(accept, "gzip") {
		if z := a.gzip(); z != nil {
			return z, "gzip"
		}
	}
	return a.plain, ""
}

// takes tells whether a coding is in a list as browsers send it, "gzip, deflate, br;q=0.9", and not forbidden there.
func takes(accept, coding string) bool {
	for one := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			n, err := strconv.ParseFloat(q, 64)
			return !ok || err != nil || n > 0
		}
	}
	return false
}

func (st *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		text(w, http.StatusMethodNotAllowed, "method not allowed\n")
		return
	}
	a := st.assets[path.Clean("/"+r.URL.Path)]
	if a == nil && path.Ext(r.URL.Path) == "" {
		a = st.assets["/index.html"]
	}
	h := w.Header()
	if a == nil {
		if len(st.assets) == 0 {
			text(w, http.StatusNotFound, "前端没有构建（make build）。The front end is not built: make build\n")
			return
		}
		text(w, http.StatusNotFound, "没有这个页面。Not found\n")
		return
	}
	h.Set("Content-Type", a.ctype)
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache") // ask again each time; the ETag makes the answer short
	if a.lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	b, coding := a.body(r.Header.Get("Accept-Encoding"))
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b) // the client is gone; there is nobody to tell
	}
}
