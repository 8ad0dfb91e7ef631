package submission_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/submission"
)

const (
	county   = "430922"
	campaign = "01970000-0000-7000-8000-0000000000c1"
	teamA    = "01970000-0000-7000-8000-0000000000a1"
	teamB    = "01970000-0000-7000-8000-0000000000b1"
	village  = region.Code("430922101203")
)

var enumerator = authz.Actor{ID: "01970000-0000-7000-8000-0000000000e1", Name: "甲", Role: authz.Enumerator, County: county, Region: "430922101000"}

// street is a fake of the rooms above: assignments, teams and one form.
type street struct {
	mu       sync.Mutex
	assigned map[string]submission.Assigned
	teams    map[string][]string
	judge    func([]byte, time.Time) (submission.Verdict, error)
	moves    []submission.Move
	failOn   string // Move fails for this assignment
}

type world struct {
	*street
	d    *db.DB
	bus  *job.Bus
	subs *submission.Service
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	st := &street{assigned: map[string]submission.Assigned{}, teams: map[string][]string{enumerator.ID: {teamA}}}
	st.judge = func([]byte, time.Time) (submission.Verdict, error) { return submission.Verdict{}, nil }
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bus := job.New(d)
	subs := submission.NewService(d, bus, submission.Inputs{
		Assignments: func(_ context.Context, _ *db.Tx, _ string, ids []string) (map[string]submission.Assigned, error) {
			st.mu.Lock()
			defer st.mu.Unlock()
			out := map[string]submission.Assigned{}
			for _, k := range ids {
				if a, ok := st.assigned[k]; ok {
					out[k] = a
				}
			}
			return out, nil
		},
		Teams: func(context.Context, *db.Tx, string, []string) (map[string][]string, error) { return st.teams, nil },
		Move: func(_ context.Context, tx *db.Tx, moves []submission.Move) error {
			for _, m := range moves {
				if m.Assignment == st.failOn {
					return errors.New("planted failure")
				}
			}
			tx.AfterCommit(func() {
				st.mu.Lock()
				defer st.mu.Unlock()
				for _, m := range moves {
					st.moves = append(st.moves, m)
					a := st.assigned[m.Assignment]
					a.State = m.To
					st.assigned[m.Assignment] = a
				}
			})
			return nil
		},
		Form: func(_ context.Context, hash string) (*submission.Form, error) {
			if hash != "f1" {
				return nil, errs.NotFound.New("survey.no_form")
			}
			return &submission.Form{Hash: "f1", Code: "registered", Judge: st.judge}, nil
		},
		Campaign: func(context.Context, string, string) (submission.Campaign, error) {
			return submission.Campaign{FirstLevel: "supervisor", Zone: time.UTC}, nil
		},
		Blobs: blobs,
	})
	t.Cleanup(subs.Close)
	subs.Register()
	return &world{st, d, bus, subs}
}

func (w *world) assign(team string) string {
	k := id.New()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.assigned[k] = submission.Assigned{
		ID: k, Campaign: campaign, Household: id.New(), Team: team, Form: "registered", FormHash: "f1", Village: village, Day: "2026-04-13", State: "open",
	}
	return k
}

func instance(uuid, answer string) []byte {
	return []byte(`<data id="f"><q>` + answer + `</q><meta><instanceID>uuid:` + uuid + `</instanceID></meta></data>`)
}

