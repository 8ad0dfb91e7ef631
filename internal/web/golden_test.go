package web_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"ruhu/internal/web"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of the repository, or rewrites it with -update.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./internal/web -update makes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date; look at the difference, then go test ./internal/web -update\n%s", path, cmp.Diff(string(want), string(got)))
	}
}

func TestOpenAPIIsMadeFromTheRoutes(t *testing.T) {
	t.Parallel()
	got, err := web.OpenAPI((&web.Server{}).Routes())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../../api/openapi.yaml", got)
}

func TestTypeScriptTypesAreMadeFromTheRoutes(t *testing.T) {
	t.Parallel()
	got, err := web.TypeScript((&web.Server{}).Routes())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../../web/packages/api/src/types.gen.ts", got)
}

func TestEveryRouteSaysWhatItIs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range (&web.Server{}).Routes() {
		open := map[string]bool{
			"POST /api/v1/session": true,
			// What a stranger needs to check a copy of the log: hashes and a signature, no data.
			"GET /api/v1/log/{county}/checkpoint": true, "GET /api/v1/log/{county}/tile/{tile...}": true,
		}
		if r.Summary == "" || r.Handler == nil {
			t.Errorf("%s lacks a summary or a handler", r.Pattern)
		}
		if seen[r.Pattern] {
			t.Errorf("%s is there twice", r.Pattern)
		}
		seen[r.Pattern] = true
		if r.Action == "" && !open[r.Pattern] {
			t.Errorf("%s is open to everybody", r.Pattern)
		}
		if r.Req != nil && r.Raw != "" || r.Res != nil && r.Binary != "" {
			t.Errorf("%s is both JSON and not", r.Pattern)
		}
	}
}
