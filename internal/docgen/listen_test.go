package docgen_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// listen serves nothing and tells every path that is asked for.
func listen(t *testing.T, asked chan<- string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- r.URL.Path:
		default:
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}
