package web

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
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
