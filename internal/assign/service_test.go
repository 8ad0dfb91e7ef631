package assign_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

// The playbook of surveytest: teams of two, three households a team and day, visits from 2026-03-11 to 2026-03-15.
type world struct {
	surveytest.World
	accounts *account.Service
	rosters  *roster.Service
	assigns  *assign.Service
	seen     map[string]int // assign.planned and assign.moved: "from>to" -> number
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{World: surveytest.New(t, d, 4), seen: map[string]int{}}
	w.serve(t, d)
	return w
}

func (w *world) serve(t *testing.T, d *db.DB) {
	t.Helper()
	w.accounts = account.New(d, account.Options{Cost: account.Cost{Time: 1, Memory: 64}})
	w.rosters = roster.NewService(d, w.Bus, w.Surveys)
	w.assigns = assign.NewService(d, w.Bus, w.Surveys, w.accounts, nil)
	for _, name := range []string{assign.EventPlanned, assign.EventMoved} {
		w.Bus.Inside(name, func(_ context.Context, _ *db.Tx, evs []job.Event) error {
			for _, ev := range evs {
				m, err := job.Decode[assign.Moved](ev)
				if err != nil {
					return err
				}
				if m.Campaign != w.Campaign.ID || m.Team == "" || m.Day == "" || m.Village == "" {
					t.Errorf("an event without its keys: %+v", m)
				}
				w.seen[string(m.From)+">"+string(m.To)]++
			}
			return nil
		})
	}
}

// people makes enumerators; each is "c" (from the county) or "t", and the number of the home village or nothing: "c", "t2".
func (w *world) people(t *testing.T, kinds ...string) []string {
	t.Helper()
	var ids []string
	for i, k := range kinds {
		in := account.Input{Account: fmt.Sprintf("e%02d", i), Name: fmt.Sprintf("调查员%d", i), Role: authz.Enumerator, RegionCode: surveytest.Township, FromCounty: k[0] == 'c', Password: "geheim-12345"}
		if len(k) > 1 {
			in.HomeVillage = surveytest.VillageCode(surveytest.Township, int(k[1]-'0'))
		}
		a, err := w.accounts.Put(context.Background(), w.Office, id.New(), in)
		if err != nil {
			t.Fatalf("account: %v", err)
		}
		ids = append(ids, a.ID)
	}
	return ids
}

// load imports households per village: load(t, 5, 3) is five in village 1 and three in village 2.
func (w *world) load(t *testing.T, perVillage ...int) {
	t.Helper()
	rows := [][]any{rt.HouseholdHeader}
	n := 0
	for v, count := range perVillage {
		for range count {
			n++
			rows = append(rows, rt.Household(n, surveytest.VillageName(v+1), "脱贫户"))
		}
	}
	if _, err := w.rosters.Import(context.Background(), w.Office, w.Campaign.ID, roster.File{Data: rt.XLSX(t, rt.Sheet{Name: "户", Rows: rows})}); err != nil {
		t.Fatalf("roster: %v", err)
	}
}

func (w *world) form(t *testing.T) []assign.Team {
	t.Helper()
	ts, _, err := w.assigns.FormTeams(context.Background(), w.Office, w.Campaign.ID, "zh")
	if err != nil {
		t.Fatalf("teams: %v", err)
	}
	return ts
}

func (w *world) plan(t *testing.T) assign.Plan {
	t.Helper()
	p, err := w.assigns.MakePlan(context.Background(), w.Office, w.Campaign.ID, assign.PlanInput{})
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return p
}

func (w *world) all(t *testing.T) []assign.Row {
	t.Helper()
	p, err := w.assigns.List(context.Background(), w.Office, w.Campaign.ID, assign.Filter{Limit: 200})
	if err != nil || p.Total != len(p.Items) {
		t.Fatalf("list: %d of %d, %v", len(p.Items), p.Total, err)
	}
	return p.Items
}

