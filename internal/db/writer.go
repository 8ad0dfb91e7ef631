package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"ruhu/internal/errs"
)

// writer owns the one writing connection of a SQLite database and commits in groups.
type writer struct {
	d     *DB
	pool  *sql.DB
	conn  *sql.Conn
	stmts *stmts // used by the loop goroutine only
	queue chan *request
	mu    sync.RWMutex // held for reading while sending, so that close is safe
	shut  bool
	done  chan struct{}
}

// request is one Update that waits for its turn.
type request struct {
	ctx   context.Context // lives no longer than the call it belongs to
	fn    func(tx *Tx) error
	state atomic.Int32 // waiting → taken, or waiting → withdrawn
	after []func()
	err   error
	panic any
	ready chan struct{}
}

const (
	waiting int32 = iota
	taken
	withdrawn
)

// A group is as large as what has queued up while the last one was committed, up to this.
const maxGroup = 256

func newWriter(ctx context.Context, d *DB, pool *sql.DB) (*writer, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	w := &writer{d: d, pool: pool, conn: c, stmts: newStmts(c), queue: make(chan *request, maxGroup), done: make(chan struct{})}
	go w.loop()
	return w, nil
}

// do queues fn and waits until its group is committed.
func (w *writer) do(ctx context.Context, fn func(tx *Tx) error) ([]func(), error) {
	r := &request{ctx: ctx, fn: fn, ready: make(chan struct{})}
	if err := w.send(ctx, r); err != nil {
		return nil, err
	}
	select {
	case <-r.ready:
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, withdrawn) {
			return nil, ctx.Err()
		}
		<-r.ready // it is running: its outcome is the answer
	}
	if r.panic != nil {
		panic(r.panic)
	}
	return r.after, r.err
}

func (w *writer) send(ctx context.Context, r *request) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.shut {
		return errs.Unavailable.New("db.busy")
	}
	select {
	case w.queue <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) loop() {
	defer close(w.done)
	group := make([]*request, 0, maxGroup)
	for first := range w.queue {
		group = append(group[:0], first)
	fill:
		for len(group) < maxGroup {
			select {
			case r, ok := <-w.queue:
				if !ok {
					break fill
				}
				group = append(group, r)
			default:
				break fill
			}
		}
		w.commit(group)
		for i, r := range group {
			close(r.ready)
			group[i] = nil
		}
	}
}

// commit runs a group in one transaction. A request that fails rolls back to its savepoint and leaves the others
// alone. The statements run without the callers' contexts: a caller who leaves must not break the shared transaction.
func (w *writer) commit(group []*request) {
	ctx := context.Background()
	ran := group[:0:0]
	for _, r := range group {
		if r.state.CompareAndSwap(waiting, taken) {
			ran = append(ran, r)
		}
	}
	if len(ran) == 0 {
		return
	}
	fail := func(err error) {
		for _, r := range ran {
			if r.err == nil && r.panic == nil {
				r.err, r.after = translate(err), nil
			}
		}
	}
	w.stmts.trim()
	w.d.watch(`BEGIN`)
	if _, err := w.conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		fail(err)
		return
	}
	wrote := false
	for _, r := range ran {
		if err := w.one(ctx, r, len(ran) > 1); err != nil { // the connection itself is in trouble
			_, _ = w.conn.ExecContext(ctx, `ROLLBACK`)
			fail(err)
			return
		}
		wrote = wrote || r.err == nil && r.panic == nil
	}
	end := `COMMIT`
	if !wrote {
		end = `ROLLBACK`
	}
	w.d.watch(end)
	if _, err := w.conn.ExecContext(ctx, end); err != nil {
		_, _ = w.conn.ExecContext(ctx, `ROLLBACK`)
		fail(err)
	}
}

// one runs one request; shared says that others share the transaction, so that it needs a savepoint.
func (w *writer) one(ctx context.Context, r *request, shared bool) error {
	if shared {
		if _, err := w.exec(ctx, `SAVEPOINT one`, nil); err != nil {
			return err
		}
	}
	tx := &Tx{d: w.d, conn: w, now: w.d.Now()}
	g := goroutine()
	w.d.inside.Store(g, true)
	r.panic, r.err = guard(tx, r.fn)
	w.d.inside.Delete(g)
	if r.err == nil && r.panic == nil {
		r.after = tx.after
		if shared {
			_, err := w.exec(ctx, `RELEASE one`, nil)
			return err
		}
		return nil
	}
	if !shared {
		return nil // commit sees that nothing succeeded and rolls back
	}
	if _, err := w.exec(ctx, `ROLLBACK TO one`, nil); err != nil {
		return err
	}
	_, err := w.exec(ctx, `RELEASE one`, nil)
	return err
}

// guard turns a panic of fn into a value, so that the caller's goroutine panics and the writer lives on.
func guard(tx *Tx, fn func(tx *Tx) error) (panicked any, err error) {
	defer func() {
		if p := recover(); p != nil {
			panicked = fmt.Errorf("%v\n%s", p, debug.Stack())
		}
	}()
	return nil, fn(tx)
}

func (w *writer) close() error {
	w.mu.Lock()
	already := w.shut
	w.shut = true
	w.mu.Unlock()
	if already {
		return nil
	}
	close(w.queue)
	<-w.done
	return errors.Join(w.stmts.close(), w.pool.Close())
}

func (w *writer) exec(_ context.Context, q string, args []any) (sql.Result, error) {
	ctx := context.Background()
	st, err := w.stmts.get(ctx, q)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return w.conn.ExecContext(ctx, q, args...)
	}
	return st.ExecContext(ctx, args...)
}

func (w *writer) query(_ context.Context, q string, args []any) (*sql.Rows, error) {
	ctx := context.Background()
	st, err := w.stmts.get(ctx, q)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return w.conn.QueryContext(ctx, q, args...)
	}
	return st.QueryContext(ctx, args...)
}
