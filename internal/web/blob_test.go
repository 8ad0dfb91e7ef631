package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ruhu/internal/blob"
)

func TestFilesOfFormsArePlayedByRangeAndNeverRun(t *testing.T) {
	t.Parallel()
	store, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := store.Put(t.Context(), strings.NewReader("0123456789"), 100, "")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Blobs: store}
	for ext, want := range map[string]string{
		"weba": "audio/webm", "m4a": "audio/mp4", "mp4": "video/mp4", "webm": "video/webm", "3gp": "video/3gpp", "jpg": "image/jpeg",
		"osm": "", "svg": "", "html": "", "js": "", "xml": "", "": "",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Range", "bytes=2-4")
		w := httptest.NewRecorder()
		if err := s.sendBlob(w, r, d, ext); err != nil {
			t.Fatal(err)
		}
		kind, download := w.Header().Get("Content-Type"), strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment")
		if want == "" && (kind != "application/octet-stream" || !download) || want != "" && (kind != want || download) {
			t.Errorf("%q comes as %q, download: %t", ext, kind, download)
		}
		if w.Code != http.StatusPartialContent || w.Body.String() != "234" {
			t.Errorf("%q: range 2-4: %d %q", ext, w.Code, w.Body)
		}
	}
}
