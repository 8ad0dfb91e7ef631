package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"ruhu/internal/errs"
)

// translate turns driver errors of both databases into kinds: unique → Conflict "db.conflict", foreign key → Conflict
// "db.reference", busy and serialization → Unavailable "db.busy". Everything else stays as it is (Internal).
func translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, done := errs.As(err); done {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505":
			return errs.Conflict.Wrap(err, "db.conflict")
		case "23503":
			return errs.Conflict.Wrap(err, "db.reference")
		case "40001", "40P01", "55P03":
			return errs.Unavailable.Wrap(err, "db.busy")
		}
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return errs.Conflict.Wrap(err, "db.conflict")
		case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
			return errs.Conflict.Wrap(err, "db.reference")
		}
		if c := lite.Code() & 0xff; c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_LOCKED {
			return errs.Unavailable.Wrap(err, "db.busy")
		}
	}
	return err
}

func retryable(err error) bool { return errs.CodeOf(err) == "db.busy" }
