package ruhu_test

import (
	"encoding/json"
	"go/ast"
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

// TestEveryEventIsInTheTable compares the events that are emitted and heard under a constant name with the table of ARCHITECTURE.md.
func TestEveryEventIsInTheTable(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	consts := constantsByFolder(sources(t))
	seen := 0
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.dir, "internal/") || f.dir == "internal/job" {
			continue
		}
		for _, e := range f.eventArgs() {
			name, ok := constant(consts[f.dir], e, 0)
			if sel, is := e.(*ast.SelectorExpr); is { // a constant of another room
				if room, is := sel.X.(*ast.Ident); is {
					name, ok = constant(consts["internal/"+room.Name], sel.Sel, 0)
				}
			}
			if !ok {
				continue // chosen at run time
			}
			seen++
			if !strings.Contains(string(raw), "`"+name+"`") {
				t.Errorf("%s: the event %s is not in the table of ARCHITECTURE.md", f.pos(e), name)
			}
		}
	}
	if seen < 8 {
		t.Errorf("found only %d uses of events", seen)
	}
}

// eventArgs finds the names in Emit(ctx, tx, county, name, …), Inside(name, …) and Outside(handler, size, fn, names…).
func (s source) eventArgs() []ast.Expr {
	first := map[string][2]int{"Emit": {3, 4}, "Inside": {0, 1}, "Outside": {3, 99}}
	var out []ast.Expr
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if span, ok := first[sel.Sel.Name]; ok && span[0] < len(call.Args) {
			out = append(out, call.Args[span[0]:min(span[1], len(call.Args))]...)
		}
		return true
	})
	return out
}
