package progress_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
	"ruhu/internal/progress"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

type world struct {
	*st.World
	reviews *review.Service
	ledgers *ledger.Service
	counts  *progress.Service
}

func newWorld(t testing.TB, d *db.DB, visits int) world {
	t.Helper()
	w := world{World: st.New(t, d, visits)}
	w.counts = progress.NewService(d, w.Bus)
	w.counts.Listen()
	w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, signature.NewService(d, w.Surveys, w.Accounts))
	w.ledgers = ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil)
	w.ledgers.Listen()
	w.Plan(t)
	return w
}

func (w world) approve(t *testing.T, actor authz.Actor, sub string) {
	t.Helper()
	if _, err := w.reviews.Decide(t.Context(), actor, sub, review.Decision{ID: id.New(), Action: review.Approve, Revision: 1}, "zh"); err != nil {
		t.Fatal(err)
	}
}

func TestProgressByVillageTeamAndDay(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 6)
		unsafe := map[string]string{"q1": "2", "q1_1": "1", "q2": "2"}
		done := w.Send(t, w.Visits[0], id.New(), 0, unsafe)
		w.approve(t, w.Supervisor, done)
		w.approve(t, w.Office, done)
		back := w.Send(t, w.Visits[1], id.New(), 0, nil)
		if _, err := w.reviews.Decide(t.Context(), w.Supervisor, back, review.Decision{ID: id.New(), Action: review.Return, Revision: 1, Note: "重填"}, "zh"); err != nil {
			t.Fatal(err)
		}
		w.Send(t, w.Visits[5], id.New(), 0, nil)
		p, err := w.counts.Get(t.Context(), w.Office, w.Campaign.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		total := progress.Counts{Assigned: 6, Submitted: 3, Returned: 1, Accepted: 1, ProblemsOpen: 2}
		if p.Totals.ProblemsOverdue != p.Villages[0].ProblemsOverdue { // how many depends on the day this runs
			t.Errorf("overdue: %+v, of them %+v", p.Totals, p.Villages[0])
		}
		seen := p.Villages[0].Counts
		p.Totals.ProblemsOverdue = 0
		if d := cmp.Diff(total, p.Totals); d != "" {
			t.Error(d)
		}
		if len(p.Villages) != 2 || p.Villages[0].Assigned != 3 || p.Villages[0].Submitted != 2 || p.Villages[1].Submitted != 1 || p.Villages[0].Name == "" {
			t.Errorf("villages: %+v", p.Villages)
		}
		if len(p.Teams) != 1 || p.Teams[0].Name != "一组" || p.Teams[0].Accepted != 1 || p.Teams[0].ProblemsOpen != 2 {
			t.Errorf("teams: %+v", p.Teams)
		}
		if p.Days[0].Date != "2026-03-02" || p.Days[0].Assigned != 2 {
			t.Errorf("days: %+v", p.Days)
		}
		for by, want := range map[string][3]int{"village": {2, 0, 0}, "team": {0, 1, 0}, "day": {0, 0, len(p.Days)}} {
			part, err := w.counts.Get(t.Context(), w.Office, w.Campaign.ID, by)
			if got := [3]int{len(part.Villages), len(part.Teams), len(part.Days)}; err != nil || got != want || part.Totals.Assigned != 6 {
				t.Errorf("by %s: %v of %v, totals %+v, %v", by, got, want, part.Totals, err)
			}
			cells, err := w.counts.Get(t.Context(), w.Village, w.Campaign.ID, by)
			if err != nil || cells.Totals != seen || len(cells.Villages) != want[0]/2 || len(cells.Teams) != want[1] {
				t.Errorf("by %s for a village: %+v %v", by, cells, err)
			}
		}
		if _, err := w.counts.Get(t.Context(), w.Office, w.Campaign.ID, "month"); errs.CodeOf(err) != "progress.by" {
			t.Errorf("by month: %v", err)
		}
		mine, err := w.counts.Get(t.Context(), w.Village, w.Campaign.ID, "")
		if err != nil || len(mine.Villages) != 1 || mine.Totals.Assigned != 3 {
			t.Errorf("the village sees %+v %v", mine.Totals, err)
		}
		if d := cmp.Diff(seen, mine.Totals); d != "" {
			t.Errorf("a village's cells and its sums: %s", d)
		}
		if _, err := w.counts.Get(t.Context(), w.Other, w.Campaign.ID, ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township: %v", err)
		}
		if _, err := w.counts.Get(t.Context(), w.Enumerator, w.Campaign.ID, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an enumerator: %v", err)
		}
	})
}

func TestWatchersHearOfChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}), 2)
	changed, stop := w.counts.Watch(w.Office, w.Campaign.ID)
	defer stop()
	before, err := w.counts.Version(t.Context(), w.Office, w.Campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.Send(t, w.Visits[0], id.New(), 0, nil)
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	if after, err := w.counts.Version(t.Context(), w.Office, w.Campaign.ID); err != nil || after <= before {
		t.Errorf("version %d after %d (%v)", after, before, err)
	}
}

