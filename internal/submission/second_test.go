package submission_test

import (
	"bytes"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

// keys sends a form that somebody keyed from paper, and lets everything that follows happen.
func keys(t *testing.T, w *st.World, who authz.Actor, v st.Visit, instance string, base int, answers map[string]string) string {
	t.Helper()
	body := bytes.Replace(w.Fill(t, v, instance, answers), []byte("</instanceID>"), []byte("</instanceID><capture>paper</capture>"), 1)
	r, err := w.Subs.Receive(t.Context(), who, submission.Arrival{Assignment: v.ID, Form: w.Form.Hash, Base: base, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return submission.ID(r.InstanceID)
}

func seconds(t *testing.T, w *st.World, sub string) []submission.Second {
	t.Helper()
	out, err := w.Subs.Seconds(t.Context(), w.Supervisor, sub)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAPaperFormKeyedTwiceAlikeIsVerified(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		v := w.Visits[0]
		first := keys(t, w, w.Enumerator, v, id.New(), 0, map[string]string{"size": "4"})
		second := keys(t, w, w.Partner, v, id.New(), 0, map[string]string{"size": "4"})
		for _, sub := range []string{first, second} {
			got := seconds(t, w, sub)
			if len(got) != 1 || got[0].State != submission.SecondSame || !got[0].Keyed || got[0].Submission != second || got[0].Stands != first {
				t.Errorf("%+v", got)
			}
		}
		if rec, _, _ := record(t, w, second); rec.State != submission.StateAside || rec.Assignment != "" {
			t.Errorf("the second keying: %+v", rec)
		}
		if rec, _, _ := record(t, w, first); rec.State != submission.StateReview || rec.Revision != 1 {
			t.Errorf("the first keying: %+v", rec)
		}
	})
}

func TestTheSecondKeyerLearnsWhereToLookAgainAndNotWhatWasKeyed(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		v, instance := w.Visits[0], id.New()
		keys(t, w, w.Enumerator, v, id.New(), 0, map[string]string{"size": "4", "q2": "2"})
		second := keys(t, w, w.Partner, v, instance, 0, map[string]string{"size": "7", "q2": "2"})
		sent := func() *submission.SentSecond {
			t.Helper()
			list, _, err := w.Subs.SentBy(t.Context(), w.Partner, "", 10)
			if err != nil || len(list) == 0 {
				t.Fatalf("%v, %v", list, err)
			}
			return list[len(list)-1].Second
		}
		if s := sent(); s == nil || s.State != submission.SecondOpen || len(s.Differs) != 1 || s.Differs[0] != "/data/g_house/size" {
			t.Errorf("%+v", s)
		}
		// They look at the paper: it was their mistake.
		keys(t, w, w.Partner, v, instance, 1, map[string]string{"size": "4", "q2": "2"})
		if got := seconds(t, w, second); len(got) != 1 || got[0].State != submission.SecondSame || got[0].N != 2 {
			t.Errorf("%+v", got)
		}
		if s := sent(); s != nil && s.State != submission.SecondSame {
			t.Errorf("%+v", s)
		}
	})
}

func TestOfTwoFormsOfOneHouseholdAPersonSaysWhichStands(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		v := w.Visits[0]
		first := w.Send(t, v, id.New(), 0, map[string]string{"size": "4"})
		second := w.Send(t, v, id.New(), 0, map[string]string{"size": "5", "q2": "2"})
		got := seconds(t, w, second)
		if len(got) != 1 || got[0].State != submission.SecondOpen || got[0].Keyed || !got[0].Compared || len(got[0].Differs) != 2 {
			t.Fatalf("%+v", got)
		}
		if a := got[0].Differs[0]; a.Label != "人口" || a.Current != "4" || a.Other != "5" {
			t.Errorf("%+v", a)
		}
		settle := func(who authz.Actor, sub string, take bool, note string) error {
			_, err := w.Subs.SettleSecond(t.Context(), who, sub, take, note)
			return err
		}
		for code, err := range map[string]error{
			"authz.forbidden":      settle(w.Inspector, second, true, "x"),
			"submission.no_second": settle(w.Supervisor, first, true, "x"),
			"submission.note":      settle(w.Supervisor, second, true, " "),
			"submission.not_found": settle(w.Other, second, true, "x"),
		} {
			if errs.CodeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		if err := settle(w.Supervisor, second, true, "后一份是在户主面前填的"); err != nil {
			t.Fatal(err)
		}
		if err := w.Bus.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rec, _, _ := record(t, w, second); rec.State != submission.StateReview || rec.Assignment != v.ID || rec.Reason != "" {
			t.Errorf("the second form: %+v", rec)
		}
		if rec, _, _ := record(t, w, first); rec.State != submission.StateAside || rec.Assignment != "" {
			t.Errorf("the first form: %+v", rec)
		}
		if err := settle(w.Supervisor, second, false, ""); errs.CodeOf(err) != "submission.second_settled" {
			t.Errorf("settled twice: %v", err)
		}
	})
}

func TestAFormThatIsKeptAsideLeavesTheQueue(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		v := w.Visits[0]
		first := w.Send(t, v, id.New(), 0, map[string]string{"size": "4"})
		second := w.Send(t, v, id.New(), 0, map[string]string{"size": "5"})
		if _, err := w.Subs.SettleSecond(t.Context(), w.Supervisor, second, false, ""); err != nil {
			t.Fatal(err)
		}
		if rec, _, _ := record(t, w, second); rec.State != submission.StateAside {
			t.Errorf("%+v", rec)
		}
		if rec, _, _ := record(t, w, first); rec.State != submission.StateReview || rec.Assignment != v.ID {
			t.Errorf("%+v", rec)
		}
	})
}