func TestTeamsPairCountyAndTownship(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "t1", "c", "t2", "t3", "t4")
		ts, reasons, err := w.assigns.FormTeams(ctx, w.Office, w.Campaign.ID, "zh")
		if err != nil || len(ts) != 2 {
			t.Fatalf("%d teams, %v", len(ts), err)
		}
		for _, team := range ts {
			if len(team.Members) != 2 || team.Members[0].FromCounty == team.Members[1].FromCounty {
				t.Errorf("team %s: %+v", team.Name, team.Members)
			}
		}
		if len(reasons) != 1 || reasons[0].Code != "assign.left_township" || reasons[0].Count != 2 || !strings.Contains(reasons[0].Message, "2") {
			t.Errorf("reasons %+v", reasons)
		}
		if again := w.form(t); len(again) != 2 {
			t.Errorf("forming again makes %d teams", len(again))
		}
		if _, _, err := w.assigns.FormTeams(ctx, w.Other, w.Campaign.ID, "zh"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township forms teams: %v", err)
		}
	})
}

func TestAPlanCoversEveryHouseholdUnderTheRules(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "c", "t1", "t2")
		w.load(t, 7, 5, 4)
		ts := w.form(t)
		dry, err := w.assigns.MakePlan(ctx, w.Office, w.Campaign.ID, assign.PlanInput{DryRun: true})
		if err != nil || !dry.Feasible || dry.Assignments != 16 || len(w.all(t)) != 0 {
			t.Fatalf("dry run: feasible %v, %d, %v", dry.Feasible, dry.Assignments, err)
		}
		p := w.plan(t)
		if !p.Feasible || p.From != "2026-03-11" || p.To != "2026-03-15" || len(p.Teams) != 2 {
			t.Fatalf("plan %+v", p)
		}
		homes := map[string][]region.Code{}
		for _, team := range ts {
			homes[team.ID] = team.Homes()
		}
		load := map[string]int{}
		for _, a := range w.all(t) {
			key := a.Team + string(a.Date)
			load[key]++
			if slices.Contains(homes[a.Team], a.Village) || load[key] > 3 || a.Date < "2026-03-11" || a.Date > "2026-03-15" || a.Form != "a" || a.State != assign.Open {
				t.Errorf("a visit against the rules: %+v", a.Assignment)
			}
		}
		if w.seen[">open"] != 16 || len(w.seen) != 1 {
			t.Errorf("events %v", w.seen)
		}
		stored, err := w.assigns.Plan(ctx, w.Office, w.Campaign.ID)
		stored.Changes = p.Changes // what changes is told once
		if diff := cmp.Diff(p, stored); err != nil || diff != "" {
			t.Errorf("the stored plan differs (%v): %s", err, diff)
		}
		if _, err := w.assigns.Plan(ctx, w.Other, w.Campaign.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township reads the plan: %v", err)
		}
		w.plan(t)
		if w.seen[">open"] != 16 {
			t.Errorf("the same plan again moves visits: %v", w.seen)
		}
	})
}

func TestAPlanThatIsImpossibleSaysWhy(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		if p := w.plan(t); p.Feasible || p.Reasons[0].Code != "assign.plan_no_household" {
			t.Errorf("without a roster: %+v", p.Reasons)
		}
		w.load(t, 7, 12)
		if p := w.plan(t); p.Feasible || p.Reasons[0].Code != "assign.plan_no_team" {
			t.Errorf("without teams: %+v", p.Reasons)
		}
		w.people(t, "c", "t1")
		w.form(t)
		p := w.plan(t) // one team that may not go to village 1 and has 15 places for the 12 of village 2
		if p.Feasible || len(p.Reasons) != 1 || p.Reasons[0].Code != "assign.plan_nobody_may_go" || p.Reasons[0].Count != 7 || p.Reasons[0].Village.Name != "第1村" {
			t.Errorf("nobody may go: %+v", p.Reasons)
		}
		p, err := w.assigns.MakePlan(ctx, w.Office, w.Campaign.ID, assign.PlanInput{From: "2026-03-11", To: "2026-03-12", Lang: "en"})
		if err != nil || p.Feasible || len(p.Reasons) != 2 || p.Reasons[1].Code != "assign.plan_too_few_days" || p.Reasons[1].Count != 2 {
			t.Errorf("6 places for 12 households: %+v, %v", p.Reasons, err)
		}
		if strings.Contains(p.Reasons[1].Message, "{") || !strings.Contains(p.Reasons[1].Message, "2 team-days") {
			t.Errorf("message %q", p.Reasons[1].Message)
		}
		if len(w.all(t)) != 0 {
			t.Error("an impossible plan wrote something")
		}
		if _, err := w.assigns.MakePlan(ctx, w.Office, w.Campaign.ID, assign.PlanInput{From: "2026-03-10"}); errs.CodeOf(err) != "assign.dates" {
			t.Errorf("before the visit stage: %v", err)
		}
	})
}

