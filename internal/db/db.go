package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"ruhu/internal/errs"
)

// ErrNoRows is what Row.Scan returns for an empty result. Services turn it into a NotFound of their own.
var ErrNoRows = sql.ErrNoRows

// Dialect names the database behind a DB.
type Dialect string

// The two dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database. It is safe for many goroutines.
type DB struct {
	dialect Dialect
	pool    *sql.DB  // PostgreSQL only
	readers *readers // SQLite only
	writer  *writer  // SQLite only
	clock   func() time.Time
	watch   func(statement string)
	once    once
	inside  sync.Map // goroutine id -> true while it runs a transaction function
}

// Options for Open. The zero value is right for production.
type Options struct {
	// Clock gives tx.Now; nil means time.Now. Tests and the simulation set it.
	Clock func() time.Time
	// Watch is told of every statement before it runs, and of BEGIN, COMMIT and ROLLBACK; on SQLite a group of Updates has one transaction. Tests and
	// measurements count with it; it must be safe for many goroutines.
	Watch func(statement string)
}

// Open opens the database at dsn: "postgres://…" (or "postgresql://…"), or a path of a SQLite file, which is made
// when missing. It does not migrate; see Migrate.
// Returns Invalid "db.dsn" for an address it cannot read, Conflict "db.collation" for a PostgreSQL database that does not sort
// by code point.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	clock := o.Clock
	if clock == nil {
		clock = time.Now
	}
	d := &DB{clock: clock, watch: o.Watch}
	if d.watch == nil {
		d.watch = func(string) {}
	}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return openPostgres(ctx, d, dsn)
	}
	if dsn == "" || strings.Contains(dsn, "://") {
		return nil, errs.Invalid.New("db.dsn", "dsn", redact(dsn))
	}
	return openSQLite(ctx, d, filepath.Clean(dsn))
}

// Dialect tells which database this is. Only migrations, tests and diagnostics may care.
func (d *DB) Dialect() Dialect { return d.dialect }

// Now is the clock of this database, as transactions see it.
func (d *DB) Now() Time { return At(d.clock()) }

// Close waits for running transactions and closes everything.
func (d *DB) Close() error {
	var errsAll []error
	if d.writer != nil {
		errsAll = append(errsAll, d.writer.close())
	}
	if d.readers != nil {
		errsAll = append(errsAll, d.readers.close())
	}
	if d.pool != nil {
		errsAll = append(errsAll, d.pool.Close())
	}
	return errors.Join(errsAll...)
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.View(ctx, func(tx *Tx) error {
		var one int
		return tx.QueryRow(ctx, `SELECT 1`).Scan(&one)
	})
}

// View runs fn in a read-only transaction that sees one consistent state.
func (d *DB) View(ctx context.Context, fn func(tx *Tx) error) error {
	leave, err := d.enter()
	if err != nil {
		return err
	}
	defer leave()
	d.watch(`BEGIN`)
	defer d.watch(`ROLLBACK`) // nothing was written
	if d.readers != nil {
		return translate(d.readers.view(ctx, func(r *reader) error { return fn(&Tx{d: d, conn: r, now: d.Now(), reads: true}) }))
	}
	stx, err := d.pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return translate(err)
	}
	defer func() { _ = stx.Rollback() }() // a read-only transaction has nothing to commit
	return fn(&Tx{d: d, conn: poolConn{stx}, now: d.Now(), reads: true})
}

// Update runs fn in a transaction and commits it. When Update returns nil, what fn wrote is durable. fn may run more
// than once; see the package comment.
func (d *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	leave, err := d.enter()
	if err != nil {
		return err
	}
	defer leave()
	const tries = 6
	for try := 1; ; try++ {
		var after []func()
		if d.writer != nil {
			after, err = d.writer.do(ctx, fn)
		} else {
			after, err = d.updatePool(ctx, fn)
		}
		if err == nil {
			for _, f := range after {
				f()
			}
			return nil
		}
		if try == tries || !retryable(err) {
			return err
		}
		wait := time.Duration(1<<try) * time.Millisecond
		wait += rand.N(wait)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (d *DB) updatePool(ctx context.Context, fn func(tx *Tx) error) (after []func(), err error) {
	d.watch(`BEGIN`)
	stx, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, translate(err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = stx.Rollback()
			panic(p)
		}
	}()
	tx := &Tx{d: d, conn: poolConn{stx}, now: d.Now()}
	if err := fn(tx); err != nil {
		_ = stx.Rollback() // the error of fn is the one that matters
		return nil, err
	}
	d.watch(`COMMIT`)
	if err := stx.Commit(); err != nil {
		return nil, translate(err)
	}
	return tx.after, nil
}

// enter marks this goroutine as being inside a transaction function and refuses a second one.
func (d *DB) enter() (leave func(), err error) {
	g := goroutine()
	if _, nested := d.inside.LoadOrStore(g, true); nested {
		return nil, fmt.Errorf("db: transactions do not nest; pass the *db.Tx on")
	}
	return func() { d.inside.Delete(g) }, nil
}

// goroutine is the number that the runtime prints in a stack trace. It serves only to refuse nesting.
func goroutine() string {
	var buf [40]byte
	n := runtime.Stack(buf[:], false)
	f := strings.Fields(string(buf[:n]))
	if len(f) < 2 {
		return ""
	}
	return f[1]
}

func redact(dsn string) string {
	if i := strings.LastIndex(dsn, "@"); i >= 0 {
		return "…" + dsn[i:]
	}
	return dsn
}
