package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
)

// A connection keeps so many statements prepared; more than that in one transaction must not close the one that rows are read from.
func TestRowsAreReadToTheEndWhateverElseIsPrepared(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		read := func(tx *db.Tx) error {
			var got []int
			err := tx.Query(ctx, `WITH x(n) AS (VALUES (1), (2), (3)) SELECT n FROM x ORDER BY n`, nil, func(scan func(...any) error) error {
				var n int
				if err := scan(&n); err != nil {
					return err
				}
				got = append(got, n)
				if d.Dialect() == db.Postgres || n > 1 { // a connection of PostgreSQL answers one query at a time
					return nil
				}
				for i := range 1100 {
					if err := tx.QueryRow(ctx, fmt.Sprintf(`SELECT %d`, i)).Scan(new(int)); err != nil {
						return err
					}
				}
				return nil
			})
			if !slices.Equal(got, []int{1, 2, 3}) {
				t.Errorf("read %v", got)
			}
			return err
		}
		for range 2 {
			if err := d.View(ctx, read); err != nil {
				t.Fatal(err)
			}
			if err := d.Update(ctx, read); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestListsHaveFewLengths(t *testing.T) {
	t.Parallel()
	texts := map[string]bool{}
	for n := 1; n <= 500; n++ {
		values := make([]int, n)
		for i := range values {
			values[i] = i
		}
		in, args := db.In(2, values...)
		texts[in] = true
		if strings.Count(in, "$") != len(args) || !strings.HasSuffix(in, fmt.Sprintf("$%d", len(args)+1)) {
			t.Fatalf("%d values: %s with %d arguments", n, in, len(args))
		}
		for i, a := range args {
			if a != values[min(i, n-1)] {
				t.Fatalf("%d values: argument %d is %v", n, i, a)
			}
		}
	}
	if len(texts) > 7 {
		t.Errorf("%d texts", len(texts))
	}
	if in, args := db.In[int](2); in != "" || len(args) != 0 {
		t.Errorf("no values: %q, %v", in, args)
	}
}

// Whoever counts statements sees every one, and where transactions begin and end.
func TestTheWatcherIsToldOfEveryStatement(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var told []string
	d, err := db.Open(ctx, t.TempDir()+"/watched.db", db.Options{Watch: func(q string) { told = append(told, q) }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	err = d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE piece (n BIGINT)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	want := []string{`BEGIN`, `CREATE TABLE piece (n BIGINT)`, `COMMIT`, `BEGIN`, `SELECT 1`, `ROLLBACK`}
	if !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}
