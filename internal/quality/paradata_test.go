package quality_test

import (
	"testing"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/quality"
	"ruhu/internal/submission"
)

func TestTheTimeOfAnInterviewIsWhatThePhoneMeasured(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		ctx := t.Context()
		instance, sub := id.New(), ""
		send := func(base int, answers map[string]string, openings ...xform.Opening) {
			s, err := w.Form.X.NewSession(xform.Env{Instance: w.Fill(t, w.Visits[0], instance, answers)})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range openings {
				if err := s.SetOpening(o); err != nil {
					t.Fatal(err)
				}
			}
			for _, err := range []error{s.SetMoves(9), s.SetTiming(xform.Timing{Ref: "/data/size", MS: 4_000, Edits: 1})} {
				if err != nil {
					t.Fatal(err)
				}
			}
			body, err := s.XML()
			if err != nil {
				t.Fatal(err)
			}
			r, err := w.Subs.Receive(ctx, w.Enumerator, submission.Arrival{Assignment: w.Visits[0].ID, Form: w.Form.Hash, Base: base, Body: body})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Bus.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			sub = submission.ID(r.InstanceID)
		}
		read := func() (f quality.Fact, state submission.State) {
			var data db.JSON[quality.Fact]
			err := w.D.View(ctx, func(tx *db.Tx) error {
				if err := tx.QueryRow(ctx, `SELECT state FROM submission WHERE county = $1 AND id = $2`, w.Office.County, sub).Scan(&state); err != nil {
					return err
				}
				return tx.QueryRow(ctx, `SELECT data FROM quality_fact WHERE county = $1 AND submission = $2`, w.Office.County, sub).Scan(&data)
			})
			if err != nil {
				t.Fatal(err)
			}
			return data.V, state
		}
		morning := xform.Opening{From: "2026-03-02T09:00:00+08:00", To: "2026-03-02T12:00:00+08:00", MS: 600_000}
		noon := xform.Opening{From: "2026-03-02T12:30:00+08:00", To: "2026-03-02T12:35:00+08:00", MS: 300_000, Ahead: -600_000}
		send(0, nil, morning, noon)
		f, state := read()
		if state == submission.StateQuarantined || f.Active != 900_000 || f.Ahead != -600_000 {
			t.Errorf("state %s, %d ms", state, f.Active)
		}
		clock.Advance(26 * time.Hour)
		again := xform.Opening{From: "2026-03-03T09:00:00+08:00", To: "2026-03-03T09:05:00+08:00", MS: 300_000}
		send(1, map[string]string{"size": "5"}, morning, noon, again)
		if f, _ := read(); f.Revision != 2 || f.Active != 900_000 {
			t.Errorf("a corrected form: revision %d, %d ms", f.Revision, f.Active)
		}
	})
}
