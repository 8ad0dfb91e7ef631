// Package dbtest gives tests a migrated, empty database of each kind.
//
//	dbtest.Run(t, func(t *testing.T, d *db.DB) { … })
//
// runs the function on SQLite and on PostgreSQL. The address of a PostgreSQL cluster comes from RUHU_TEST_POSTGRES, which
// `make test` sets; without it the PostgreSQL half is skipped, unless RUHU_TEST_REQUIRE_POSTGRES is set.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/id"
)

// Clock is a clock that a test moves by hand. It is safe for many goroutines.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock starts at t.
func NewClock(t time.Time) *Clock { return &Clock{t: t} }

// Now reads the clock; hand it to db.Options.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// Run runs fn as two parallel subtests, one per database.
func Run(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	RunWith(t, db.Options{}, fn)
}

// RunWith is Run with options (a clock).
func RunWith(t *testing.T, o db.Options, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t, o))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t, o))
	})
}

// SQLite opens a migrated SQLite database in the test's folder.
func SQLite(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "ruhu.db"), o)
}

// Postgres opens a migrated database of its own in the cluster, or skips.
func Postgres(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	return open(t, PostgresDSN(t), o)
}

// PostgresDSN makes an empty database in the cluster and gives its address, or skips. It is dropped after the test.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	admin := os.Getenv("RUHU_TEST_POSTGRES")
	if admin == "" {
		if os.Getenv("RUHU_TEST_REQUIRE_POSTGRES") != "" {
			t.Fatal("RUHU_TEST_POSTGRES is not set")
		}
		t.Skip("no PostgreSQL cluster: RUHU_TEST_POSTGRES is not set (make test sets it)")
	}
	name := "t_" + strings.ReplaceAll(id.New(), "-", "")
	exec(t, admin, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`, name))
	t.Cleanup(func() { exec(t, admin, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)) })
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatalf("RUHU_TEST_POSTGRES: %v", err)
	}
	u.Path = "/" + name
	return u.String()
}

func exec(t testing.TB, dsn, q string) {
	t.Helper()
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	if _, err := pool.ExecContext(context.Background(), q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func open(t testing.TB, dsn string, o db.Options) *db.DB {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, o)
	if err != nil {
		t.Fatalf("open database: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	if err := d.Migrate(ctx); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return d
}