func (w *world) send(t *testing.T, a submission.Arrival) submission.Receipt {
	t.Helper()
	r, err := w.subs.Receive(t.Context(), enumerator, a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (w *world) state(t *testing.T, uuid string) (state, reason string, revision int) {
	t.Helper()
	err := w.d.View(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT state, reason, revision FROM submission WHERE county = $1 AND id = $2`, county, uuid).Scan(&state, &reason, &revision)
	})
	if err != nil {
		t.Fatal(err)
	}
	return state, reason, revision
}

func TestSameBytesGiveTheSameReceiptAndOtherBytesTheNextRevision(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, u := w.assign(teamA), id.New()
		first := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Body: instance(u, "1")})
		if first.Revision != 1 || first.Duplicate || first.State != submission.StateReceived || first.InstanceID != "uuid:"+u {
			t.Fatalf("first receipt: %+v", first)
		}
		again := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Body: instance(u, "1")})
		first.Duplicate = true
		if again.Revision != 1 || !again.Duplicate || again.ReceivedAt != first.ReceivedAt || again.Digest != first.Digest {
			t.Errorf("got %+v, want %+v", again, first)
		}
		second := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Base: 1, Body: instance(u, "2")})
		if second.Revision != 2 || second.State != submission.StateReceived {
			t.Errorf("second revision: %+v", second)
		}
		late := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Base: 1, Body: instance(u, "3")})
		if late.Revision != 3 || late.State != submission.StateQuarantined {
			t.Errorf("a revision edited from an old one: %+v", late)
		}
		if state, reason, n := w.state(t, u); state != "received" || reason != "submission.conflict" || n != 2 {
			t.Errorf("the current one must stand: %s %s %d", state, reason, n)
		}
		next := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Base: 2, Body: instance(u, "4")})
		if next.Revision != 4 || next.State != submission.StateReceived {
			t.Errorf("after one set aside: %+v", next)
		}
		if old := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Body: instance(u, "1")}); old.Revision != 1 || !old.Duplicate {
			t.Errorf("an old one sent again: %+v", old)
		}
		if back := w.send(t, submission.Arrival{Assignment: a, Form: "f1", Base: 4, Body: instance(u, "1")}); back.Revision != 5 || back.Duplicate {
			t.Errorf("a change taken back: %+v", back)
		}
		if len(w.moves) != 1 || w.moves[0].To != "submitted" {
			t.Errorf("the assignment moves once: %+v", w.moves)
		}
	})
}

func TestWhatFitsNothingIsKeptAndQuarantined(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		mine, other, gone, unlike := w.assign(teamA), w.assign(teamB), w.assign(teamA), w.assign(teamA)
		w.assigned[gone] = func() submission.Assigned { a := w.assigned[gone]; a.State = "replaced"; return a }()
		w.assigned[unlike] = func() submission.Assigned { a := w.assigned[unlike]; a.Form = "unregistered"; return a }()
		w.send(t, submission.Arrival{Assignment: mine, Form: "f1", Body: instance(id.New(), "1")})
		for name, tc := range map[string]struct {
			a    submission.Arrival
			want string
		}{
			"no assignment":      {submission.Arrival{Assignment: id.New(), Form: "f1"}, "submission.no_assignment"},
			"nonsense for an id": {submission.Arrival{Assignment: "x\x00", Form: "f1"}, "submission.no_assignment"},
			"another team's":     {submission.Arrival{Assignment: other, Form: "f1"}, "submission.not_team"},
			"taken back":         {submission.Arrival{Assignment: gone, Form: "f1"}, "submission.replaced"},
			"another form":       {submission.Arrival{Assignment: unlike, Form: "f1"}, "submission.other_form"},
			"unknown form":       {submission.Arrival{Assignment: mine, Form: "f9"}, "submission.no_form"},
			"a second form":      {submission.Arrival{Assignment: mine, Form: "f1"}, "submission.second_form"},
			"no XML":             {submission.Arrival{Assignment: mine, Form: "f1", Body: []byte("<a><b")}, "submission.not_xml"},
			"no instance id":     {submission.Arrival{Assignment: mine, Form: "f1", Body: []byte("<a/>")}, "submission.no_id"},
		} {
			u := id.New()
			if tc.a.Body == nil {
				tc.a.Body = instance(u, "1")
			}
			r := w.send(t, tc.a)
			if r.State != submission.StateQuarantined || r.Revision != 1 {
				t.Errorf("%s: %+v", name, r)
			}
			if state, reason, _ := w.state(t, submission.ID(r.InstanceID)); state != "quarantined" || reason != tc.want {
				t.Errorf("%s: got %s %s, want %s", name, state, reason, tc.want)
			}
			if again := w.send(t, tc.a); !again.Duplicate || again.State != submission.StateQuarantined {
				t.Errorf("%s again: %+v", name, again)
			}
		}
	})
}

func TestOnlyEmptyAndOversizedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}))
	if _, err := w.subs.Receive(t.Context(), enumerator, submission.Arrival{}); errs.CodeOf(err) != "submission.empty" {
		t.Error(err)
	}
	big := []byte(strings.Repeat("x", submission.MaxBody+1))
	if _, err := w.subs.Receive(t.Context(), enumerator, submission.Arrival{Body: big}); errs.CodeOf(err) != "submission.too_large" {
		t.Error(err)
	}
	if _, err := w.subs.Receive(t.Context(), authz.Actor{Role: authz.Supervisor}, submission.Arrival{Body: big}); !errs.Is(err, errs.Forbidden) {
		t.Error(err)
	}
}

func TestManySendersAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const senders, each = 16, 12
		poisoned := w.assign(teamA)
		w.failOn = poisoned
		uuids := make([]string, 0, senders*each)
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range senders {
			wg.Go(func() {
				for k := range each {
					u, a := id.New(), w.assign(teamA)
					r, err := w.subs.Receive(context.Background(), enumerator, submission.Arrival{Assignment: a, Form: "f1", Body: instance(u, fmt.Sprint(k))})
					if err != nil || r.State != submission.StateReceived || r.Revision != 1 {
						t.Errorf("%+v %v", r, err)
					}
					mu.Lock()
					uuids = append(uuids, u)
					mu.Unlock()
				}
			})
		}
		wg.Go(func() { // one that can't be stored must not take its group along
			if _, err := w.subs.Receive(context.Background(), enumerator, submission.Arrival{Assignment: poisoned, Form: "f1", Body: instance(id.New(), "x")}); err == nil {
				t.Error("the planted failure got a receipt")
			}
		})
		wg.Go(func() { // the same one from several goroutines is one
			u, a := id.New(), w.assign(teamA)
			var same sync.WaitGroup
			for range 8 {
				same.Go(func() {
					r, err := w.subs.Receive(context.Background(), enumerator, submission.Arrival{Assignment: a, Form: "f1", Body: instance(u, "1")})
					if err != nil || r.Revision != 1 {
						t.Errorf("%+v %v", r, err)
					}
				})
			}
			same.Wait()
			mu.Lock()
			uuids = append(uuids, u)
			mu.Unlock()
		})
		wg.Wait()
		var n int
		err := d.View(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT count(*) FROM submission_revision WHERE county = $1`, county).Scan(&n)
		})
		if err != nil || n != senders*each+1 {
			t.Fatalf("%d revisions (%v), want %d", n, err, senders*each+1)
		}
		slices.Sort(uuids)
		if got := len(slices.Compact(uuids)); got != n {
			t.Errorf("%d ids for %d rows", got, n)
		}
		if err := w.bus.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = d.View(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT count(*) FROM submission WHERE county = $1 AND state = 'review' AND level = 'supervisor'`, county).Scan(&n)
		})
		if err != nil || n != senders*each+1 {
			t.Errorf("%d in review (%v), want %d", n, err, senders*each+1)
		}
	})
}
