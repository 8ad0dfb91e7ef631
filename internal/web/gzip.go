package web

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"ruhu/internal/errs"
)

// worthZipping is the size from which an answer is compressed: below, it fits into one packet anyway.
const worthZipping = 1400

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is a legal one
	return z
}}

// zipped compresses JSON and XML answers of known length for clients that take gzip; a village's network is slow.
type zipped struct {
	http.ResponseWriter
	z       *gzip.Writer
	decided bool
}

func (w *zipped) WriteHeader(status int) {
	if !w.decided {
		w.decided = true
		h := w.Header()
		n, err := strconv.Atoi(h.Get("Content-Length"))
		text := strings.Contains(h.Get("Content-Type"), "json") || strings.Contains(h.Get("Content-Type"), "xml")
		if text {
			h.Add("Vary", "Accept-Encoding")
		}
		if text && err == nil && n >= worthZipping && h.Get("Content-Encoding") == "" {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			w.z = zippers.Get().(*gzip.Writer)
			w.z.Reset(w.ResponseWriter)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *zipped) Write(b []byte) (int, error) {
	if !w.decided {
		w.WriteHeader(http.StatusOK)
	}
	if w.z != nil {
		return w.z.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach Flush and deadlines.
func (w *zipped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *zipped) close() {
	if w.z != nil {
		_ = w.z.Close() // the client is gone; there is nobody to tell
		w.z.Reset(nil)
		zippers.Put(w.z)
		w.z = nil
	}
}

// unpacked lets a handler read a compressed body as if it were plain. The limit holds for what comes out, too, so that a small body cannot
// become a large one. Returns Invalid "web.encoding" for an encoding other than gzip and for a body that is none.
func unpacked(w http.ResponseWriter, r *http.Request, limit int64) error {
	switch r.Header.Get("Content-Encoding") {
	case "", "identity":
		return nil
	case "gzip":
	default:
		return errs.Invalid.New("web.encoding")
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return errs.Invalid.Wrap(err, "web.encoding")
	}
	r.Body = http.MaxBytesReader(w, z, limit)
	r.Header.Del("Content-Encoding")
	return nil
}
