package job

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"ruhu/internal/db"
	"ruhu/internal/id"
)

// Event is something that happened. Name is `package.what`.
type Event struct {
	ID      string // of the task; empty for inside handlers
	County  string // 6 digits
	Name    string
	Payload json.RawMessage
	attempt int
}

// Decode reads the payload of an event.
func Decode[T any](ev Event) (T, error) {
	var v T
	if err := json.Unmarshal(ev.Payload, &v); err != nil {
		return v, fmt.Errorf("event %s: %w", ev.Name, err)
	}
	return v, nil
}

// Inside acts on events in the transaction that emitted them. All events have the same name.
type Inside func(ctx context.Context, tx *db.Tx, events []Event) error

// Outside acts on events later; see the package comment.
type Outside func(ctx context.Context, b *Batch) error

// Bus knows who listens. Register all handlers before the first Emit.
type Bus struct {
	d       *db.DB
	inside  map[string][]Inside
	outside map[string][]*handler // by event name
	all     []*handler
}

type handler struct {
	name string
	size int
	fn   Outside
	wake chan struct{}
	mu   sync.Mutex // one batch of a handler at a time in this process
}

// New makes a bus over d.
func New(d *db.DB) *Bus {
	return &Bus{d: d, inside: map[string][]Inside{}, outside: map[string][]*handler{}}
}

// Inside registers fn for events of a name.
func (b *Bus) Inside(event string, fn Inside) {
	b.inside[event] = append(b.inside[event], fn)
}

// Outside registers fn under a lasting handler name (it is stored with the tasks) for events of the given names. size is the
// largest batch that fn wants.
func (b *Bus) Outside(name string, size int, fn Outside, events ...string) {
	h := &handler{name: name, size: size, fn: fn, wake: make(chan struct{}, 1)}
	b.all = append(b.all, h)
	for _, e := range events {
		b.outside[e] = append(b.outside[e], h)
	}
}

// Emit records that something happened, once per payload, in tx. Inside handlers run before it returns.
func (b *Bus) Emit(ctx context.Context, tx *db.Tx, county, name string, payloads ...any) error {
	if len(payloads) == 0 {
		return nil
	}
	events := make([]Event, len(payloads))
	for i, p := range payloads {
		raw, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("emit %s: %w", name, err)
		}
		events[i] = Event{County: county, Name: name, Payload: raw}
	}
	for _, fn := range b.inside[name] {
		if err := fn(ctx, tx, events); err != nil {
			return fmt.Errorf("on %s: %w", name, err)
		}
	}
	for _, h := range b.outside[name] {
		if err := enqueue(ctx, tx, h.name, events); err != nil {
			return fmt.Errorf("emit %s: %w", name, err)
		}
		tx.AfterCommit(h.nudge)
	}
	return nil
}

func (h *handler) nudge() {
	select {
	case h.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// enqueue writes the tasks of one handler, 50 rows a statement.
func enqueue(ctx context.Context, tx *db.Tx, handler string, events []Event) error {
	const chunk, columns = 50, 10
	for len(events) > 0 {
		part := events[:min(chunk, len(events))]
		events = events[len(part):]
		args := make([]any, 0, len(part)*columns)
		for _, e := range part {
			args = append(args, e.County, id.New(), handler, e.Name, string(e.Payload), tx.Now(), tx.Now(), 0, false, "")
		}
		q := `INSERT INTO job_task (county, id, handler, event, payload, created_at, due_at, attempt, failed, error) VALUES ` + db.Rows(len(part), columns)
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return err
		}
	}
	return nil
}
