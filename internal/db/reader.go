package db

import (
	"context"
	"database/sql"
	"errors"
)

// readers are the reading connections of a SQLite database, each with the statements that were prepared on it. A View holds one
// of them and nothing else: preparing through the pool while holding a connection would need a second one, and as many
// Views at once as there are connections would wait for each other for ever.
type readers struct {
	pool *sql.DB
	idle chan *reader // nil stands for a connection that is not open yet
}

type reader struct {
	conn  *sql.Conn
	stmts *stmts
}

func newReaders(pool *sql.DB, n int) *readers {
	rs := &readers{pool, make(chan *reader, n)}
	for range n {
		rs.idle <- nil
	}
	return rs
}

// take waits for a connection.
func (rs *readers) take(ctx context.Context) (*reader, error) {
	select {
	case r := <-rs.idle:
		if r != nil {
			return r, nil
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := rs.pool.Conn(ctx)
	if err != nil {
		rs.idle <- nil
		return nil, err
	}
	return &reader{c, newStmts(c)}, nil
}

// view runs fn in a transaction on a connection of its own.
func (rs *readers) view(ctx context.Context, fn func(r *reader) error) error {
	r, err := rs.take(ctx)
	if err != nil {
		return err
	}
	healthy := false
	defer func() {
		if healthy {
			rs.idle <- r
			return
		}
		_ = r.close() // it failed already, or fn panicked
		rs.idle <- nil
	}()
	// The frame does not carry the caller's context: a caller who leaves must not leave a transaction open.
	free := context.WithoutCancel(ctx)
	r.stmts.trim()
	if _, err := r.conn.ExecContext(free, `BEGIN`); err != nil {
		return err
	}
	err = fn(r)
	_, end := r.conn.ExecContext(free, `ROLLBACK`) // nothing was written
	healthy = end == nil
	return err
}

// close waits for those who read and closes everything.
func (rs *readers) close() error {
	var all []error
	for range cap(rs.idle) {
		if r := <-rs.idle; r != nil {
			all = append(all, r.close())
		}
	}
	return errors.Join(append(all, rs.pool.Close())...)
}

func (r *reader) close() error { return r.stmts.close() }

func (r *reader) exec(ctx context.Context, q string, args []any) (sql.Result, error) {
	return r.conn.ExecContext(ctx, q, args...)
}

func (r *reader) query(ctx context.Context, q string, args []any) (*sql.Rows, error) {
	st, err := r.stmts.get(context.WithoutCancel(ctx), q)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return r.conn.QueryContext(ctx, q, args...)
	}
	return st.QueryContext(ctx, args...)
}
