package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/review"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

// book is the small playbook with other levels.
func book(levels ...string) string {
	before, rest, _ := strings.Cut(st.Book(), "review:\n")
	_, after, _ := strings.Cut(rest, "ledger:\n")
	lines := "review:\n"
	for i, l := range levels {
		lines += fmt.Sprintf("  - {level: %d, %s}\n", i+1, l)
	}
	return before + lines + "ledger:\n" + after
}

const (
	first  = "code: first, title: {zh: 复核, en: Re-check}, role: supervisor, coverage: 1, powers: [approve, return, annotate], deadline_days: 1"
	second = "code: second, title: {zh: 镇办, en: Township}, role: township_office, coverage: 1, powers: [approve, return, annotate], deadline_days: 2"
)

// Every action of every role on a form in every state is allowed or refused with the right word.
func TestEveryTransition(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 40, book(first, second))
		next := 0
		visit := func() st.Visit { next++; return w.Visits[next-1] }
		approve := func(sub string, who ...authz.Actor) string {
			for _, a := range who {
				w.must(t, a, sub, review.Decision{Action: review.Approve, Revision: 1})
			}
			return sub
		}
		send := func() string { return w.Send(t, visit(), id.New(), 0, nil) }
		make := map[string]func() string{
			"first":    send,
			"second":   func() string { return approve(send(), w.Supervisor) },
			"accepted": func() string { return approve(send(), w.Supervisor, w.Office) },
			"returned": func() string {
				sub := send()
				w.must(t, w.Supervisor, sub, review.Decision{Action: review.Return, Revision: 1, Note: "重填"})
				return sub
			},
			"received": func() string {
				v := visit()
				r, err := w.Subs.Receive(t.Context(), w.Enumerator, submission.Arrival{Assignment: v.ID, Form: w.Form.Hash, Body: w.Fill(t, v, id.New(), nil)})
				if err != nil {
					t.Fatal(err)
				}
				return submission.ID(r.InstanceID)
			},
			"unread": func() string { // the engine can't read it, but the visit is known
				v := visit()
				body := strings.Replace(string(w.Fill(t, v, id.New(), nil)), "<g_house>", "<g_house><extra>1</extra>", 1)
				r, err := w.Subs.Receive(t.Context(), w.Enumerator, submission.Arrival{Assignment: v.ID, Form: w.Form.Hash, Body: []byte(body)})
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Bus.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				return submission.ID(r.InstanceID)
			},
			"unfit": func() string {
				r, err := w.Subs.Receive(t.Context(), w.Enumerator, submission.Arrival{Assignment: id.New(), Form: w.Form.Hash, Body: w.Fill(t, visit(), id.New(), nil)})
				if err != nil {
					t.Fatal(err)
				}
				return submission.ID(r.InstanceID)
			},
		}
		sup, office := authz.Supervisor, authz.TownshipOffice
		// Who may; a pair that is absent is no transition at all.
		allowed := map[string]map[review.Action][]authz.Role{
			"first":    {review.Approve: {sup}, review.Return: {sup}, review.Annotate: {sup, office}},
			"second":   {review.Approve: {office}, review.Return: {office}, review.Annotate: {sup, office}},
			"accepted": {review.Annotate: {sup, office}, review.Reopen: {office}},
			"returned": {review.Annotate: {sup, office}},
			"unread":   {review.Return: {sup}},
			"received": {},
			"unfit":    {},
		}
		after := map[review.Action]submission.State{review.Return: submission.StateReturned, review.Reopen: submission.StateReturned}
		leader := w.County
		leader.Role = authz.GroupLeader
		people := []authz.Actor{w.Supervisor, w.Office, w.County, leader, w.Inspector, w.Village, w.Enumerator, w.Other}
		states := []string{"first", "second", "accepted", "returned", "unread", "unfit", "received"} // the last waits for the judge, which the others call
		for _, state := range states {
			shared := make[state]()
			for _, action := range []review.Action{review.Approve, review.Return, review.Annotate, review.Reopen} {
				may, exists := allowed[state][action]
				for _, who := range people {
					want, sub := "", shared
					switch {
					case !who.Can(authz.ReviewDecide):
						want = "authz.forbidden"
					case who.ID == w.Other.ID:
						want = "submission.not_found"
					case !exists:
						want = "review.wrong_state"
					case !slices.Contains(may, who.Role):
						want = "review.wrong_level"
					case action == review.Annotate:
					default:
						sub = make[state]()
					}
					dec := review.Decision{Action: action, Revision: 1, Note: "看过"}
					if action == review.Annotate {
						dec.Comments = []review.NewComment{{ID: id.New(), Ref: "/data/g_house/size", Text: "请说明"}}
					}
					got, err := w.decide(who, sub, dec)
					if errs.CodeOf(err) != want {
						t.Errorf("%s, %s by %s: %v, want %q", state, action, who.Role, err, want)
					}
					if s := after[action]; err == nil && s != "" && got.State != s {
						t.Errorf("%s, %s: now %s, want %s", state, action, got.State, s)
					}
				}
			}
		}
	})
}

