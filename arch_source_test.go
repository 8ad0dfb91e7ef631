package ruhu_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// source is one Go file of the repository.
type source struct {
	path, dir string // with slashes, from the root
	text      string
	test      bool
	file      *ast.File
	set       *token.FileSet
}

// trees are the folders that hold our Go code.
var trees = []string{"cmd", "form", "internal", "playbooks", "web"}

var parsed = sync.OnceValues(parse)

// sources gives every Go file. A file that does not parse is left to the compiler.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d Go files", len(all))
	}
	return all
}

func parse() ([]source, error) {
	var all []source
	set := token.NewFileSet()
	for _, root := range trees {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(p, ".go") {
				return nil
			}
			raw, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(set, p, raw, parser.SkipObjectResolution)
			if err != nil {
				return nil //nolint:nilerr // the compiler will say so, better than we can
			}
			all = append(all, source{
				path: filepath.ToSlash(p), dir: filepath.ToSlash(filepath.Dir(p)), text: string(raw),
				test: strings.HasSuffix(p, "_test.go"), file: file, set: set,
			})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s source) pos(n ast.Node) string {
	p := s.set.Position(n.Pos())
	return fmt.Sprintf("%s:%d", filepath.ToSlash(p.Filename), p.Line)
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// calls finds pkg.Name of an imported package, called or used as a value.
func (s source) calls(pkg string, names ...string) []string {
	var out []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && isIdent(sel.X, pkg) && slices.Contains(names, sel.Sel.Name) {
			out = append(out, s.pos(sel))
		}
		return true
	})
	return out
}

// strings gives every string literal.
func (s source) strings() []string {
	var out []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if v, ok := literal(e); ok {
				out = append(out, v)
			}
		}
		return true
	})
	return out
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	v, err := strconv.Unquote(lit.Value)
	return v, err == nil
}

// migrations gives the text of each migration by file name.
func migrations(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("internal/db/migration/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	out := map[string]string{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = string(raw)
	}
	return out
}
