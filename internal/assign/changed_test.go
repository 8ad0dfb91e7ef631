package assign_test

import (
	"context"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/survey/surveytest"
)

const oneStage = `sampling:
  design: one_stage
  groups:
    - {code: all, title: {zh: 全部乡镇, en: All}, households: 6, townships: 1}
  quotas:
    - {code: all, title: {zh: 全部, en: All}, classes: [exited, poor, marginal]}
  shortfall_order: [all]
`

// sampled is a campaign of one township with a sample of six of its twelve households, one team, and a plan for all of them.
func sampled(t *testing.T, d *db.DB) (*world, *sampling.Service, sampling.Draw) {
	t.Helper()
	w := &world{World: surveytest.NewWith(t, d, 4, oneStage), seen: map[string]int{}}
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	samplings := sampling.NewService(d, w.Bus, w.Surveys, blobs)
	w.serve(t, d)
	w.people(t, "c", "t1")
	w.load(t, 0, 6, 6)
	w.form(t)
	err = samplings.PutPlaces(context.Background(), w.Office, w.Campaign.ID, []sampling.Place{{Code: surveytest.Township, Value: "all"}})
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	draw := drawn(t, w, samplings, "7", "")
	w.plan(t)
	if n := len(w.all(t)); n != 6 {
		t.Fatalf("%d visits of a sample of 6", n)
	}
	return w, samplings, draw
}

func drawn(t *testing.T, w *world, s *sampling.Service, seed, reason string) sampling.Draw {
	t.Helper()
	ctx := context.Background()
	d, err := s.Freeze(ctx, w.Office, w.Campaign.ID, id.New(), reason)
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	d, err = s.Seed(ctx, w.Office, d.ID, sampling.SeedInput{Seed: seed, Source: "公开摇号", Witnesses: "村民代表甲", FrameDigest: d.FrameDigest})
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	return d
}

func (w *world) by(t *testing.T, household string) (assign.Row, bool) {
	t.Helper()
	for _, a := range w.all(t) {
		if a.Household == household {
			return a, true
		}
	}
	return assign.Row{}, false
}

func (w *world) rest(t *testing.T) assign.Plan {
	t.Helper()
	p, err := w.assigns.MakePlan(context.Background(), w.Office, w.Campaign.ID, assign.PlanInput{Rest: true, Lang: "zh"})
	if err != nil || !p.Feasible {
		t.Fatalf("rest: %+v, %v", p.Reasons, err)
	}
	return p
}

func (w *world) unplanned(t *testing.T) (n int) {
	t.Helper()
	b, err := w.assigns.Board(context.Background(), w.Office, w.Campaign.ID, "zh")
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range b.Unplanned {
		n += u.Households
	}
	return n
}

func TestAReplacedHouseholdLeavesThePlanAndItsReplacementIsPlannedWithTheRest(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, samplings, draw := sampled(t, d)
		before := w.all(t)
		replace := func(a assign.Row) {
			t.Helper()
			if _, err := samplings.Replace(ctx, w.Office, draw.ID, a.Household, sampling.NotExisting, "查无此户，村里证明"); err != nil {
				t.Fatal(errs.MessageOf(err, "en"))
			}
		}

		replace(before[0]) // nobody has begun: it is gone, and another one waits
		if _, there := w.by(t, before[0].Household); there || w.seen["open>"] != 1 || w.unplanned(t) != 1 {
			t.Errorf("still planned: %v, events %v, unplanned %d", there, w.seen, w.unplanned(t))
		}

		begun := before[1]
		if err := w.assigns.Begin(ctx, w.Office, begun.ID); err != nil {
			t.Fatal(err)
		}
		replace(begun) // a phone has something of it: the row stays, and counts nowhere
		if a, there := w.by(t, begun.Household); !there || a.State != assign.Replaced || a.ID != begun.ID || w.seen["open>replaced"] != 1 {
			t.Errorf("begun and replaced: %+v, %v", a.Assignment, w.seen)
		}

		handed := before[2]
		w.state(t, handed.ID, assign.Submitted)
		replace(handed)
		if a, _ := w.by(t, handed.Household); a.State != assign.Submitted {
			t.Errorf("handed in and replaced: %s", a.State)
		}

		if n := w.unplanned(t); n != 3 {
			t.Errorf("%d replacements wait, want 3", n)
		}
		w.rest(t)
		n := map[assign.State]int{}
		for _, a := range w.all(t) {
			n[a.State]++
			if i := index(before, a.Household); i >= 3 && (before[i].Team != a.Team || before[i].Date != a.Date || before[i].ID != a.ID) {
				t.Errorf("planning the rest has moved %+v", a.Assignment)
			}
		}
		if n[assign.Open] != 6 || n[assign.Submitted] != 1 || n[assign.Replaced] != 1 || w.unplanned(t) != 0 {
			t.Errorf("after planning the rest: %v, %d unplanned", n, w.unplanned(t))
		}
	})
}

