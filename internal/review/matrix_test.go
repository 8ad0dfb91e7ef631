package review_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/review"
)

func TestTheMatrixSaysWhereFormsWaitForHowLongAndWithWhom(t *testing.T) {
	t.Parallel()
	atClock(t, time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), func(t *testing.T, d *db.DB, clock *dbtest.Clock) { // a Monday
		w := newWorld(t, d, 8)
		send := func(i int) string { return w.Send(t, w.Visits[i], id.New(), 0, nil) }
		day := func(n int) { clock.Advance(time.Duration(n) * 24 * time.Hour) }
		old := send(0)
		send(4)
		day(4) // Friday
		back := send(1)
		w.must(t, w.Supervisor, back, review.Decision{Action: review.Return, Revision: 1, Note: "改"})
		send(5)
		day(3) // Monday
		w.must(t, w.Supervisor, old, review.Decision{Action: review.Approve, Revision: 1})
		day(8) // Tuesday of the week after
		rows := func(by string) []string {
			m, err := w.reviews.Waiting(t.Context(), w.Office, w.Campaign.ID, by)
			if err != nil {
				t.Fatal(err)
			}
			if !cmp.Equal(m.Ages, []int{1, 3, 7}) {
				t.Errorf("ages %v", m.Ages)
			}
			var out []string
			for _, r := range m.Rows {
				out = append(out, fmt.Sprintf("%s %s %s %v late %d", r.State, r.Level, r.Name, r.Counts, r.Late))
			}
			return out
		}
		want := []string{"returned   [0 0 1 0] late 0", "review first  [0 0 1 1] late 2", "review second  [0 0 1 0] late 1"}
		if diff := cmp.Diff(want, rows("")); diff != "" {
			t.Error(diff)
		}
		team := []string{"returned  一组 [0 0 1 0] late 0", "review first 一组 [0 0 1 1] late 2", "review second 一组 [0 0 1 0] late 1"}
		if diff := cmp.Diff(team, rows("team")); diff != "" {
			t.Error(diff)
		}
		if got := rows("village"); len(got) != 3 {
			t.Errorf("by village %v", got)
		}
		if _, err := w.reviews.Waiting(t.Context(), w.Office, w.Campaign.ID, "moon"); errs.CodeOf(err) != "review.by" {
			t.Error(err)
		}
		if _, err := w.reviews.Waiting(t.Context(), w.Other, w.Campaign.ID, ""); errs.CodeOf(err) != "survey.not_found" {
			t.Error(err)
		}
	})
}

func TestManyFormsAreDecidedEachByItself(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 6)
		clean := w.Send(t, w.Visits[0], id.New(), 0, nil)
		wrong := w.Send(t, w.Visits[1], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1", "q2": "1"})
		stale := w.Send(t, w.Visits[2], id.New(), 0, nil)
		other := w.Send(t, w.Visits[3], id.New(), 0, nil)
		one := func(sub string, rev int) review.One { return review.One{ID: id.New(), Submission: sub, Revision: rev} }
		forms := []review.One{one(clean, 1), one(wrong, 1), one(stale, 2), one(id.New(), 1), one(other, 1)}
		many := func(m review.Many) ([]string, error) {
			out, err := w.reviews.DecideMany(t.Context(), w.Supervisor, w.Campaign.ID, m)
			var codes []string
			for _, o := range out {
				codes = append(codes, errs.CodeOf(o.Refused))
			}
			return codes, err
		}
		for range 2 { // sent again, each form keeps its verdict
			got, err := many(review.Many{Action: review.Approve, Forms: forms})
			want := []string{"", "review.errors", "review.stale", "submission.not_found", ""}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		}
		for sub, want := range map[string]string{clean: "second", wrong: "first", stale: "first", other: "second"} {
			if got, err := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh"); err != nil || got.Level != want {
				t.Errorf("%s, want %s, %v", got.Level, want, err)
			}
		}
		if got, err := many(review.Many{Action: review.Return, Forms: []review.One{one(stale, 1)}}); err != nil || got[0] != "review.nothing_said" {
			t.Errorf("returned without a word: %v, %v", got, err)
		}
		for code, m := range map[string]review.Many{
			"review.action": {Action: review.Reopen, Forms: forms}, "review.bulk": {Action: review.Approve},
			"id.malformed": {Action: review.Approve, Forms: []review.One{{ID: id.New(), Submission: "x"}}},
		} {
			if _, err := many(m); errs.CodeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
	})
}
