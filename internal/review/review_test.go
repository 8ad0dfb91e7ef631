package review_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

type world struct {
	*st.World
	reviews *review.Service
}

func newWorld(t *testing.T, d *db.DB, visits int) world {
	t.Helper()
	return newWorldBy(t, d, visits, st.Book())
}

func newWorldBy(t *testing.T, d *db.DB, visits int, book string) world {
	t.Helper()
	w := world{World: st.NewBy(t, d, visits, book)}
	w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, signature.NewService(d, w.Surveys, w.Accounts))
	w.reviews.Listen()
	w.Plan(t)
	return w
}

// may reports whether the actor may decide.
func may(d review.Detail) bool { return len(d.May) > 0 }

func (w world) decide(actor authz.Actor, sub string, d review.Decision) (review.Detail, error) {
	if d.ID == "" {
		d.ID = id.New()
	}
	return w.reviews.Decide(context.Background(), actor, sub, d, "zh")
}

func (w world) must(t *testing.T, actor authz.Actor, sub string, d review.Decision) review.Detail {
	t.Helper()
	out, err := w.decide(actor, sub, d)
	if err != nil {
		t.Fatalf("%s by %s: %v", d.Action, actor.Role, err)
	}
	return out
}

func (w world) assignment(t *testing.T, n int) assign.State {
	t.Helper()
	var s assign.State
	err := w.D.View(t.Context(), func(tx *db.Tx) error {
		as, err := assign.ByIDsTx(t.Context(), tx, w.Office.County, []string{w.Visits[n].ID})
		s = as[w.Visits[n].ID].State
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAFormGoesThroughBothLevelsAndAReturnStartsAgain(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		u := id.New()
		sub := w.Send(t, w.Visits[0], u, 0, nil)
		if got := w.assignment(t, 0); got != assign.Submitted {
			t.Errorf("assignment %s", got)
		}
		first := w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
		if first.State != submission.StateReview || first.Level != "second" || may(first) {
			t.Errorf("after the first level: %s %s %v", first.State, first.Level, may(first))
		}
		ref := "/data/g_house/size"
		back := w.must(t, w.Office, sub, review.Decision{
			Action: review.Return, Revision: 1, Note: "请核对", Comments: []review.NewComment{{ID: id.New(), Ref: ref, Text: "人口和户口簿不一致"}},
		})
		if back.State != submission.StateReturned || back.ReturnedTimes != 1 || w.assignment(t, 0) != assign.Returned {
			t.Errorf("after the return: %s, assignment %s", back.State, w.assignment(t, 0))
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			got, err := review.ReturnedTx(t.Context(), tx, w.Office.County, []string{sub})
			if r := got[sub]; r.Note != "请核对" || len(r.Comments) != 1 || r.Comments[0].Ref != ref || r.ByName != w.Office.Name {
				t.Errorf("the team is told %+v", r)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if again := w.Send(t, w.Visits[0], u, 1, map[string]string{"size": "4"}); again != sub {
			t.Fatalf("another submission: %s", again)
		}
		got, err := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh")
		if err != nil {
			t.Fatal(err)
		}
		if got.Level != "first" || got.Revision != 2 || !may(got) || w.assignment(t, 0) != assign.Submitted {
			t.Errorf("a corrected form: level %s revision %d may %v", got.Level, got.Revision, may(got))
		}
		a := got.Sections[0].Answers[2]
		if a.Ref != ref || a.Display != "4" || !a.Changed || a.Previous != "3" || len(a.Comments) != 1 {
			t.Errorf("the changed answer: %+v", a)
		}
		w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 2})
		done := w.must(t, w.Office, sub, review.Decision{Action: review.Approve, Revision: 2})
		if done.State != submission.StateAccepted || w.assignment(t, 0) != assign.Done {
			t.Errorf("at the end: %s %s", done.State, w.assignment(t, 0))
		}
		var steps []string
		for _, h := range done.History {
			steps = append(steps, h.Action)
		}
		if d := cmp.Diff([]string{"submit", "approve", "return", "submit", "approve", "approve"}, steps); d != "" {
			t.Error(d)
		}
	})
}

func TestWhoMayDecideWhenAndOnWhat(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 6)
		clean := w.Send(t, w.Visits[0], id.New(), 0, nil)
		wrong := w.Send(t, w.Visits[1], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1", "q2": "1"})
		doubtful := w.Send(t, w.Visits[2], id.New(), 0, map[string]string{"size": "12"})
		explained := w.Send(t, w.Visits[3], id.New(), 0, map[string]string{"size": "12", "!size": "三代同堂，已核实"})
		photo := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.jpg"
		unsent := w.Send(t, w.Visits[4], id.New(), 0, map[string]string{"photo": photo})
		taken := id.New()
		ok := review.Decision{Action: review.Approve, Revision: 1}
		back := review.Decision{Action: review.Return, Revision: 1, Note: "重填"}
		with := func(d review.Decision, change func(*review.Decision)) review.Decision { change(&d); return d }
		for _, tc := range []struct {
			name  string
			actor authz.Actor
			sub   string
			d     review.Decision
			want  string
		}{
			{"an inspector decides nothing", w.Inspector, clean, ok, "authz.forbidden"},
			{"the office waits for the supervisor", w.Office, clean, ok, "review.wrong_level"},
			{"another township sees nothing", w.Other, clean, ok, "submission.not_found"},
			{"an old revision", w.Supervisor, clean, with(ok, func(d *review.Decision) { d.Revision = 2 }), "review.stale"},
			{"a form with an error", w.Supervisor, wrong, ok, "review.errors"},
			{"a warning nobody explained", w.Supervisor, doubtful, ok, "review.unconfirmed"},
			{"a photograph that has not come", w.Supervisor, unsent, ok, "review.files"},
			{"a return without a word", w.Supervisor, clean, review.Decision{Action: review.Return, Revision: 1}, "review.nothing_said"},
			{"another verb", w.Supervisor, clean, review.Decision{Action: "burn", Revision: 1}, "review.action"},
			{"a malformed decision id", w.Supervisor, clean, review.Decision{ID: "x", Action: review.Approve, Revision: 1}, "id.malformed"},
			{"an explained warning is fine", w.Supervisor, explained, with(ok, func(d *review.Decision) { d.ID = taken }), ""},
			{"a form with an error can be returned", w.Supervisor, wrong, back, ""},
			{"a submission that does not exist", w.Supervisor, id.New(), ok, "submission.not_found"},
		} {
			if _, err := w.decide(tc.actor, tc.sub, tc.d); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
			}
		}
		if _, err := w.decide(w.Supervisor, explained, review.Decision{ID: taken, Action: review.Approve, Revision: 1}); err != nil {
			t.Errorf("the same decision again: %v", err)
		}
		if _, err := w.decide(w.Supervisor, clean, review.Decision{ID: taken, Action: review.Approve, Revision: 1}); errs.CodeOf(err) != "review.other_decision" {
			t.Errorf("a decision id used elsewhere: %v", err)
		}
		if _, err := w.decide(w.Supervisor, wrong, back); errs.CodeOf(err) != "review.wrong_state" {
			t.Errorf("a second return: %v", err)
		}
	})
}

func TestAnswersAreShownInWordsAndMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}), 1)
	sub := w.Send(t, w.Visits[0], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1 2", "q2": "2"})
	show := func(actor authz.Actor, lang string) map[string]string {
		d, err := w.reviews.Get(t.Context(), actor, sub, lang)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, s := range d.Sections {
			for _, a := range s.Answers {
				out[a.Label] = a.Display
			}
		}
		return out
	}
	zh := show(w.Supervisor, "zh")
	want := map[string]string{
		"户主": w.Visits[0].House.HeadName, "电话": w.Visits[0].House.Phone, "人口": "3", "住房安全吗": "否", "有什么隐患": "漏雨；裂缝", "有水吗": "否", "照片": "", "调查员": w.Enumerator.Name, "调查员手写": "",
	}
	if d := cmp.Diff(want, zh); d != "" {
		t.Error(d)
	}
	if en := show(w.Inspector, "en"); en["Which faults?"] != "Leaks；Cracks" || en["Phone"] == w.Visits[0].House.Phone || en["Phone"] == "" {
		t.Errorf("the inspector sees %v", en)
	}
	if _, err := w.reviews.XML(t.Context(), w.Inspector, sub, 1); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the inspector reads the raw form: %v", err)
	}
	xml, err := w.reviews.XML(t.Context(), w.Supervisor, sub, 1)
	if err != nil || submission.ID("x") == sub || len(xml) == 0 {
		t.Errorf("%d bytes, %v", len(xml), err)
	}
}

func TestDiffListsWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}), 1)
	u := id.New()
	sub := w.Send(t, w.Visits[0], u, 0, map[string]string{"q1": "2", "q1_1": "1", "q2": "2"})
	w.Send(t, w.Visits[0], u, 1, map[string]string{"size": "5", "q2": "2"})
	got, err := w.reviews.Diff(t.Context(), w.Supervisor, sub, 1, 2, "zh")
	if err != nil {
		t.Fatal(err)
	}
	want := []review.Change{
		{Ref: "/data/g_house/size", Label: "人口", From: "3", To: "5"},
		{Ref: "/data/g_q1/q1", Label: "住房安全吗", From: "否", To: "是"},
		{Ref: "/data/g_q1/q1_1", Label: "有什么隐患", From: "漏雨", To: ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := w.reviews.Diff(t.Context(), w.Supervisor, sub, 1, 7, "zh"); errs.CodeOf(err) != "submission.no_revision" {
		t.Error(err)
	}
}

func TestOfTwoReviewersAtOnceOneWins(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		sub := w.Send(t, w.Visits[0], id.New(), 0, nil)
		results := make(chan error, 4)
		for range cap(results) {
			go func() {
				_, err := w.decide(w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
				results <- err
			}()
		}
		won := 0
		for range cap(results) {
			switch err := <-results; errs.CodeOf(err) {
			case "":
				won++
			case "review.stale", "review.wrong_state", "review.wrong_level":
			default:
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d decisions count", won)
		}
	})
}
