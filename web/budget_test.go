//go:build !noui

package frontend

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// What the phone app may weigh on its way to a phone: all of it, since the service worker fetches all files once. The promise was made for gzip
// and without the form engine; with brotli it holds for both together. At 400 kbit/s that is half a minute.
const (
	budget = 1_500_000
	whole  = 1_500_000
)

func TestThePhoneAppFitsAVillagesNetwork(t *testing.T) {
	t.Parallel()
	app := built(t, FieldApp())
	total, engine, wire := 0, 0, 0
	for name, data := range app {
		if strings.HasSuffix(name, ".br") {
			continue
		}
		n := packed(t, data)
		small, ok := app[name+".br"]
		if ok {
			wire += len(small)
		} else {
			wire += n
		}
		if strings.HasSuffix(name, ".wasm") {
			if !ok {
				t.Error("the build has not compressed the engine")
			}
			engine += n
			continue
		}
		total += n
	}
	if engine == 0 {
		t.Error("the engine is not among the files")
	}
	if total > budget {
		t.Errorf("%d bytes compressed without the engine, %d are allowed", total, budget)
	}
	if wire > whole {
		t.Errorf("%d bytes by brotli with the engine, %d are allowed", wire, whole)
	}
	t.Logf("%d bytes by gzip, and the engine %d; %d by brotli, engine included", total, engine, wire)
}

// A page that loads something from elsewhere tells others who looks at it, and does not open where there is no way out.
func TestNoPageNamesAForeignHost(t *testing.T) {
	t.Parallel()
	foreign := regexp.MustCompile(`(?i)(src|href|action|content)\s*=\s*["']?\s*(https?:)?//`)
	style := regexp.MustCompile(`(?i)(url\(\s*["']?|@import\s+["']?)(https?:)?//`)
	for app, files := range map[string]fs.FS{"console": Console(), "field": FieldApp()} {
		for name, data := range built(t, files) {
			switch {
			case strings.HasSuffix(name, ".html") && foreign.Match(data), strings.HasSuffix(name, ".css") && style.Match(data):
				t.Errorf("%s/%s names a foreign host", app, name)
			}
		}
	}
}

// built reads all files of an app; the test is skipped when it was not built.
func built(t *testing.T, app fs.FS) map[string][]byte {
	t.Helper()
	if _, err := fs.Stat(app, "index.html"); err != nil {
		t.Skip("not built: make build")
	}
	out := map[string][]byte{}
	err := fs.WalkDir(app, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[name], err = fs.ReadFile(app, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func packed(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
