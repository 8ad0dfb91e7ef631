package review_test

import (
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/review"
)

func TestRevisionsOfTwoVersionsAreEachReadWithTheirOwn(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		instance := id.New()
		sub := w.Send(t, w.Visits[0], instance, 0, map[string]string{"q1": "2", "q1_1": "1"})
		w.must(t, w.Supervisor, sub, review.Decision{Action: review.Return, Revision: 1, Note: "改"})
		w.Publish(t, "2", "| q1_1 | 有什么隐患 |", "| harm | 有哪些隐患 |")
		w.Send(t, w.Visits[0], instance, 1, map[string]string{"size": "4", "q1": "2", "harm": "2"})
		got, err := w.reviews.Diff(t.Context(), w.Supervisor, sub, 1, 2, "zh")
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"人口": "3>4", "有哪些隐患": ">裂缝", "有什么隐患": "漏雨>"}
		for _, c := range got {
			if want[c.Label] != c.From+">"+c.To {
				t.Errorf("%s: %s > %s", c.Label, c.From, c.To)
			}
			delete(want, c.Label)
		}
		if len(want) > 0 {
			t.Errorf("not told: %v", want)
		}
		if det, err := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh"); err != nil || len(det.Sections) == 0 {
			t.Errorf("%+v, %v", det.Sections, err)
		}
	})
}
