package submission_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/submission"
)

func TestJudgingStoresWhatTheEngineSaysAndQuarantinesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.judge = func(src []byte, _ time.Time) (submission.Verdict, error) {
			switch {
			case bytes.Contains(src, []byte("<q>panic</q>")):
				panic("planted")
			case bytes.Contains(src, []byte("<q>unlike</q>")):
				return submission.Verdict{}, errors.New("another root")
			case bytes.Contains(src, []byte("<q>extra</q>")):
				return submission.Verdict{Findings: []submission.Finding{{Ref: "/data/x", Rule: "structure", Severity: "error"}}}, nil
			}
			return submission.Verdict{
				Findings: []submission.Finding{
					{Ref: "/data/q", Rule: "constraint", Severity: "error"},
					{Ref: "/data/q", Rule: "warning", Severity: "warning"},
					{Ref: "/data/p", Rule: "warning", Severity: "warning", Reason: "核实过"},
				},
				Problems: []string{"housing_unsafe"},
			}, nil
		}
		want := map[string]string{"fine": "review ", "panic": "quarantined submission.engine", "unlike": "quarantined submission.structure", "extra": "quarantined submission.structure"}
		uuids := map[string]string{}
		for answer := range want {
			uuids[answer] = id.New()
			w.send(t, submission.Arrival{Assignment: w.assign(teamA), Form: "f1", Body: instance(uuids[answer], answer)})
		}
		if err := w.bus.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		for answer, st := range want {
			if state, reason, _ := w.state(t, uuids[answer]); state+" "+reason != st {
				t.Errorf("%s: got %s %s, want %s", answer, state, reason, st)
			}
		}
		var e, warn, open int
		var problems string
		err := d.View(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT errors, warnings, unconfirmed, problems FROM submission_judgement WHERE county = $1 AND submission = $2`,
				county, uuids["fine"]).Scan(&e, &warn, &open, &problems)
		})
		var codes []string
		if json.Unmarshal([]byte(problems), &codes) != nil || err != nil || e != 1 || warn != 2 || open != 1 || len(codes) != 1 {
			t.Errorf("judgement: %d %d %d %s %v", e, warn, open, problems, err)
		}
	})
}

func TestAVerdictOnAnOldRevisionDoesNotMoveTheSubmission(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}))
	a, u := w.assign(teamA), id.New()
	w.send(t, submission.Arrival{Assignment: a, Form: "f1", Body: instance(u, "1")})
	w.send(t, submission.Arrival{Assignment: a, Form: "f1", Base: 1, Body: instance(u, "2")})
	if err := w.bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state, _, n := w.state(t, u); state != "review" || n != 2 {
		t.Errorf("got %s at revision %d", state, n)
	}
	var judged int
	err := w.d.View(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM submission_judgement WHERE county = $1 AND submission = $2`, county, u).Scan(&judged)
	})
	if err != nil || judged != 2 {
		t.Errorf("%d judgements (%v)", judged, err)
	}
}