func TestAPartOfTheFormsIsDrawnByTheirDigestAndThatIsWrittenDown(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		part := strings.Replace(first, "coverage: 1", "coverage: 0.5", 1)
		w := newWorldBy(t, d, 24, book(part, second))
		looked := map[string]bool{}
		var subs []string
		for i := range w.Visits {
			sub := w.Send(t, w.Visits[i], id.New(), 0, nil)
			got, err := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh")
			if err != nil {
				t.Fatal(err)
			}
			looked[sub] = got.Level == "first"
			if passed := got.History[len(got.History)-1].Action == "pass"; passed == looked[sub] {
				t.Errorf("form %d at %s: history ends with a pass: %v", i, got.Level, passed)
			}
			subs = append(subs, sub)
		}
		n := 0
		for _, ok := range looked {
			if ok {
				n++
			}
		}
		if n == 0 || n == len(looked) { // 1 in 8 million each
			t.Errorf("%d of %d drawn", n, len(looked))
		}
		// What was drawn stays drawn, what was not stays out, whatever the new revision's digest.
		for i, sub := range subs[:8] {
			who := w.Supervisor
			if !looked[sub] {
				who = w.Office
			}
			w.must(t, who, sub, review.Decision{Action: review.Return, Revision: 1, Note: "重填"})
			inst := "uuid:" + sub
			w.Send(t, w.Visits[i], strings.TrimPrefix(inst, "uuid:"), 1, map[string]string{"size": "4"})
			got, err := w.reviews.Get(t.Context(), who, sub, "zh")
			if err != nil {
				t.Fatal(err)
			}
			if (got.Level == "first") != looked[sub] || got.Revision != 2 {
				t.Errorf("revision %d at %s, drawn before: %v", got.Revision, got.Level, looked[sub])
			}
		}
		// An error always goes to the first level: somebody must return it.
	})
}

func TestALevelThatTakesOnlyWhatIsFlagged(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		only := strings.Replace(second, "coverage: 1", "coverage: 0, flagged: true", 1)
		w := newWorldBy(t, d, 3, book(first, only))
		plain := w.Send(t, w.Visits[0], id.New(), 0, nil)
		if got := w.must(t, w.Supervisor, plain, review.Decision{Action: review.Approve, Revision: 1}); got.State != submission.StateAccepted {
			t.Errorf("a plain form: %s %s", got.State, got.Level)
		}
		odd := w.Send(t, w.Visits[1], id.New(), 0, map[string]string{"size": "12", "!size": "三代同堂"})
		if got := w.must(t, w.Supervisor, odd, review.Decision{Action: review.Approve, Revision: 1}); got.Level != "second" {
			t.Errorf("a form with a warning: %s %s", got.State, got.Level)
		}
		// The level returned it once: it sees the mended one, though nothing is flagged any more.
		w.must(t, w.Office, odd, review.Decision{Action: review.Return, Revision: 1, Note: "核实"})
		w.Send(t, w.Visits[1], odd, 1, nil)
		if got := w.must(t, w.Supervisor, odd, review.Decision{Action: review.Approve, Revision: 2}); got.Level != "second" {
			t.Errorf("a form that was returned: %s %s", got.State, got.Level)
		}
	})
}

