package submission_test

import (
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

// sizeBelow makes the person count of the test's form an error from six on.
var sizeBelow = []string{". > 0", ". > 0 and . < 6"}

func TestWhatWasFilledInWithAnOlderVersionIsJudgedByIt(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := st.New(t, d, 2)
		w.Plan(t)
		old := w.Publish(t, "2", sizeBelow...)
		now := w.Form
		for i, f := range []struct {
			hash   string
			errors int
		}{{old.Hash, 0}, {now.Hash, 1}} {
			if w.Form = old; i == 1 {
				w.Form = now
			}
			sub := w.Send(t, w.Visits[i], id.New(), 0, map[string]string{"size": "7"})
			rec, _, _ := record(t, w, sub)
			if rec.State != submission.StateReview || rec.Form != f.hash || rec.Errors != f.errors || rec.Assignment != w.Visits[i].ID {
				t.Errorf("version %d: %s of form %s with %d errors, reason %q", i+1, rec.State, rec.Form, rec.Errors, rec.Reason)
			}
			var as map[string]assign.Assignment
			err := d.View(t.Context(), func(tx *db.Tx) (err error) {
				as, err = assign.ByIDsTx(t.Context(), tx, rec.County, []string{rec.Assignment})
				return err
			})
			if err != nil || as[rec.Assignment].FormHash != f.hash {
				t.Errorf("version %d: the visit names form %s (%v)", i+1, as[rec.Assignment].FormHash, err)
			}
		}
	})
}

func TestTwoEditsOfTwoVersionsAreForASupervisor(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := conflictWorld(t, d)
		v, instance := w.Visits[0], id.New()
		sub := w.Send(t, v, instance, 0, map[string]string{"size": "3"})
		w.Send(t, v, instance, 1, map[string]string{"size": "4"})
		w.Publish(t, "2", sizeBelow...)
		w.Send(t, v, instance, 1, map[string]string{"size": "7"})
		cs := conflicts(t, w, sub)
		if len(cs) != 1 || cs[0].State != submission.ConflictOpen || len(cs[0].Overlaps)+len(cs[0].Taken) != 0 {
			t.Fatalf("conflicts: %+v", cs)
		}
		if _, err := w.Subs.Settle(t.Context(), w.Supervisor, sub, 3, true, "七人"); err != nil {
			t.Fatal(err)
		}
		if err := w.Bus.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rec, _, _ := record(t, w, sub); rec.Revision != 4 || rec.Form != w.Form.Hash || rec.Errors != 1 {
			t.Errorf("the form that was taken: revision %d of form %s with %d errors", rec.Revision, rec.Form, rec.Errors)
		}
	})
}
