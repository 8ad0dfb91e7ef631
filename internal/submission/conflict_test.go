package submission_test

import (
	"context"
	"strings"
	"testing"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

// edits sends a form, and then two edits of its first revision from two phones. It gives the submission.
func edits(t *testing.T, w *st.World, first, second map[string]string) (sub string, v st.Visit) {
	t.Helper()
	v = w.Visits[0]
	instance := id.New()
	sub = w.Send(t, v, instance, 0, map[string]string{"size": "3", "q1": "1"})
	w.Send(t, v, instance, 1, first)
	w.Send(t, v, instance, 1, second)
	return sub, v
}

func conflictWorld(t *testing.T, d *db.DB) *st.World {
	t.Helper()
	w := st.New(t, d, 2)
	w.Plan(t)
	return w
}

func record(t *testing.T, w *st.World, sub string) (submission.Record, []submission.Revision, string) {
	t.Helper()
	var rec submission.Record
	var revs []submission.Revision
	var xml []byte
	err := w.D.View(t.Context(), func(tx *db.Tx) (err error) {
		if rec, err = submission.GetTx(t.Context(), tx, w.Office, sub); err != nil {
			return err
		}
		if revs, err = submission.RevisionsTx(t.Context(), tx, rec.County, sub); err != nil {
			return err
		}
		xml, err = submission.BodyTx(t.Context(), tx, rec.County, sub, rec.Revision)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rec, revs, string(xml)
}

func conflicts(t *testing.T, w *st.World, sub string) []submission.Conflict {
	t.Helper()
	cs, err := w.Subs.Conflicts(t.Context(), w.Supervisor, sub)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

func TestEditsOfDifferentQuestionsArePutTogetherWithAMark(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		sub, _ := edits(t, w, map[string]string{"size": "4"}, map[string]string{"size": "3", "q2": "2"})
		rec, revs, xml := record(t, w, sub)
		if rec.State != submission.StateReview || rec.Revision != 4 || rec.Reason != "" || len(revs) != 4 || revs[3].Via != submission.ViaMerge || revs[3].Base != 2 {
			t.Fatalf("record %+v, revisions %+v", rec, revs)
		}
		for _, want := range []string{"<size>4</size>", "<q2>2</q2>"} {
			if !strings.Contains(xml, want) {
				t.Errorf("the merged form lacks %s: %s", want, xml)
			}
		}
		cs := conflicts(t, w, sub)
		if len(cs) != 1 || cs[0].State != submission.ConflictMerged || cs[0].Result != 4 || cs[0].N != 3 || len(cs[0].Overlaps) != 0 || len(cs[0].Taken) == 0 {
			t.Errorf("conflicts: %+v", cs)
		}
		if err := w.Bus.Drain(t.Context()); err != nil { // and nothing more happens
			t.Fatal(err)
		}
		if again, _, _ := record(t, w, sub); again.Revision != 4 {
			t.Errorf("merged once more: %+v", again)
		}
	})
}

func TestEditsOfTheSameQuestionAreForASupervisor(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		ctx := t.Context()
		sub, _ := edits(t, w, map[string]string{"size": "4"}, map[string]string{"size": "5", "q2": "2"})
		rec, _, _ := record(t, w, sub)
		if rec.Revision != 2 || rec.State != submission.StateReview {
			t.Fatalf("what stands: %+v", rec)
		}
		cs := conflicts(t, w, sub)
		if len(cs) != 1 || cs[0].State != submission.ConflictOpen || len(cs[0].Overlaps) != 1 {
			t.Fatalf("conflicts: %+v", cs)
		}
		if o := cs[0].Overlaps[0]; o.Base != "3" || o.Current != "4" || o.Other != "5" || o.Label != "人口" {
			t.Errorf("three versions: %+v", o)
		}
		if len(cs[0].Taken) != 1 || cs[0].Taken[0].Other != "否" {
			t.Errorf("changed by the second alone: %+v", cs[0].Taken)
		}
		settle := func(who authz.Actor, n int, take bool, note string) error {
			_, err := w.Subs.Settle(ctx, who, sub, n, take, note)
			return err
		}
		for code, err := range map[string]error{
			"authz.forbidden":        settle(w.Inspector, 3, true, "x"),
			"submission.no_conflict": settle(w.Supervisor, 9, true, "x"),
			"submission.note":        settle(w.Supervisor, 3, true, " "),
		} {
			if errs.CodeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		if err := settle(w.Supervisor, 3, true, "户主确认五人"); err != nil {
			t.Fatal(err)
		}
		if err := w.Bus.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		rec, revs, xml := record(t, w, sub)
		if rec.Revision != 4 || rec.State != submission.StateReview || revs[3].Digest != revs[2].Digest || revs[3].Via != submission.ViaChosen || !strings.Contains(xml, "<size>5</size>") {
			t.Errorf("after taking it: %+v %+v", rec, revs[3])
		}
		if err := settle(w.Supervisor, 3, false, ""); errs.CodeOf(err) != "submission.conflict_settled" {
			t.Errorf("settled twice: %v", err)
		}
		entries, _, err := audit.NewService(d).List(context.Background(), w.County, audit.Filter{Object: "submission", ObjectID: sub})
		if err != nil || len(entries) == 0 {
			t.Errorf("audit: %+v %v", entries, err)
		}
	})
}

func TestAConflictMayBeLeftAsItStands(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		sub, _ := edits(t, w, map[string]string{"size": "4"}, map[string]string{"size": "5"})
		cs, err := w.Subs.Settle(t.Context(), w.Supervisor, sub, 3, false, "")
		if err != nil || cs[0].State != submission.ConflictKept || cs[0].Result != 0 || cs[0].DecidedBy != w.Supervisor.ID {
			t.Errorf("%+v %v", cs, err)
		}
		if rec, revs, _ := record(t, w, sub); rec.Revision != 2 || len(revs) != 3 {
			t.Errorf("what stands: %+v", rec)
		}
	})
}

func TestAnEditOfAVersionThatNeverWasIsLeftToPeople(t *testing.T) {
	t.Parallel()
	w := conflictWorld(t, dbtest.SQLite(t, db.Options{}))
	v, instance := w.Visits[0], id.New()
	sub := w.Send(t, v, instance, 0, nil)
	w.Send(t, v, instance, 7, map[string]string{"size": "5"})
	cs := conflicts(t, w, sub)
	if len(cs) != 1 || cs[0].State != submission.ConflictOpen || len(cs[0].Overlaps) != 0 {
		t.Errorf("%+v", cs)
	}
}