// TestCountersAgreeWithACountAfterAnyHistory plays random histories and counts after each.
func TestCountersAgreeWithACountAfterAnyHistory(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 6)
		h := &history{world: w, t: t, forms: map[int]string{}}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 6).Draw(rt, "steps") {
				h.step(rt)
			}
			diffs, err := w.counts.Recount(context.Background(), w.Office.County, false)
			if err != nil {
				rt.Fatal(err)
			}
			for _, d := range diffs {
				rt.Error(d)
			}
		})
		if h.done == 0 {
			t.Error("no step of any history was possible")
		}
	})
}

// history goes on from where the last one ended; what is not possible is refused, and must then change nothing.
type history struct {
	world
	t     *testing.T
	forms map[int]string // visit → instance
	done  int
}

func (h *history) step(rt *rapid.T) {
	ctx := context.Background()
	n := rapid.IntRange(0, len(h.Visits)-1).Draw(rt, "visit")
	if h.forms[n] == "" {
		h.forms[n] = id.New()
	}
	sub := submission.ID("uuid:" + h.forms[n])
	switch rapid.SampledFrom([]string{"send", "send", "approve", "approve", "return", "act", "act", "act"}).Draw(rt, "step") {
	case "send":
		answers := map[string]string{"size": fmt.Sprint(rapid.IntRange(1, 9).Draw(rt, "size"))}
		if rapid.Bool().Draw(rt, "unsafe") {
			answers["q1"], answers["q1_1"], answers["q2"] = "2", "1", "2"
		}
		h.Send(h.t, h.Visits[n], h.forms[n], h.revision(sub), answers)
		h.done++
	case "approve":
		h.decide(ctx, rt, sub, review.Approve)
	case "return":
		h.decide(ctx, rt, sub, review.Return)
	case "act":
		h.act(ctx, rt)
	}
}

func (h *history) revision(sub string) int {
	d, err := h.reviews.Get(context.Background(), h.Office, sub, "zh")
	if err != nil {
		return 0
	}
	return d.Revision
}

func (h *history) decide(ctx context.Context, rt *rapid.T, sub string, a review.Action) {
	who := rapid.SampledFrom([]authz.Actor{h.Supervisor, h.Office}).Draw(rt, "who")
	_, err := h.reviews.Decide(ctx, who, sub, review.Decision{ID: id.New(), Action: a, Revision: h.revision(sub), Note: "意见"}, "zh")
	h.note(rt, err)
}

func (h *history) act(ctx context.Context, rt *rapid.T) {
	p, err := h.ledgers.List(ctx, h.Office, h.Campaign.ID, ledger.Filter{})
	if err != nil {
		rt.Fatal(err)
	}
	if len(p.Items) == 0 {
		return
	}
	it := rapid.SampledFrom(p.Items).Draw(rt, "item")
	who := rapid.SampledFrom([]authz.Actor{h.Village, h.Supervisor, h.Office}).Draw(rt, "actor")
	may := it.May(who)
	if len(may) == 0 {
		return
	}
	a := rapid.SampledFrom(may).Draw(rt, "action")
	_, err = h.ledgers.Do(ctx, who, it.ID, ledger.Act{
		ID: id.New(), Action: a, Note: "说明", Cause: "原因", Measure: "措施", Person: "某人", Files: []blob.Digest{h.Photo(h.t, "p")},
	})
	h.note(rt, err)
}

// note accepts refusals, not failures.
func (h *history) note(rt *rapid.T, err error) {
	if err == nil {
		h.done++
	} else if errs.Is(err, errs.Internal) {
		rt.Fatal(err)
	}
}

func TestRecountFindsAndRepairsADifference(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE progress_cell SET n = n + 5 WHERE county = $1 AND day = '2026-03-02'`, w.Office.County)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		diffs, err := w.counts.Recount(t.Context(), w.Office.County, true)
		if err != nil || len(diffs) != 1 || diffs[0].Kept != diffs[0].Counted+5 {
			t.Fatalf("%v %v", diffs, err)
		}
		if diffs, err = w.counts.Recount(t.Context(), w.Office.County, false); err != nil || len(diffs) != 0 {
			t.Errorf("after the repair: %v %v", diffs, err)
		}
		err = d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE progress_sum SET assigned = assigned - 1 WHERE county = $1 AND axis = 'day' AND item = '2026-03-02'`, w.Office.County)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		diffs, err = w.counts.Recount(t.Context(), w.Office.County, false)
		if err != nil || len(diffs) != 1 || diffs[0].Kind != "sum by day" || diffs[0].Kept != diffs[0].Counted-1 {
			t.Errorf("a wrong sum: %v %v", diffs, err)
		}
	})
}
