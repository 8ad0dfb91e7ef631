package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
)

func table(t *testing.T, d *db.DB, ddl ...string) {
	t.Helper()
	ctx := context.Background()
	for _, q := range ddl {
		if err := d.Update(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err }); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func count(t *testing.T, d *db.DB, q string, args ...any) int {
	t.Helper()
	ctx := context.Background()
	var n int
	if err := d.View(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, q, args...).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedFunctionLeavesNothingAndItsNeighboursAlone(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		table(t, d, `CREATE TABLE thing (n BIGINT PRIMARY KEY)`)
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				err := d.Update(ctx, func(tx *db.Tx) error {
					if _, err := tx.Exec(ctx, `INSERT INTO thing (n) VALUES ($1)`, i); err != nil {
						return err
					}
					if i%3 == 0 {
						return boom
					}
					return nil
				})
				if want := i%3 == 0; errors.Is(err, boom) != want || (!want && err != nil) {
					t.Errorf("update %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got, want := count(t, d, `SELECT count(*) FROM thing`), 133; got != want {
			t.Errorf("%d rows, want %d", got, want)
		}
		if got := count(t, d, `SELECT count(*) FROM thing WHERE n % 3 = 0`); got != 0 {
			t.Errorf("%d rows of failed updates survived", got)
		}
	})
}

func TestAPanicReachesTheCallerAndTheDatabaseLivesOn(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		table(t, d, `CREATE TABLE thing (n BIGINT PRIMARY KEY)`)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.Update(ctx, func(tx *db.Tx) error {
				_, _ = tx.Exec(ctx, `INSERT INTO thing (n) VALUES (1)`)
				panic("deliberate")
			})
		}()
		if got := count(t, d, `SELECT count(*) FROM thing`); got != 0 {
			t.Errorf("%d rows, want 0", got)
		}
		table(t, d, `INSERT INTO thing (n) VALUES (2)`)
	})
}

func TestNestingIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for name, inner := range map[string]func() error{
			"update": func() error { return d.Update(ctx, func(*db.Tx) error { return nil }) },
			"view":   func() error { return d.View(ctx, func(*db.Tx) error { return nil }) },
		} {
			if err := d.Update(ctx, func(*db.Tx) error { return inner() }); err == nil {
				t.Errorf("%s inside update was accepted", name)
			}
			if err := d.View(ctx, func(*db.Tx) error { return inner() }); err == nil {
				t.Errorf("%s inside view was accepted", name)
			}
		}
	})
}

func TestConstraintErrorsBecomeKinds(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		table(t, d, `CREATE TABLE parent (n BIGINT PRIMARY KEY)`, `CREATE TABLE child (n BIGINT PRIMARY KEY, p BIGINT NOT NULL REFERENCES parent (n))`,
			`INSERT INTO parent (n) VALUES (1)`)
		for q, code := range map[string]string{
			`INSERT INTO parent (n) VALUES (1)`:      "db.conflict",
			`INSERT INTO child (n, p) VALUES (1, 9)`: "db.reference",
		} {
			err := d.Update(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err })
			if errs.CodeOf(err) != code || !errs.Is(err, errs.Conflict) {
				t.Errorf("%s: %v, want %s", q, err, code)
			}
		}
		err := d.View(ctx, func(tx *db.Tx) error {
			var n int
			return tx.QueryRow(ctx, `SELECT n FROM parent WHERE n = $1`, 7).Scan(&n)
		})
		if !errors.Is(err, db.ErrNoRows) {
			t.Errorf("missing row: %v", err)
		}
	})
}

func TestAViewCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		table(t, d, `CREATE TABLE thing (n BIGINT PRIMARY KEY)`)
		if err := d.View(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, `INSERT INTO thing (n) VALUES (1)`); return err }); err == nil {
			t.Error("a view wrote")
		}
	})
}

func TestPlaceholdersBindByNumber(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var got string
		err := d.View(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, `SELECT CAST($2 AS TEXT) || '-$1-' || CAST($1 AS TEXT) || CAST($2 AS TEXT) -- not $3`, "a", "b").Scan(&got)
		})
		if err != nil || got != "b-$1-ab" {
			t.Errorf("got %q, %v", got, err)
		}
		for q, want := range map[string]string{ // in order, and not
			`SELECT CAST($1 AS TEXT) || '$9' || CAST($2 AS TEXT) || CAST($3 AS TEXT)`:             "a$9bc",
			`SELECT CAST($1 AS TEXT) || CAST($1 AS TEXT) || CAST($2 AS TEXT) || CAST($3 AS TEXT)`: "aabc",
			`SELECT CAST($1 AS TEXT) || CAST($3 AS TEXT) || CAST($2 AS TEXT)`:                     "acb",
			`SELECT CAST($3 AS TEXT) || CAST($2 AS TEXT) || CAST($1 AS TEXT) || CAST($1 AS TEXT)`: "cbaa",
		} {
			err := d.View(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, q, "a", "b", "c").Scan(&got) })
			if err != nil || got != want {
				t.Errorf("%s: got %q, %v; want %q", q, got, err, want)
			}
		}
	})
}

