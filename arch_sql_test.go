package ruhu_test

import (
	"context"
	"database/sql"
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
)

var verb = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)

// statements finds every SQL text, outside package db itself, that is written as a constant expression: a literal, or literals and constants joined by +.
// Texts that go on at run time (IN lists, multi-row VALUES) are fragments; the databases tell them apart by complaining about
// their end.
func statements(t *testing.T) map[string]string {
	t.Helper()
	consts := constantsByFolder(sources(t))
	found := map[string]string{}
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.dir, "internal/") || strings.HasPrefix(f.dir, "internal/db") {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			if _, plain := e.(*ast.Ident); plain {
				return true
			}
			text, ok := constant(consts[f.dir], e, 0)
			if ok && verb.MatchString(text) {
				found[text] = f.pos(e)
				return false
			}
			_, sum := e.(*ast.BinaryExpr)
			return !sum || !beginsWithSQL(consts[f.dir], e)
		})
	}
	return found
}

// constantsByFolder gives the expression behind every constant of internal/, by folder and name.
func constantsByFolder(files []source) map[string]map[string]ast.Expr {
	consts := map[string]map[string]ast.Expr{}
	for _, f := range files {
		if f.test || !strings.HasPrefix(f.dir, "internal/") {
			continue
		}
		if consts[f.dir] == nil {
			consts[f.dir] = map[string]ast.Expr{}
		}
		for _, d := range f.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, sp := range g.Specs {
				v := sp.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						consts[f.dir][name.Name] = v.Values[i]
					}
				}
			}
		}
	}
	return consts
}

// beginsWithSQL tells a statement that goes on with something that is known only at run time.
func beginsWithSQL(consts map[string]ast.Expr, e ast.Expr) bool {
	for {
		b, ok := e.(*ast.BinaryExpr)
		if !ok {
			break
		}
		e = b.X
	}
	text, ok := constant(consts, e, 0)
	return ok && verb.MatchString(text)
}

func constant(consts map[string]ast.Expr, e ast.Expr, depth int) (string, bool) {
	if depth > 20 {
		return "", false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return literal(e)
	case *ast.ParenExpr:
		return constant(consts, e.X, depth+1)
	case *ast.Ident:
		v, ok := consts[e.Name]
		if !ok {
			return "", false
		}
		return constant(consts, v, depth+1)
	case *ast.BinaryExpr:
		x, ok1 := constant(consts, e.X, depth+1)
		y, ok2 := constant(consts, e.Y, depth+1)
		return x + y, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}

func TestEverySQLConstantCanBePreparedOnBothDatabases(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		driver   string
		dsn      func(t *testing.T) string
		fragment []string // what the database says of a text that is not finished
	}{
		"sqlite":   {"sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "ruhu.db") }, []string{"incomplete input"}},
		"postgres": {"pgx", func(t *testing.T) string { return dbtest.PostgresDSN(t) }, []string{"at end of input"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			dsn := c.dsn(t)
			d, err := db.Open(ctx, dsn, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			pool, err := sql.Open(c.driver, dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = pool.Close() }()
			prepared := 0
			for text, pos := range statements(t) {
				st, err := pool.PrepareContext(ctx, text)
				if err == nil {
					prepared++
					_ = st.Close()
					continue
				}
				if !strings.Contains(err.Error(), c.fragment[0]) {
					t.Errorf("%s: %v\n%s", pos, err, text)
				}
			}
			if prepared < 20 {
				t.Errorf("prepared only %d statements", prepared)
			}
			t.Logf("%d statements prepared", prepared)
		})
	}
}