func TestAFormThatWasAcceptedIsReopenedInOneStep(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		u := id.New()
		sub := w.Send(t, w.Visits[0], u, 0, nil)
		w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
		done := w.must(t, w.Office, sub, review.Decision{Action: review.Approve, Revision: 1})
		if !slices.Equal(done.May, []review.Action{review.Reopen}) {
			t.Errorf("the office may %v", done.May)
		}
		if _, err := w.decide(w.Office, sub, review.Decision{Action: review.Reopen, Revision: 1}); errs.CodeOf(err) != "review.nothing_said" {
			t.Errorf("without a reason: %v", err)
		}
		back := w.must(t, w.Office, sub, review.Decision{Action: review.Reopen, Revision: 1, Note: "抽查发现人口不符"})
		if back.State != submission.StateReturned || back.ReturnedTimes != 1 || w.assignment(t, 0) != "returned" {
			t.Errorf("%s, assignment %s", back.State, w.assignment(t, 0))
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			got, err := review.ReturnedTx(t.Context(), tx, w.Office.County, []string{sub})
			if got[sub].Note != "抽查发现人口不符" {
				t.Errorf("the team is told %+v", got[sub])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Send(t, w.Visits[0], u, 1, map[string]string{"size": "4"})
		if got, _ := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh"); got.Level != "first" {
			t.Errorf("mended: %s %s", got.State, got.Level)
		}
	})
}

// atClock runs fn on both databases, each with a clock of its own.
func atClock(t *testing.T, start time.Time, fn func(t *testing.T, d *db.DB, clock *dbtest.Clock)) {
	for name, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(start)
			fn(t, open(t, db.Options{Clock: clock.Now}), clock)
		})
	}
}

// Each level has so many working days: Friday's form is due on Monday.
func TestDeadlinesAndAgesCountWorkingDays(t *testing.T) {
	t.Parallel()
	atClock(t, time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC), func(t *testing.T, d *db.DB, clock *dbtest.Clock) { // a Friday afternoon in Shanghai
		w := newWorld(t, d, 2)
		sub := w.Send(t, w.Visits[0], id.New(), 0, nil)
		start := d.Now()
		for _, tc := range []struct {
			days int
			late bool
			age  int
		}{{0, false, 1}, {2, false, 1}, {3, false, 1}, {4, true, 2}, {5, true, 2}, {6, true, 3}, {13, true, 4}} {
			clock.Advance(start.Time().AddDate(0, 0, tc.days).Sub(d.Now().Time()))
			for age := range 5 {
				p, err := w.reviews.Queue(t.Context(), w.Supervisor, w.Campaign.ID, submission.Filter{State: submission.StateReview}, age)
				if err != nil {
					t.Fatal(err)
				}
				if want := age == 0 || age == tc.age; (len(p.Rows) == 1) != want {
					t.Errorf("%d days later, column %d: %d forms", tc.days, age, len(p.Rows))
					continue
				}
				if len(p.Rows) == 1 && (p.Rows[0].DueOn != "2026-03-09" || p.Rows[0].Late != tc.late || p.Rows[0].ID != sub) {
					t.Errorf("%d days later: due %s, late %v", tc.days, p.Rows[0].DueOn, p.Rows[0].Late)
				}
			}
		}
		got := w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
		if got.Since != "2026-03-19" || got.DueOn != "2026-03-23" {
			t.Errorf("at the next level since %s, due %s", got.Since, got.DueOn)
		}
	})
}