func TestValuesRoundTripOnBothDatabases(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		table(t, d, `CREATE TABLE v (n BIGINT PRIMARY KEY, at TIMESTAMPTZ, day TEXT, doc JSONB NOT NULL, raw BYTEA NOT NULL, yes BOOLEAN NOT NULL)`)
		at := db.At(time.Date(2026, 3, 4, 5, 6, 7, 890_123_000, time.FixedZone("", 8*3600)))
		type doc struct{ Name string }
		err := d.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO v (n, at, day, doc, raw, yes) VALUES (1, $1, $2, $3, $4, $5), (2, NULL, NULL, $3, $4, $5)`,
				at, db.Date("2026-03-04"), db.AsJSON(doc{"村"}), []byte{0, 255}, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.View(ctx, func(tx *db.Tx) error {
			var gotAt, noAt db.Time
			var day, noDay db.Date
			var j db.JSON[doc]
			var raw []byte
			var yes bool
			if err := tx.QueryRow(ctx, `SELECT at, day, doc, raw, yes FROM v WHERE at = $1 AND yes`, at).Scan(&gotAt, &day, &j, &raw, &yes); err != nil {
				return err
			}
			if gotAt != at || day != "2026-03-04" || j.V.Name != "村" || string(raw) != "\x00\xff" || !yes {
				t.Errorf("got %v %v %v %v %v", gotAt, day, j, raw, yes)
			}
			if err := tx.QueryRow(ctx, `SELECT at, day FROM v WHERE n = 2`).Scan(&noAt, &noDay); err != nil {
				return err
			}
			if !noAt.IsZero() || noDay != "" {
				t.Errorf("nulls: %v %v", noAt, noDay)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAfterCommitRunsOnceAndOnlyAfterSuccess(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		n := 0
		ok := d.Update(ctx, func(tx *db.Tx) error { tx.AfterCommit(func() { n++ }); return nil })
		bad := d.Update(ctx, func(tx *db.Tx) error { tx.AfterCommit(func() { n += 100 }); return errors.New("no") })
		if ok != nil || bad == nil || n != 1 {
			t.Errorf("ok %v, bad %v, n %d", ok, bad, n)
		}
	})
}

func TestConcurrentIncrementsAreNotLost(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		table(t, d, `CREATE TABLE c (n BIGINT NOT NULL)`, `INSERT INTO c (n) VALUES (0)`)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := d.Update(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, `UPDATE c SET n = n + 1`); return err }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := count(t, d, `SELECT n FROM c`); got != 50 {
			t.Errorf("%d, want 50", got)
		}
	})
}

func TestCancelledCallersUnderLoadBreakNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		table(t, d, `CREATE TABLE thing (n BIGINT PRIMARY KEY)`)
		var wg sync.WaitGroup
		for i := range 120 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				if i%2 == 0 {
					go cancel()
				}
				err := d.Update(ctx, func(tx *db.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO thing (n) VALUES ($1)`, i)
					return err
				})
				if i%2 == 1 && err != nil {
					t.Errorf("a caller who stayed got %v", err)
				}
			})
		}
		wg.Wait()
		if got := count(t, d, `SELECT count(*) FROM thing WHERE n % 2 = 1`); got != 60 {
			t.Errorf("%d rows, want 60", got)
		}
	})
}

// TestManyViewsAtOnceDoNotWaitForEachOther holds as many views open as it can while each runs a statement that is new to all.
func TestManyViewsAtOnceDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var wg sync.WaitGroup
		for n := range 64 {
			wg.Go(func() {
				err := d.View(ctx, func(tx *db.Tx) error {
					for k := range 5 {
						var got int
						if err := tx.QueryRow(ctx, fmt.Sprintf(`SELECT %d + %d`, n, k)).Scan(&got); err != nil || got != n+k {
							return fmt.Errorf("got %d: %w", got, err)
						}
						runtime.Gosched()
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestTextSortsByCodePoint(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		got := ""
		err := d.View(ctx, func(tx *db.Tx) error {
			return tx.Query(ctx, `WITH x(a) AS (VALUES ('b'),('B'),('张'),('a'),('_')) SELECT a FROM x ORDER BY a`, nil, func(scan func(...any) error) error {
				var s string
				err := scan(&s)
				got += s
				return err
			})
		})
		if err != nil || got != "B_ab张" {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

func TestMigrateMayRunAgainAndRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Migrate(ctx); err != nil {
			t.Fatalf("second run: %v", err)
		}
		table(t, d, `INSERT INTO db_migration (number, name, applied_at) VALUES (9999, 'future', '2030-01-01T00:00:00.000Z')`)
		if err := d.Migrate(ctx); errs.CodeOf(err) != "db.newer" {
			t.Errorf("newer database: %v", err)
		}
	})
}

func TestAcknowledgedWritesSurviveReopening(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "村 a", "ruhu?.db")
	for i := range 3 {
		d, err := db.Open(ctx, path, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		table(t, d, `CREATE TABLE IF NOT EXISTS thing (n BIGINT PRIMARY KEY)`, fmt.Sprintf(`INSERT INTO thing (n) VALUES (%d)`, i))
		if got := count(t, d, `SELECT count(*) FROM thing`); got != i+1 {
			t.Errorf("after reopening %d: %d rows", i, got)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if err := d.Update(ctx, func(*db.Tx) error { return nil }); !errs.Is(err, errs.Unavailable) {
			t.Errorf("update after close: %v", err)
		}
	}
}

func TestOpenExplainsABadAddress(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"", "mysql://x", "postgres://%zz"} {
		if _, err := db.Open(context.Background(), dsn, db.Options{}); errs.CodeOf(err) != "db.dsn" {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}
