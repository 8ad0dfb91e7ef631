package sim_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/playbook"
	"ruhu/internal/sim"
	"ruhu/playbooks"
)

// play plays a playbook against a server of its own and gives what came out and the truth.
func play(t *testing.T, pb *playbook.Playbook, o sim.Options) (sim.Summary, sim.Truth) {
	t.Helper()
	const password = "a-long-password-7"
	visits := pb.Stages[min(1, len(pb.Stages)-1)]
	clock := sim.NewClock(visits.From.AddDate(0, 0, -1).Add(time.Hour))
	c := app.Default(t.TempDir())
	c.AdminPassword, c.CountyName = password, sim.CountyName
	a, err := app.Open(context.Background(), c, app.Options{
		Clock: clock.Now, Cost: account.Cost{Time: 1, Memory: 64}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, ln, nil) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	o.Base, o.Admin, o.Password, o.PIN = "http://"+ln.Addr().String(), account.FirstAccount, password, "246810"
	o.Playbook, o.Playbooks, o.Clock, o.Zone, o.Truth = pb.ID, playbooks.FS, clock, pb.Location(), t.TempDir()
	sum, err := sim.Play(ctx, o)
	if err != nil {
		t.Fatalf("play: %v", err)
	}
	raw, err := os.ReadFile(filepath.Join(o.Truth, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth sim.Truth
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	return sum, truth
}

// books loads the playbooks that come with the program, those with a design of sampling or those without.
func books(t *testing.T, sampled bool) []*playbook.Playbook {
	t.Helper()
	lib := playbook.NewLibrary(playbooks.FS)
	ids, err := lib.IDs()
	if err != nil {
		t.Fatal(err)
	}
	var out []*playbook.Playbook
	for _, id := range ids {
		pb, err := lib.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		if pb.Sampling.Sampled() == sampled {
			out = append(out, pb)
		}
	}
	if len(out) == 0 {
		t.Fatal("no such playbook")
	}
	return out
}

// S2.8, played through the API: as many villages as the groups come to, in each the quotas in full and every household that is always
// visited; the plan has exactly these households, and no team where one of
// its members lives, works or answers for something.
func TestASampledSurveyVisitsExactlyTheDrawnHouseholds(t *testing.T) {
	dbtest.NotUnderRace(t)
	t.Parallel()
	for _, pb := range books(t, true) {
		villages, quota := 0, 0
		for _, g := range pb.Sampling.Groups {
			villages += g.Villages * g.Townships
		}
		for _, q := range pb.Sampling.Quotas {
			quota += q.Households
		}
		sum, truth := play(t, pb, sim.Options{Seed: 2, Villages: 35, Households: 840})
		checkScores(t, pb, sum, truth)
		s := sum.Sample
		if s == nil || len(s.Villages) != villages || !s.Verified {
			t.Fatalf("%s: sample %+v, want %d villages, verified", pb.ID, s, villages)
		}
		always := 0
		for _, v := range s.Villages {
			always += v.Certainty
			if v.Quota != quota || v.Certainty != v.Have {
				t.Errorf("%s: village %s has %d of %d households and %d of %d that are always visited", pb.ID, v.Code, v.Quota, quota, v.Certainty, v.Have)
			}
		}
		if always == 0 || s.Households != villages*quota+always {
			t.Errorf("%s: %d households, %d of them always visited", pb.ID, s.Households, always)
		}
		if p := sum.Plan; p == nil || p.Visits != s.Households || p.Forbidden+p.Outside+p.Left > 0 || p.Villages > max(pb.Team.VillagesPerDay, 1) {
			t.Errorf("%s: plan %+v for %d households", pb.ID, p, s.Households)
		}
	}
}

func TestACensusVisitsEverybodyAndNobodyAtHome(t *testing.T) {
	dbtest.NotUnderRace(t)
	t.Parallel()
	for _, pb := range books(t, false) {
		sum, truth := play(t, pb, sim.Options{Seed: 2, Households: 200})
		checkScores(t, pb, sum, truth)
		households := sum.Households
		if l := sum.Listing; pb.Listing.Asked() {
			if l == nil || l.Frozen != l.Villages || l.Digest == "" || l.Struck == 0 || l.Split == 0 || l.Added == 0 || l.Corrected == 0 {
				t.Fatalf("%s: listing %+v", pb.ID, l)
			}
			households += l.Added + l.Split - l.Struck
		}
		if p := sum.Plan; sum.Sample != nil || p == nil || p.Visits != households || p.Forbidden > 0 || p.Busiest > pb.Team.HouseholdsPerDay {
			t.Errorf("%s: plan %+v for %d households", pb.ID, p, households)
		}
	}
}

// The bounds that docs/simulation.md publishes. A kind with few planted may miss one.
func checkScores(t *testing.T, pb *playbook.Playbook, sum sim.Summary, truth sim.Truth) {
	t.Helper()
	if len(pb.Registers) > 0 && len(sum.Scores) == 0 {
		t.Fatalf("%s: nothing was scored", pb.ID)
	}
	scored := map[string]int{}
	for _, s := range sum.Scores {
		scored[s.Kind] += s.Planted
		recall, precision := 0., 0.
		few := 1 // of the planted may be missed
		switch {
		case s.Stage == "auto" && s.Kind == "all":
			recall, precision = .97, .999
		case s.Stage == "auto":
			recall, precision, few = .8, .99, 2
			if s.Kind == "id_missing" { // wait for the clerk, because only the name speaks for them
				recall = 0
			}
		case s.Stage == "clerk":
			recall, precision = .99, .999
		case s.Stage == "compare" && s.Kind == "figures":
			precision, few = .9, 0
		case s.Stage == "compare":
			recall = .95
		case s.Stage == "suspect":
			recall, precision = .95, .95
		default:
			t.Errorf("no bound for %+v", s)
		}
		if s.Recall != nil && *s.Recall < recall && s.Planted-s.Found > few {
			t.Errorf("%s: recall %.3f below %.3f: %+v", pb.ID, *s.Recall, recall, s)
		}
		if s.Precision != nil && *s.Precision < precision && s.Flagged-s.Right > 1 {
			t.Errorf("%s: precision %.3f below %.3f: %+v", pb.ID, *s.Precision, precision, s)
		}
	}
	// What no row of a list can show is scored by the suspects; everything else that was planted must have been looked for.
	for _, f := range truth.Faults {
		if _, ok := scored[f.Kind]; !ok && f.Kind != "newborn_missing" && f.Kind != "absent" && f.Kind != "unknown_household" {
			t.Errorf("%s: %s was planted and not scored", pb.ID, f.Kind)
			scored[f.Kind] = 0
		}
	}
}