func TestMovesByHandObeyTheSameRules(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "c", "t1", "t3")
		w.load(t, 0, 6)
		ts := w.form(t)
		p, err := w.assigns.MakePlan(ctx, w.Office, w.Campaign.ID, assign.PlanInput{To: "2026-03-11"})
		if err != nil || !p.Feasible {
			t.Fatalf("%+v, %v", p.Reasons, err)
		}
		a := w.all(t)[0]
		other := ts[0].ID
		if a.Team == other {
			other = ts[1].ID
		}
		move := func(in assign.MoveInput, code string) {
			t.Helper()
			if _, err := w.assigns.MoveByHand(ctx, w.Office, a.ID, in); errs.CodeOf(err) != code {
				t.Errorf("%+v: got %v, want %q", in, err, code)
			}
		}
		move(assign.MoveInput{Team: other}, "assign.reason")
		move(assign.MoveInput{Team: other, Reason: "雨"}, "assign.capacity")
		move(assign.MoveInput{Date: "2026-03-16", Reason: "雨"}, "assign.dates")
		move(assign.MoveInput{Team: id.New(), Reason: "雨"}, "assign.no_team")
		move(assign.MoveInput{Team: other, Date: "2026-03-13", Reason: "雨"}, "")
		if w.seen["open>"] != 1 || w.seen[">open"] != 7 {
			t.Errorf("events %v", w.seen)
		}
		if _, err := w.assigns.MoveByHand(ctx, w.Other, a.ID, assign.MoveInput{Reason: "x"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township moves: %v", err)
		}
		w.plan(t)
		for _, row := range w.all(t) {
			if row.ID == a.ID && (row.Team != other || row.Date != "2026-03-13" || !row.Pinned) {
				t.Errorf("a new plan undid the change by hand: %+v", row.Assignment)
			}
		}
		// The other team moves into village 2: then it may not keep its visits there.
		who := slices.IndexFunc(ts[0].Members, func(m assign.Member) bool { return !m.FromCounty })
		acc := ts[0].Members[who]
		if _, err := w.accounts.Put(ctx, w.Office, acc.Account, account.Input{Account: acc.Login, Name: acc.Name, Role: authz.Enumerator, RegionCode: surveytest.Township, HomeVillage: surveytest.VillageCode(surveytest.Township, 2)}); err != nil {
			t.Fatal(err)
		}
		var mine, theirs assign.Row
		for _, row := range w.all(t) {
			if row.Team == ts[0].ID {
				mine = row
			} else {
				theirs = row
			}
		}
		if _, err := w.assigns.MoveByHand(ctx, w.Office, theirs.ID, assign.MoveInput{Team: ts[0].ID, Date: "2026-03-14", Reason: "x"}); errs.CodeOf(err) != "assign.own_village" {
			t.Errorf("into the own village: %v", err)
		}
		if mine.ID != "" {
			if _, err := w.assigns.PutTeam(ctx, w.Office, w.Campaign.ID, ts[0].ID, "新名", []string{ts[0].Members[0].Account, ts[0].Members[1].Account}); errs.CodeOf(err) != "assign.own_village" {
				t.Errorf("a team keeps visits in its own village: %v", err)
			}
		}
		if err := w.assigns.DeleteTeam(ctx, w.Office, w.Campaign.ID, theirs.Team); errs.CodeOf(err) != "assign.team_in_use" {
			t.Errorf("a team with visits is dissolved: %v", err)
		}
	})
}

func TestAVisitMovedByHandIsPlannedAnewOnceItIsAgainstTheRules(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		people := w.people(t, "c", "c", "t1", "t3")
		w.load(t, 0, 2)
		ts := w.form(t)
		w.plan(t)
		a := w.all(t)[0]
		i := slices.IndexFunc(ts, func(team assign.Team) bool { return team.Members[1].Account == people[2] })
		if _, err := w.assigns.MoveByHand(ctx, w.Office, a.ID, assign.MoveInput{Team: ts[i].ID, Date: "2026-03-15", Reason: "户主外出"}); err != nil {
			t.Fatal(err)
		}
		home := account.Input{Account: "e02", Name: "调查员2", Role: authz.Enumerator, RegionCode: surveytest.Township, HomeVillage: surveytest.VillageCode(surveytest.Township, 2)}
		if _, err := w.accounts.Put(ctx, w.Office, people[2], home); err != nil {
			t.Fatal(err)
		}
		if p := w.plan(t); !p.Feasible || p.Assignments != 2 {
			t.Fatalf("plan %+v", p)
		}
		for _, row := range w.all(t) {
			if row.Team == ts[i].ID {
				t.Errorf("still in the own village: %+v", row.Assignment)
			}
		}
	})
}

