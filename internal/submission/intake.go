package submission

import (
	"context"
	"log/slog"
	"sync"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
)

const (
	maxQueue = 1024 // arrivals that may wait; more are told to come back
	maxGroup = 192  // arrivals in one transaction
)

// waiting is an arrival on its way into the database.
type waiting struct {
	actor  authz.Actor
	a      Arrival
	head   Header
	f      facts
	id     string // of the submission
	digest string
	named  []string // files that another app's record names; nil: see head
	out    Receipt
	err    error
	done   chan struct{}
}

// intake gathers arrivals and writes them in groups.
type intake struct {
	mu    sync.RWMutex // held for reading while sending, so that close is safe
	shut  bool
	queue chan *waiting
	ended chan struct{} // closed when nothing is left to write
}

// Receive keeps an arrival and gives its receipt, which is only given once the arrival is durable.
//
// Returns Forbidden, Invalid "submission.empty", TooLarge "submission.too_large", Unavailable "submission.busy" when too
// many arrivals wait. A caller that leaves early may repeat the call: it gets the same receipt.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, a Arrival) (Receipt, error) {
	if err := actor.Require(authz.FieldUse); err != nil {
		return Receipt{}, err
	}
	if len(a.Body) == 0 {
		return Receipt{}, errs.Invalid.New("submission.empty")
	}
	if len(a.Body) > MaxBody {
		return Receipt{}, errs.TooLarge.New("submission.too_large", "limit", MaxBody)
	}
	w, err := s.prepare(ctx, actor, a)
	if err != nil {
		return Receipt{}, err
	}
	if !s.intake.send(w) {
		return Receipt{}, errs.Unavailable.New("submission.busy")
	}
	select {
	case <-w.done:
		return w.out, w.err
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

// prepare does what needs no transaction: digest, scan, form, files.
func (s *Service) prepare(ctx context.Context, actor authz.Actor, a Arrival) (*waiting, error) {
	w := &waiting{actor: actor, a: a, digest: string(blob.Of(a.Body)), done: make(chan struct{})}
	w.head, w.f.scanned = Scan(a.Body)
	w.f.hasID, w.f.base, w.f.named = w.head.InstanceID != "", a.Base, a.Assignment
	instance := w.head.InstanceID
	if w.f.scanned != nil || instance == "" { // no name of its own: named by its content
		instance = "sha256:" + w.digest
	}
	w.id = ID(instance)
	form, err := s.in.Form(ctx, clip(a.Form))
	if err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Invalid) {
		return nil, err
	}
	if err == nil {
		w.f.form = form
	}
	if a.Via == ViaClient {
		if err := s.ofClient(ctx, w, instance); err != nil {
			return nil, err
		}
	}
	missing, err := s.missing(w.head.Files)
	if err != nil {
		return nil, err
	}
	w.out = Receipt{InstanceID: instance, Digest: w.digest, MissingFiles: missing}
	if canonical, err := id.Parse(a.Assignment); err == nil {
		w.a.Assignment = canonical
	} else {
		w.a.Assignment = ""
	}
	if w.a.Device, err = id.Parse(a.Device); err != nil {
		w.a.Device = ""
	}
	return w, nil
}

// missing lists those of the named files that have not arrived.
func (s *Service) missing(files []string) ([]string, error) {
	out := []string{}
	for _, name := range files {
		if !fileName([]byte(name)) { // of another app: the phone that asks has never had it
			continue
		}
		has, err := s.in.Blobs.Has(blob.Digest(name[:digestLength]))
		if err != nil {
			return nil, err
		}
		if !has {
			out = append(out, name)
		}
	}
	return out, nil
}

func (in *intake) send(w *waiting) bool {
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.shut {
		return false
	}
	select {
	case in.queue <- w:
		return true
	default:
		return false
	}
}

// close stops taking arrivals and waits for those that wait.
func (in *intake) close() {
	in.mu.Lock()
	already := in.shut
	in.shut = true
	in.mu.Unlock()
	if !already {
		close(in.queue)
	}
	<-in.ended
}

// gather writes what has queued up while the last group was written. Two gatherers that meet the same submission are set right by the
// database: one of them finds its rows taken, and looks again.
func (s *Service) gather() {
	group := make([]*waiting, 0, maxGroup)
	for first := range s.intake.queue {
		group = append(group[:0], first)
	fill:
		for len(group) < maxGroup {
			select {
			case w, ok := <-s.intake.queue:
				if !ok {
					break fill
				}
				group = append(group, w)
			default:
				break fill
			}
		}
		for rest := group; len(rest) > 0; {
			var now []*waiting
			now, rest = independent(rest)
			s.write(now)
		}
		for i, w := range group {
			close(w.done)
			group[i] = nil
		}
	}
}

// independent takes the arrivals that do not concern the same submission or assignment as one before them.
func independent(group []*waiting) (now, later []*waiting) {
	seen := make(map[string]bool, 2*len(group))
	for _, w := range group {
		one, two := w.actor.County+w.id, w.actor.County+"a"+w.a.Assignment
		if seen[one] || w.a.Assignment != "" && seen[two] {
			later = append(later, w)
			continue
		}
		seen[one], seen[two] = true, true
		now = append(now, w)
	}
	return now, later
}

// write stores a group in one transaction; if that fails, each of it alone, so that one bad arrival harms no other.
func (s *Service) write(group []*waiting) {
	ctx := context.Background() // the group belongs to no single caller
	err := s.d.Update(ctx, func(tx *db.Tx) error { return s.store(ctx, tx, group) })
	if err == nil {
		return
	}
	if len(group) > 1 {
		slog.WarnContext(ctx, "group of submissions failed, storing each alone", slog.Int("size", len(group)), slog.Any("error", err))
		for _, w := range group {
			s.write([]*waiting{w})
		}
		return
	}
	if errs.Is(err, errs.Conflict) { // another process stored the same one meanwhile: now it is seen
		err = s.d.Update(ctx, func(tx *db.Tx) error { return s.store(ctx, tx, group) })
	}
	group[0].err = err
}
