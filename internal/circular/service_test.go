package circular_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/circular"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/ledger"
	"ruhu/internal/progress"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
)

type world struct {
	*st.World
	clock     *dbtest.Clock
	circulars *circular.Service
	reviews   *review.Service
	leader    authz.Actor
	heard     []circular.Notice
	taken     []circular.Notice
}

var zone = time.FixedZone("", 8*3600)

// on runs fn on both databases, each with a clock of its own that stands at nine on the campaign's first day, a Monday.
func on(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	onBook(t, st.Book(), fn)
}

func onBook(t *testing.T, book string, fn func(t *testing.T, w *world)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{clock: dbtest.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, zone))}
			d := open(t, db.Options{Clock: w.clock.Now})
			w.World = st.NewBy(t, d, 6, book)
			counts := progress.NewService(d, w.Bus)
			counts.Listen()
			w.circulars = circular.NewService(d, w.Bus)
			w.circulars.Listen()
			w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, signature.NewService(d, w.Surveys, w.Accounts))
			ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil).Listen()
			hear := func(into *[]circular.Notice) job.Inside {
				return func(_ context.Context, _ *db.Tx, events []job.Event) error {
					for _, ev := range events {
						n, err := job.Decode[circular.Notice](ev)
						if err != nil {
							return err
						}
						*into = append(*into, n)
					}
					return nil
				}
			}
			w.Bus.Inside(circular.EventIssued, hear(&w.heard))
			w.Bus.Inside(circular.EventWithdrawn, hear(&w.taken))
			w.leader = surveytest.Actor(authz.TownshipLeader, surveytest.Township)
			w.Plan(t)
			if _, err := w.Surveys.SetStage(t.Context(), w.Office, w.Campaign.ID, "visits"); err != nil {
				t.Fatal(err)
			}
			fn(t, w)
		})
	}
}

// at moves the clock to a time of a day of March.
func (w *world) at(day, hour, minute int) {
	w.clock.Advance(time.Date(2026, 3, day, hour, minute, 0, 0, zone).Sub(w.clock.Now()))
}