func index(rows []assign.Row, household string) int {
	for i, a := range rows {
		if a.Household == household {
			return i
		}
	}
	return -1
}

func (w *world) state(t *testing.T, assignment string, to assign.State) {
	t.Helper()
	ctx := context.Background()
	err := w.D.Update(ctx, func(tx *db.Tx) error {
		return assign.SetStateTx(ctx, tx, w.Bus, []assign.Move{{County: surveytest.County.County(), ID: assignment, To: to}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestANewDrawChangesThePlanButNotWhatHasBegun(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, samplings, _ := sampled(t, d)
		before := w.all(t)
		if err := w.assigns.Begin(ctx, w.Office, before[0].ID); err != nil {
			t.Fatal(err)
		}
		w.state(t, before[1].ID, assign.Submitted)
		drawn(t, w, samplings, "another", "名单有误，重新抽取")
		out := 0
		for i, a := range before {
			now, there := w.by(t, a.Household)
			switch {
			case i < 2 && (!there || now.Team != a.Team || now.Date != a.Date):
				t.Errorf("begun or handed in, and lost: %+v", a.Assignment)
			case !there:
				out++
			}
		}
		if out == 0 || w.unplanned(t) == 0 {
			t.Fatalf("another draw of the same six? %d out, %d unplanned", out, w.unplanned(t))
		}
		w.rest(t)
		if n := w.unplanned(t); n != 0 {
			t.Errorf("%d households of the new draw have no visit", n)
		}
	})
}

func TestAStruckHouseholdLeavesThePlanAndBegunWorkIsKept(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "t1")
		w.load(t, 0, 4)
		w.form(t)
		w.plan(t)
		before := w.all(t)
		if err := w.assigns.Begin(ctx, w.Office, before[1].ID); err != nil {
			t.Fatal(err)
		}
		strike := func(household string) {
			t.Helper()
			err := d.Update(ctx, func(tx *db.Tx) error {
				f, err := roster.HouseholdTx(ctx, tx, surveytest.County.County(), household)
				if err != nil {
					return err
				}
				op := roster.Op{Kind: roster.Strike, Household: household, Version: f.Version, Struck: "moved"}
				_, err = w.rosters.ApplyTx(ctx, tx, w.Office, w.Campaign, op, roster.Why{Source: roster.SourceOffice, Reason: "整户迁出"})
				return err
			})
			if err != nil {
				t.Fatal(errs.MessageOf(err, "en"))
			}
		}
		strike(before[0].Household)
		strike(before[1].Household)
		if _, there := w.by(t, before[0].Household); there {
			t.Error("struck, and still planned")
		}
		if a, there := w.by(t, before[1].Household); !there || a.State != assign.Replaced {
			t.Errorf("struck after the work had begun: %+v", a.Assignment)
		}
		if n := w.unplanned(t); n != 0 {
			t.Errorf("%d struck households wait for a visit", n)
		}

		// Another village in a later file: begun work stays with its team, and nobody else is sent.
		if err := w.assigns.Begin(ctx, w.Office, before[3].ID); err != nil {
			t.Fatal(err)
		}
		w.load(t, 0, 3, 1)
		w.rest(t)
		if a, there := w.by(t, before[3].Household); !there || a.ID != before[3].ID || a.State != assign.Open || !a.Begun {
			t.Errorf("moved to another village after the work had begun: %+v", a.Assignment)
		}
	})
}