func TestTwoMovesCannotShareTheLastPlaceOfADay(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "c", "t1", "t3")
		w.load(t, 0, 10)
		ts := w.form(t)
		if p := w.plan(t); !p.Feasible {
			t.Fatalf("%+v", p.Reasons)
		}
		var wg sync.WaitGroup
		var done atomic.Int32
		for _, row := range w.all(t) {
			wg.Go(func() {
				_, err := w.assigns.MoveByHand(ctx, w.Office, row.ID, assign.MoveInput{Team: ts[0].ID, Date: "2026-03-15", Reason: "集中入户"})
				if err == nil {
					done.Add(1)
				} else if errs.CodeOf(err) != "assign.capacity" {
					t.Errorf("move: %v", err)
				}
			})
		}
		wg.Wait()
		p, err := w.assigns.List(ctx, w.Office, w.Campaign.ID, assign.Filter{Team: ts[0].ID, Date: "2026-03-15"})
		if err != nil || p.Total != 3 || done.Load() != 3 {
			t.Errorf("%d visits on a day of three, %d moves succeeded, %v", p.Total, done.Load(), err)
		}
	})
}

func TestTeamsMadeByHandAreChecked(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		p := w.people(t, "c", "t", "t")
		team := id.New()
		put := func(team, name string, members []string, code string) {
			t.Helper()
			if _, err := w.assigns.PutTeam(ctx, w.Office, w.Campaign.ID, team, name, members); errs.CodeOf(err) != code {
				t.Errorf("%s %d members: got %v, want %q", name, len(members), err, code)
			}
		}
		put(team, "", p[:2], "assign.team_name")
		put(team, "甲", p[:1], "assign.team_size")
		put(team, "甲", []string{p[0], p[0]}, "assign.team_size")
		put(team, "甲", []string{p[0], id.New()}, "assign.not_enumerator")
		put(team, "甲", p[:2], "")
		put(team, "甲组", p[:2], "")
		put(id.New(), "乙", p[1:], "assign.in_other_team")
		put(id.New(), "甲组", []string{p[2], p[1]}, "assign.team_name_taken")
		if err := w.assigns.DeleteTeam(ctx, w.Office, w.Campaign.ID, team); err != nil {
			t.Error(err)
		}
		put(id.New(), "乙", p[1:], "")
		if ts, err := w.assigns.Teams(ctx, w.Office, w.Campaign.ID); err != nil || len(ts) != 1 || ts[0].Name != "乙" {
			t.Errorf("teams %+v, %v", ts, err)
		}
	})
}

