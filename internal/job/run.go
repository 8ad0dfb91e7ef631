package job

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"ruhu/internal/db"
)

const (
	maxAttempts = 12
	lease       = 2 * time.Minute // a claimed task is left alone for so long; then its process is taken for dead
	poll        = 2 * time.Second // how often a handler looks without being woken
)

// Batch is what an outside handler is given. All its events are claimed by this process.
type Batch struct {
	Events []Event
	bus    *Bus
	done   bool
}

// Done removes the events of the batch in tx: call it in the transaction that does the work, and the work is done
// exactly once. Without it the events are removed after the handler has returned nil.
func (b *Batch) Done(ctx context.Context, tx *db.Tx) error {
	tx.AfterCommit(func() { b.done = true })
	return remove(ctx, tx, b.Events)
}

// Run serves the outside handlers until ctx ends.
func (b *Bus) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, h := range b.all {
		wg.Go(func() { b.serve(ctx, h) })
	}
	wg.Wait()
}

func (b *Bus) serve(ctx context.Context, h *handler) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		for {
			n, err := b.once(ctx, h)
			if err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "job handler cannot reach its tasks", slog.String("handler", h.name), slog.Any("error", err))
			}
			if n < h.size || err != nil || ctx.Err() != nil { // not a full batch: whatever came since has woken this handler again
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		case <-tick.C:
		}
	}
}

// Drain runs all tasks that are due, until none is left. Tests and the simulation call it; a running server need not.
// It returns an error only when the database fails; a failing handler leaves its task for later.
func (b *Bus) Drain(ctx context.Context) error {
	for {
		total := 0
		for _, h := range b.all {
			n, err := b.once(ctx, h)
			if err != nil {
				return err
			}
			total += n
		}
		if total == 0 {
			return nil
		}
	}
}

// once claims and runs one batch and tells how many events it held.
func (b *Bus) once(ctx context.Context, h *handler) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	events, err := b.claim(ctx, h)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	if err := b.try(ctx, h, events); err == nil {
		return len(events), nil
	} else if len(events) == 1 {
		return 1, b.fail(ctx, h, events[0], err)
	}
	for _, e := range events { // one bad event must not hold up its neighbours
		if err := b.try(ctx, h, []Event{e}); err != nil {
			if err := b.fail(ctx, h, e, err); err != nil {
				return 0, err
			}
		}
	}
	return len(events), nil
}

func (b *Bus) try(ctx context.Context, h *handler, events []Event) (err error) {
	batch := &Batch{Events: events, bus: b}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := h.fn(ctx, batch); err != nil {
		return err
	}
	if batch.done {
		return nil
	}
	return b.d.Update(ctx, func(tx *db.Tx) error { return remove(ctx, tx, events) })
}

func (b *Bus) claim(ctx context.Context, h *handler) ([]Event, error) {
	var events []Event
	due := false
	err := b.d.View(ctx, func(tx *db.Tx) error { // most looks find nothing and need no write
		err := tx.QueryRow(ctx, `SELECT 1 FROM job_task WHERE handler = $1 AND failed = FALSE AND due_at <= $2 LIMIT 1`, h.name, tx.Now()).Scan(new(int))
		due = err == nil
		if err == db.ErrNoRows { // never wrapped by Scan
			err = nil
		}
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = b.d.Update(ctx, func(tx *db.Tx) error {
		events = events[:0]
		return tx.Query(ctx, `UPDATE job_task SET due_at = $1, attempt = attempt + 1
			WHERE (county, id) IN (SELECT county, id FROM job_task WHERE handler = $2 AND failed = FALSE AND due_at <= $3 ORDER BY due_at, id LIMIT $4)
			AND due_at <= $3 RETURNING county, id, event, payload, attempt`,
			[]any{tx.Now().Add(lease), h.name, tx.Now(), h.size}, func(scan func(...any) error) error {
				var e Event
				var payload []byte
				err := scan(&e.County, &e.ID, &e.Name, &payload, &e.attempt)
				e.Payload = payload
				events = append(events, e)
				return err
			})
	})
	return events, err
}

func (b *Bus) fail(ctx context.Context, h *handler, e Event, cause error) error {
	if ctx.Err() != nil {
		return nil // shutting down: the lease runs out and the task is tried again
	}
	final := e.attempt >= maxAttempts
	level := slog.LevelWarn
	if final {
		level = slog.LevelError
	}
	slog.Log(ctx, level, "job failed", slog.String("handler", h.name), slog.String("task", e.ID), slog.Int("attempt", e.attempt), slog.Any("error", cause))
	pause := min(time.Second<<min(e.attempt, 10), 10*time.Minute)
	return b.d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job_task SET due_at = $1, failed = $2, error = $3 WHERE county = $4 AND id = $5`,
			tx.Now().Add(pause), final, clip(cause.Error()), e.County, e.ID)
		return err
	})
}

func remove(ctx context.Context, tx *db.Tx, events []Event) error {
	byCounty := map[string][]string{}
	for _, e := range events {
		byCounty[e.County] = append(byCounty[e.County], e.ID)
	}
	for county, ids := range byCounty {
		list, args := db.In(2, ids...)
		if _, err := tx.Exec(ctx, `DELETE FROM job_task WHERE county = $1 AND id IN (`+list+`)`, append([]any{county}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// Waiting counts the tasks that are still to be done, those that are being done included.
func (b *Bus) Waiting(ctx context.Context) (int, error) {
	var n int
	err := b.d.View(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*) FROM job_task WHERE failed = FALSE`).Scan(&n)
	})
	return n, err
}

// Stuck counts the tasks that were set aside after their last attempt.
func (b *Bus) Stuck(ctx context.Context) (int, error) {
	var n int
	err := b.d.View(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*) FROM job_task WHERE failed`).Scan(&n)
	})
	return n, err
}

func clip(s string) string {
	const limit = 2000
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "�") // PostgreSQL takes neither half a character nor NUL
}