func (w *world) sweep(t *testing.T) {
	t.Helper()
	if err := w.circulars.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) list(t *testing.T, actor authz.Actor) []circular.Head {
	t.Helper()
	l, err := w.circulars.List(t.Context(), actor, w.Campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	return l.Items
}

func (w *world) get(t *testing.T, id string) circular.Circular {
	t.Helper()
	c, err := w.circulars.Get(t.Context(), w.Office, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// publish approves and issues the newest circular.
func (w *world) publish(t *testing.T) circular.Circular {
	t.Helper()
	h := w.list(t, w.Office)[0]
	if _, err := w.circulars.Approve(t.Context(), w.leader, h.ID, h.Digest); err != nil {
		t.Fatalf("approve: %v", err)
	}
	c, err := w.circulars.Issue(t.Context(), w.Office, h.ID, h.Digest)
	if err != nil {
		t.Fatalf("issue: %v", err)
	}
	return c
}

func (w *world) send(t *testing.T, visit int) { w.Send(t, w.Visits[visit], id.New(), 0, nil) }

func want(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// Visits 0 to 2 are in the first village, 3 to 5 in the second.
func TestFiguresAreThoseOfTheCutoffWheneverTheyAreComputed(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		w.at(6, 18, 0) // a Friday
		w.send(t, 0)
		w.at(6, 18, 1)
		w.send(t, 3) // late
		w.sweep(t)
		if got := w.list(t, w.Office); len(got) != 0 {
			t.Fatalf("computed before the cut-off is over: %+v", got)
		}
		w.at(6, 18, 2)
		w.sweep(t)
		first := w.get(t, w.list(t, w.Office)[0].ID)
		if first.Period != (circular.Period{From: "2026-03-02", To: "2026-03-06"}) || first.State != circular.Computed || first.Number != 0 || first.ComputedBy != "系统" {
			t.Errorf("%+v", first.Head)
		}
		one, two := first.Content.Villages[0], first.Content.Villages[1]
		if one.Name != surveytest.VillageName(1) || one.Share != (circular.Share{N: 1, Of: 3}) || one.Rank != 1 || one.Last {
			t.Errorf("first: %+v", one)
		}
		if two.Share != (circular.Share{N: 0, Of: 3}) || two.Rank != 2 || !two.Last || two.Run != 1 || len(two.Consequences) != 0 {
			t.Errorf("second: %+v", two)
		}
		w.sweep(t) // nothing more is due
		w.at(9, 10, 0)
		w.send(t, 1)
		w.send(t, 4)
		if _, err := w.circulars.Withdraw(t.Context(), w.Office, first.ID, "重新计算"); err != nil {
			t.Fatal(err)
		}
		w.sweep(t)
		if got := w.list(t, w.Office); len(got) != 1 || got[0].State != circular.Withdrawn || len(w.list(t, w.Village)) != 0 {
			t.Fatalf("what a person took back comes again by itself, or is shown to a village: %+v", got)
		}
		again, err := w.circulars.Compute(t.Context(), w.Office, w.Campaign.ID, id.New(), "weekly", "2026-03-06")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first.Content, again.Content); d != "" || again.Digest != first.Digest {
			t.Errorf("computed days later it says something else: %s", d)
		}
		w.at(13, 18, 5)
		w.sweep(t)
		next := w.get(t, w.list(t, w.Office)[0].ID)
		if next.Period.To != "2026-03-13" {
			t.Fatalf("%+v", next.Head)
		}
		for _, v := range next.Content.Villages {
			fresh := map[string]int{surveytest.VillageName(1): 1, surveytest.VillageName(2): 2}[v.Name] // the late one counts here
			if v.Figures.Submitted != 2 || v.Figures.SubmittedNew != fresh || v.Rank != 1 || v.Last {
				t.Errorf("next: %+v", v)
			}
		}
	})
}

func TestTheLeaderApprovesAndTheOfficeIssues(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		w.send(t, 0)
		w.at(6, 18, 2)
		w.sweep(t)
		ctx, h := t.Context(), w.list(t, w.Office)[0]
		for _, actor := range []authz.Actor{w.Village, w.Supervisor, w.Inspector} {
			if len(w.list(t, actor)) != 0 {
				t.Errorf("%s sees a draft", actor.Role)
			}
			_, err := w.circulars.Get(ctx, actor, h.ID)
			want(t, err, "circular.not_found")
			_, err = w.circulars.Withdraw(ctx, actor, h.ID, "不行")
			want(t, err, "circular.not_found")
		}
		_, err := w.circulars.Get(ctx, w.Other, h.ID)
		want(t, err, "circular.not_found")
		_, err = w.circulars.Get(ctx, w.Enumerator, h.ID)
		want(t, err, "authz.forbidden")
		_, err = w.circulars.Issue(ctx, w.Office, h.ID, h.Digest)
		want(t, err, "circular.wrong_state")
		_, err = w.circulars.Approve(ctx, w.Office, h.ID, h.Digest)
		want(t, err, "authz.forbidden")
		_, err = w.circulars.Approve(ctx, w.leader, h.ID, "other")
		want(t, err, "circular.digest")
		approved, err := w.circulars.Approve(ctx, w.leader, h.ID, h.Digest)
		if err != nil || approved.State != circular.Approved || approved.ApprovedBy != w.leader.Name {
			t.Fatalf("%+v %v", approved.Head, err)
		}
		if d := cmp.Diff([]string{"withdraw"}, approved.May); d != "" {
			t.Errorf("the leader may %s", d)
		}
		_, err = w.circulars.Approve(ctx, w.leader, h.ID, h.Digest)
		want(t, err, "circular.wrong_state")
		_, err = w.circulars.Issue(ctx, w.leader, h.ID, h.Digest)
		want(t, err, "authz.forbidden")
		turncoat := w.Office
		turncoat.ID = w.leader.ID // the same person with another role
		_, err = w.circulars.Issue(ctx, turncoat, h.ID, h.Digest)
		want(t, err, "circular.same_person")
		issued, err := w.circulars.Issue(ctx, w.Office, h.ID, h.Digest)
		if err != nil || issued.State != circular.Issued || issued.Number != 1 || issued.Digest != h.Digest {
			t.Fatalf("%+v %v", issued.Head, err)
		}
		if got := w.list(t, w.Village); len(got) != 1 || got[0].Number != 1 {
			t.Errorf("the village sees %+v", got)
		}
		whole, err := w.circulars.Get(ctx, w.Village, h.ID)
		if err != nil || len(whole.May) != 0 || len(whole.Content.Villages) != 2 {
			t.Errorf("%+v %v", whole, err)
		}
		if len(w.heard) != 1 || w.heard[0].Number != 1 || w.heard[0].Digest != h.Digest {
			t.Errorf("heard %+v", w.heard)
		}
		_, err = w.circulars.Withdraw(ctx, w.leader, h.ID, "有误")
		want(t, err, "authz.forbidden") // once it is issued it is the office's
		_, err = w.circulars.Withdraw(ctx, w.Office, h.ID, "  ")
		want(t, err, "circular.reason")
	})
}

