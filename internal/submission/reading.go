package submission

import (
	"context"
	"fmt"
	"sync"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/survey"
)

// Reading is what other rooms look at in a form that the engine has read. It is shared by all who ask, and never changed.
type Reading struct {
	Answers  []Answer // all nodes in document order, as the engine names them; a repeat comes before its instances
	Paradata xform.Paradata
	bytes    int // about what it holds in memory
}

// Answer is a node of a form; see xform.NodeState.
type Answer struct {
	Ref, Type, Datatype, PII string
	Value                    string
	Label                    string // of a single choice that was made
	Relevant, Prefilled      bool
}

// ReadingOf takes from a session what other rooms look at.
func ReadingOf(s *xform.Session) *Reading {
	state := s.State()
	r := &Reading{Answers: make([]Answer, len(state)), Paradata: s.Paradata()}
	for i, n := range state {
		a := Answer{Ref: n.Ref, Type: n.Type, Datatype: n.Datatype, PII: n.PII, Value: n.Value, Relevant: n.Relevant, Prefilled: n.Prefilled}
		for _, c := range n.Choices {
			if c.Value == n.Value && c.Label != "" {
				a.Label = c.Label
			}
		}
		r.Answers[i] = a
		r.bytes += 160 + len(a.Ref) + len(a.Value)
	}
	return r
}

// maxKept bounds what a Reader keeps, in bytes: about 700 forms of a household.
const maxKept = 16 << 20

// Reader reads forms for the rooms below. What was judged last is at hand: several rooms look at a form as soon as it is judged, and it is parsed
// once for all of them. It is safe for many goroutines.
type Reader struct {
	d       *db.DB
	surveys *survey.Service
	mu      sync.Mutex
	kept    map[readKey]*Reading
	order   []readKey // the oldest first
	bytes   int
}

// readKey names a reading: a revision never changes, and at is the clock that the engine saw.
type readKey struct {
	county, submission string
	n                  int
	at                 db.Time
}

// NewReader makes a Reader.
func NewReader(d *db.DB, surveys *survey.Service) *Reader {
	return &Reader{d: d, surveys: surveys, kept: map[readKey]*Reading{}}
}

func (r *Reader) keep(k readKey, x *Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept[k] != nil || x.bytes > maxKept {
		return
	}
	r.kept[k], r.order, r.bytes = x, append(r.order, k), r.bytes+x.bytes
	for r.bytes > maxKept {
		r.bytes -= r.kept[r.order[0]].bytes
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
}

// Read gives the current revisions of submissions of a county, by submission id; zone is that of their campaign. What the engine cannot read as this
// form is absent. It must not be called inside a transaction. Returns NotFound "survey.no_form", "submission.no_revision".
func (r *Reader) Read(ctx context.Context, zone *time.Location, recs []Record) (map[string]*Reading, error) {
	out := make(map[string]*Reading, len(recs))
	var unread []Record
	r.mu.Lock()
	for _, rec := range recs {
		if x := r.kept[rec.readKey()]; x != nil {
			out[rec.ID] = x
		} else {
			unread = append(unread, rec)
		}
	}
	r.mu.Unlock()
	if len(unread) == 0 {
		return out, nil
	}
	bodies := make(map[string][]byte, len(unread))
	if err := r.d.View(ctx, func(tx *db.Tx) error { return bodiesTx(ctx, tx, unread, bodies) }); err != nil {
		return nil, err
	}
	for _, rec := range unread {
		body, ok := bodies[rec.ID]
		if !ok {
			return nil, errs.NotFound.New("submission.no_revision", "n", rec.Revision)
		}
		form, err := r.surveys.Form(ctx, rec.Form)
		if err != nil {
			return nil, fmt.Errorf("form of submission %s: %w", rec.ID, err)
		}
		at := rec.ReceivedAt.Time().In(zone)
		report, err := form.X.Validate(body, xform.Env{Now: func() time.Time { return at }, Zone: zone})
		if err != nil {
			continue
		}
		out[rec.ID] = ReadingOf(report.Session)
		r.keep(rec.readKey(), out[rec.ID])
	}
	return out, nil
}

func (r Record) readKey() readKey { return readKey{r.County, r.ID, r.Revision, r.ReceivedAt} }

// bodiesTx adds the bytes of the current revisions of submissions, which are of one county.
func bodiesTx(ctx context.Context, tx *db.Tx, recs []Record, out map[string][]byte) error {
	ids, current := make([]string, len(recs)), make(map[string]int, len(recs))
	for i, rec := range recs {
		ids[i], current[rec.ID] = rec.ID, rec.Revision
	}
	in, args := list(ids)
	return tx.Query(ctx, selectXML+in, append([]any{recs[0].County}, args...), func(scan func(...any) error) error {
		var id string
		var n int
		var xml []byte
		err := scan(&id, &n, &xml)
		if n == current[id] {
			out[id] = xml
		}
		return err
	})
}
