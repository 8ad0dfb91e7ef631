package web

import (
	"mime"
	"net/http"
	"time"

	"ruhu/internal/blob"
)

// pictures are the kinds of files that a browser may show. Everything else is a download.
var pictures = map[string]string{"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}

// sendBlob sends a file by its digest. Its content never changes, so the browser may keep it.
func (s *Server) sendBlob(w http.ResponseWriter, r *http.Request, d blob.Digest, ext string) error {
	f, err := s.Blobs.Open(d)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := w.Header()
	kind, shown := pictures[ext]
	if !shown {
		kind = "application/octet-stream"
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(d)[:12] + "." + ext}))
	}
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+string(d)+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
