package db

import (
	"context"
	"database/sql"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"ruhu/internal/errs"
)

func openPostgres(ctx context.Context, d *DB, dsn string) (*DB, error) {
	d.dialect = Postgres
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, errs.Invalid.Wrap(err, "db.dsn", "dsn", redact(dsn))
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	cfg.RuntimeParams["application_name"] = "ruhu"
	// A plan that was made while a table was empty reads all of it, and would be kept until the next ANALYZE, when thousands of forms have come.
	// Making a plan takes a tenth of a millisecond.
	cfg.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	d.pool = stdlib.OpenDB(*cfg)
	n := max(16, runtime.GOMAXPROCS(0)*8)
	d.pool.SetMaxOpenConns(n)
	d.pool.SetMaxIdleConns(n)
	if err := checkCollation(ctx, d.pool); err != nil {
		_ = d.pool.Close()
		return nil, err
	}
	return d, nil
}

// checkCollation refuses a database whose text does not sort by code point: ranges over region codes and keyset
// paging would silently lose rows.
func checkCollation(ctx context.Context, pool *sql.DB) error {
	var c string
	if err := pool.QueryRowContext(ctx, `SELECT datcollate FROM pg_database WHERE datname = current_database()`).Scan(&c); err != nil {
		return translate(err)
	}
	switch c {
	case "C", "POSIX", "C.UTF-8", "C.utf8":
		return nil
	}
	return errs.Conflict.New("db.collation", "found", c)
}
