package submission_test

import (
	"bytes"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/submission"
)

func TestAFormKeyedFromPaperIsMarkedUntilARevisionIsNot(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, u := w.assign(teamA), id.New()
		paper := bytes.Replace(instance(u, "1"), []byte("</meta>"), []byte("<capture>paper</capture></meta>"), 1)
		if !bytes.Contains(paper, []byte("capture")) {
			t.Fatal("the instance has no meta")
		}
		look := func() (submission.Record, []submission.Revision) {
			t.Helper()
			var rec submission.Record
			var revs []submission.Revision
			err := d.View(t.Context(), func(tx *db.Tx) error {
				rs, err := submission.ByAssignmentsTx(t.Context(), tx, county, []string{a})
				if err != nil {
					return err
				}
				rec = rs[a]
				revs, err = submission.RevisionsTx(t.Context(), tx, county, rec.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return rec, revs
		}
		w.send(t, submission.Arrival{Assignment: a, Form: "f1", Body: paper})
		if rec, revs := look(); rec.Capture != submission.CapturePaper || rec.Account != enumerator.ID || len(revs) != 1 || revs[0].Capture != submission.CapturePaper {
			t.Errorf("%+v %+v", rec, revs)
		}
		w.send(t, submission.Arrival{Assignment: a, Form: "f1", Base: 1, Body: instance(u, "2")})
		if rec, revs := look(); rec.Capture != "" || len(revs) != 2 || revs[0].Capture != submission.CapturePaper || revs[1].Capture != "" {
			t.Errorf("%+v %+v", rec, revs)
		}
	})
}