func TestStatesFollowTheFormAndAreToldOnce(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		people := w.people(t, "c", "t1")
		w.load(t, 0, 3)
		w.form(t)
		w.plan(t)
		rows := w.all(t)
		county := w.Campaign.County
		set := func(moves ...assign.Move) error {
			return d.Update(ctx, func(tx *db.Tx) error { return assign.SetStateTx(ctx, tx, w.Bus, moves) })
		}
		sub := id.New()
		if err := set(assign.Move{County: county, ID: rows[0].ID, To: assign.Submitted, Submission: sub}, assign.Move{County: county, ID: rows[1].ID, To: assign.Submitted}); err != nil {
			t.Fatal(err)
		}
		if err := set(assign.Move{County: county, ID: rows[0].ID, To: assign.Submitted}); err != nil {
			t.Errorf("a second revision: %v", err)
		}
		if err := set(assign.Move{County: county, ID: rows[0].ID, To: assign.Returned}, assign.Move{County: county, ID: rows[0].ID, To: assign.Submitted}, assign.Move{County: county, ID: rows[1].ID, To: assign.Done}); err != nil {
			t.Fatal(err)
		}
		if err := set(assign.Move{County: county, ID: rows[2].ID, To: assign.Done}); errs.CodeOf(err) != "assign.state" {
			t.Errorf("done without a form: %v", err)
		}
		if err := set(assign.Move{County: county, ID: id.New(), To: assign.Done}); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown assignment: %v", err)
		}
		want := map[string]int{">open": 3, "open>submitted": 2, "submitted>returned": 1, "returned>submitted": 1, "submitted>done": 1}
		if diff := cmp.Diff(want, w.seen); diff != "" {
			t.Errorf("events: %s", diff)
		}
		err := d.View(ctx, func(tx *db.Tx) error {
			team, as, err := w.assigns.ForAccountTx(ctx, tx, county, people[0])
			if err != nil {
				return err
			}
			states := map[assign.State]int{}
			for _, a := range as {
				states[a.State]++
				if a.ID == rows[0].ID && a.Submission != sub {
					t.Errorf("the submission was forgotten: %q", a.Submission)
				}
			}
			if len(team.Members) != 2 || states[assign.Submitted] != 1 || states[assign.Done] != 1 || states[assign.Open] != 1 {
				t.Errorf("team of %d, states %v", len(team.Members), states)
			}
			team, as, err = w.assigns.ForAccountTx(ctx, tx, county, id.New())
			if team.ID != "" || len(as) != 0 {
				t.Errorf("somebody in no team has %d visits", len(as))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		// A new plan leaves what was handed in alone.
		w.plan(t)
		for _, row := range w.all(t) {
			i := slices.IndexFunc(rows, func(r assign.Row) bool { return r.ID == row.ID })
			if i < 0 || row.State != assign.Open && row.Date != rows[i].Date {
				t.Errorf("moved after it was handed in: %+v", row.Assignment)
			}
		}
	})
}

func TestARosterThatChangesTakesVisitsOffThePlan(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people(t, "c", "t1")
		w.load(t, 0, 3)
		w.form(t)
		w.plan(t)
		w.load(t, 0, 2, 1) // household 3 is now in village 3
		if n := len(w.all(t)); n != 2 || w.seen["open>"] != 1 {
			t.Errorf("%d visits left, events %v", n, w.seen)
		}
		w.plan(t)
		if n := len(w.all(t)); n != 3 {
			t.Errorf("%d visits after planning again", n)
		}
	})
}

func TestTheGatesOfPreparationOpenOneByOne(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		if _, err := w.Surveys.SetStage(ctx, w.Office, w.Campaign.ID, "preparation"); err != nil {
			t.Fatal(err)
		}
		next := func(want ...string) {
			t.Helper()
			_, err := w.Surveys.SetStage(ctx, w.Office, w.Campaign.ID, "visits")
			var got []string
			if e, ok := errs.As(err); ok {
				got = strings.Split(fmt.Sprint(e.Fields["list_en"]), "; ")
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("missing: %s", diff)
			}
		}
		next("no roster has been imported", "no team has been formed", "the roster has no household to visit")
		w.load(t, 0, 2)
		next("no team has been formed", "2 households have no assignment")
		w.people(t, "c", "t1")
		w.form(t)
		next("2 households have no assignment")
		w.plan(t)
		next()
	})
}

func TestATeamStaysAwayFromTheVillageThatItsHomeWasMergedWith(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		ids := w.people(t, "c1", "t")
		one, two, four := surveytest.VillageCode(surveytest.Township, 1), surveytest.VillageCode(surveytest.Township, 2), surveytest.VillageCode(surveytest.Township, 4)
		team, err := w.assigns.PutTeam(ctx, w.Office, w.Campaign.ID, id.New(), "一组", ids)
		if err != nil {
			t.Fatal(err)
		}
		if got := team.Homes(); !slices.Equal(got, []region.Code{one}) {
			t.Errorf("before: %v", got)
		}
		err = d.Update(ctx, func(tx *db.Tx) error {
			for _, old := range []region.Code{one, two} {
				if err := region.MergeTx(ctx, tx, region.Merger{ID: id.New(), Old: old, New: four, Day: "2026-03-02", Document: "x"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		teams, err := w.assigns.Teams(ctx, w.Office, w.Campaign.ID)
		if err != nil || len(teams) != 1 {
			t.Fatalf("%v, %v", teams, err)
		}
		got := teams[0].Homes()
		slices.Sort(got)
		if !slices.Equal(got, []region.Code{one, two, four}) {
			t.Errorf("after: %v", got)
		}
	})
}