func TestThreeIssuedLastPlacesCostPointsAndAWithdrawnOneDoesNotCount(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.send(t, 0)
		last := func(c circular.Circular) circular.Row { return c.Content.Villages[len(c.Content.Villages)-1] }
		w.at(6, 18, 2)
		w.sweep(t)
		one := w.publish(t)
		w.at(13, 18, 2)
		w.sweep(t)
		two := w.publish(t)
		if v := last(two); v.Run != 2 || len(v.Consequences) != 1 || v.Consequences[0].Code != "named" {
			t.Errorf("second: %+v", v)
		}
		w.at(20, 18, 2)
		w.sweep(t)
		three := w.publish(t)
		if three.Number != 3 {
			t.Errorf("number %d", three.Number)
		}
		due := []circular.Consequence{{Village: surveytest.VillageCode(surveytest.Township, 2), Run: 3, Code: "talk", Title: last(three).Consequences[0].Title, Points: "3"}}
		if d := cmp.Diff(due, w.heard[2].Consequences); d != "" {
			t.Error(d)
		}
		_, err := w.circulars.Withdraw(ctx, w.Office, two.ID, "有误")
		want(t, err, "circular.order") // the third rests on it
		if _, err = w.circulars.Withdraw(ctx, w.Office, three.ID, "有误"); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(due, w.taken[0].Consequences); d != "" || w.taken[0].Circular != three.ID {
			t.Errorf("%+v %s", w.taken, d)
		}
		gone, err := w.circulars.Withdraw(ctx, w.Office, two.ID, "有误")
		if err != nil || gone.Number != 2 || gone.State != circular.Withdrawn || gone.Reason != "有误" {
			t.Fatalf("%+v %v", gone.Head, err)
		}
		// The third period anew: only the first still counts.
		if _, err := w.circulars.Compute(ctx, w.Office, w.Campaign.ID, id.New(), "weekly", "2026-03-20"); err != nil {
			t.Fatal(err)
		}
		anew := w.publish(t)
		if v := last(anew); anew.Number != 4 || v.Run != 2 || v.Consequences[0].Code != "named" {
			t.Errorf("%d %+v", anew.Number, v)
		}
		// An earlier period can't be issued after a later one.
		late, err := w.circulars.Compute(ctx, w.Office, w.Campaign.ID, id.New(), "weekly", "2026-03-13")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.circulars.Approve(ctx, w.leader, late.ID, late.Digest); err != nil {
			t.Fatal(err)
		}
		_, err = w.circulars.Issue(ctx, w.Office, late.ID, late.Digest)
		want(t, err, "circular.order")
		if v := w.get(t, one.ID); v.State != circular.Issued || v.Digest != one.Digest {
			t.Errorf("the first has changed: %+v", v.Head)
		}
	})
}

func TestWhatWasApprovedIsIssuedOrNothing(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.send(t, 0)
		w.at(6, 18, 2)
		w.sweep(t)
		one := w.publish(t)
		w.at(13, 18, 2)
		w.sweep(t)
		h := w.list(t, w.Office)[0]
		if _, err := w.circulars.Approve(ctx, w.leader, h.ID, h.Digest); err != nil {
			t.Fatal(err)
		}
		if _, err := w.circulars.Withdraw(ctx, w.Office, one.ID, "有误"); err != nil {
			t.Fatal(err)
		}
		_, err := w.circulars.Issue(ctx, w.Office, h.ID, h.Digest)
		want(t, err, "circular.changed") // it names a village for two last places
		if _, err := w.circulars.Withdraw(ctx, w.leader, h.ID, "前一期已撤回"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.circulars.Compute(ctx, w.Office, w.Campaign.ID, id.New(), "weekly", "2026-03-13"); err != nil {
			t.Fatal(err)
		}
		if c := w.publish(t); c.Number != 2 || c.Content.Villages[1].Run != 1 {
			t.Errorf("%+v", c)
		}
	})
}

