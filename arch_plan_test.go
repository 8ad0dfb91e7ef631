package ruhu_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"ruhu/internal/db"
)

// TestNoPageOfAListSortsTheWholeTable runs SQLite's planner over every constant with ORDER BY and LIMIT: a page must come out of an index in
// its order, or page 200 costs as much as all of them. A sort of the last terms only is fine. Lists whose conditions are put together at
// run time are not seen here.
func TestNoPageOfAListSortsTheWholeTable(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "ruhu.db")
	d, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	pages := 0
	for text, pos := range statements(t) {
		if !strings.Contains(text, "ORDER BY") || !strings.Contains(text, "LIMIT $") {
			continue
		}
		pages++
		rows, err := pool.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "$"))...)
		if err != nil {
			t.Errorf("%s: %v", pos, err)
			continue
		}
		for rows.Next() {
			var a, b, c int
			var step string
			if err := rows.Scan(&a, &b, &c, &step); err != nil {
				t.Error(err)
			}
			if strings.HasPrefix(step, "USE TEMP B-TREE FOR ORDER BY") {
				t.Errorf("%s: %s\n%s", pos, step, text)
			}
		}
		if err := rows.Err(); err != nil {
			t.Error(err)
		}
	}
	if pages < 3 {
		t.Errorf("found only %d pages", pages)
	}
}
