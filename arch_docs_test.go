package ruhu_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryDependencyIsExplained looks at what is imported, not at go.mod, which also holds what comes along.
func TestEveryDependencyIsExplained(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	for _, f := range sources(t) {
		for _, imp := range f.imports() {
			host, _, _ := strings.Cut(imp, "/")
			if !strings.Contains(host, ".") {
				continue // the standard library and ourselves
			}
			explained := false
			for module := imp; module != "." && !explained; module = filepath.Dir(module) {
				explained = strings.Contains(doc, "`"+module+"`")
			}
			if !explained {
				t.Errorf("%s imports %s, which has no line in docs/dependencies.md", f.path, imp)
			}
		}
	}
	files := []string{"web/package.json"}
	for _, pattern := range []string{"web/apps/*/package.json", "web/packages/*/package.json"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var pkg struct{ Dependencies, DevDependencies map[string]string }
		if err := json.Unmarshal(raw, &pkg); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, deps := range []map[string]string{pkg.Dependencies, pkg.DevDependencies} {
			for dep, version := range deps {
				if strings.HasPrefix(dep, "@ruhu/") {
					continue
				}
				if !strings.Contains(doc, "`"+dep+"`") {
					t.Errorf("%s uses %s, which has no line in docs/dependencies.md", name, dep)
				}
				if strings.Trim(version, "0123456789.") != "" {
					t.Errorf("%s: %s is not pinned: %s", name, dep, version)
				}
			}
		}
	}
}
