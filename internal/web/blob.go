package web

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
)

// shown are the kinds of files that a browser may show or play; none of them can carry a script. Everything else is a download.
var shown = map[string]string{
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
	"weba": "audio/webm", "m4a": "audio/mp4", "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav",
	"mp4": "video/mp4", "webm": "video/webm", "3gp": "video/3gpp",
}

// sendBlob sends a file by its digest, or the range of it that was asked for: players ask so. Its content never changes, so the
// browser may keep it.
func (s *Server) sendBlob(w http.ResponseWriter, r *http.Request, d blob.Digest, ext string) error {
	f, err := s.Blobs.Open(d)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := w.Header()
	kind, ok := shown[ext]
	if !ok {
		kind = "application/octet-stream"
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(d)[:12] + "." + ext}))
	}
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+string(d)+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// sendEvidence sends a file whose name says nothing about its kind, so the first bytes do; only pictures are shown.
func (s *Server) sendEvidence(w http.ResponseWriter, r *http.Request, d blob.Digest) error {
	f, err := s.Blobs.Open(d)
	if err != nil {
		return err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	_ = f.Close() // only read
	if err != nil && n == 0 {
		return errs.NotFound.New("blob.not_found")
	}
	return s.sendBlob(w, r, d, strings.TrimPrefix(http.DetectContentType(head[:n]), "image/"))
}