func TestOneCircularPerPeriodAndOnlyOfPeriodsThatAreOver(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		ctx, key := t.Context(), id.New()
		w.send(t, 0)
		put := func(actor authz.Actor, key, series string, to db.Date) error {
			_, err := w.circulars.Compute(ctx, actor, w.Campaign.ID, key, series, to)
			return err
		}
		want(t, put(w.Office, key, "weekly", "2026-03-06"), "circular.open")
		w.at(6, 18, 2)
		want(t, put(w.Office, key, "daily", "2026-03-06"), "circular.no_series")
		want(t, put(w.Office, key, "weekly", "2026-03-05"), "circular.no_period")
		want(t, put(w.leader, key, "weekly", "2026-03-06"), "authz.forbidden")
		want(t, put(w.Other, key, "weekly", "2026-03-06"), "survey.not_found")
		want(t, put(w.Office, key, "weekly", "2026-03-06"), "")
		want(t, put(w.Office, key, "weekly", "2026-03-06"), "") // sent again
		want(t, put(w.Office, id.New(), "weekly", "2026-03-06"), "circular.there_is")
		w.at(13, 18, 2)
		want(t, put(w.Office, key, "weekly", "2026-03-13"), "circular.there_is")
		w.sweep(t)
		w.sweep(t)
		if got := w.list(t, w.Office); len(got) != 2 {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheDailyReturn(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) { // of three visits per village, planned for 2, 3, 4 and 5, 6, 2 March
		ctx := t.Context()
		w.at(2, 17, 0)
		w.send(t, 0)
		w.at(2, 20, 0) // belongs to the third
		w.send(t, 5)
		day, err := w.circulars.Daily(ctx, w.Office, w.Campaign.ID, "2026-03-02")
		if err != nil || !day.Over || day.Cutoff != "18:00" {
			t.Fatalf("%+v %v", day, err)
		}
		row := func(n, planned, handed, behind, total int) circular.DailyRow {
			return circular.DailyRow{Village: surveytest.VillageCode(surveytest.Township, n), Name: surveytest.VillageName(n), Planned: planned, Handed: handed, Behind: behind, Total: total, Of: 3}
		}
		if d := cmp.Diff([]circular.DailyRow{row(1, 1, 1, 0, 1), row(2, 1, 0, 1, 0)}, day.Items); d != "" {
			t.Error(d)
		}
		now, err := w.circulars.Daily(ctx, w.Village, w.Campaign.ID, "")
		if err != nil || now.Day != "2026-03-03" || now.Over {
			t.Fatalf("%+v %v", now, err)
		}
		if d := cmp.Diff([]circular.DailyRow{row(1, 1, 0, 1, 1)}, now.Items); d != "" {
			t.Errorf("the village: %s", d)
		}
		_, err = w.circulars.Daily(ctx, w.Office, w.Campaign.ID, "yesterday")
		want(t, err, "circular.day")
	})
}

func TestDaysAddUpToWhatIsCounted(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		sub := w.Send(t, w.Visits[0], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1", "q2": "2"}) // two problems
		w.at(4, 12, 0)
		for _, actor := range []authz.Actor{w.Supervisor, w.Office} {
			if _, err := w.reviews.Decide(ctx, actor, sub, review.Decision{ID: id.New(), Action: review.Approve, Revision: 1}, "zh"); err != nil {
				t.Fatal(err)
			}
		}
		w.send(t, 4)
		diffs, err := w.circulars.Recount(ctx, w.Office.County)
		if err != nil || len(diffs) != 0 {
			t.Errorf("%v %v", diffs, err)
		}
		err = w.D.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE circular_count SET n = n + 1 WHERE what = 'accepted'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		diffs, err = w.circulars.Recount(ctx, w.Office.County)
		if err != nil || len(diffs) != 1 || diffs[0].What != "accepted" || diffs[0].Days != 2 || diffs[0].Counted != 1 {
			t.Errorf("%v %v", diffs, err)
		}
	})
}
