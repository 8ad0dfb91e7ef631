package indicator_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/indicator"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
	"ruhu/internal/review"
	"ruhu/internal/sampling"
	"ruhu/internal/signature"
	st "ruhu/internal/submission/submissiontest"
)

type world struct {
	*st.World
	cases   *indicator.Service
	ledgers *ledger.Service
	reviews *review.Service

	Leader, Second authz.Actor // of the township: its leader, a second person of the office
}

// at is noon of a day in March 2026 in China.
func at(day int) time.Time { return time.Date(2026, 3, day, 4, 0, 0, 0, time.UTC) }

func newWorld(t *testing.T, d *db.DB, visits int) world {
	t.Helper()
	w := world{World: st.New(t, d, visits)}
	w.cases = indicator.NewService(d, w.Bus, w.Surveys, sampling.NewService(d, w.Bus, w.Surveys, w.Blobs), w.Blobs, nil)
	w.ledgers = ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil)
	w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, signature.NewService(d, w.Surveys, w.Accounts))
	w.cases.Listen()
	w.ledgers.Listen()
	w.Plan(t)
	w.Leader, w.Second = w.as(authz.TownshipLeader), w.as(authz.TownshipOffice)
	return w
}

func run(t *testing.T, visits int, fn func(t *testing.T, w world, clock *dbtest.Clock)) {
	t.Helper()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(at(4)) // a Wednesday
			o := db.Options{Clock: clock.Now}
			if kind == "sqlite" {
				fn(t, newWorld(t, dbtest.SQLite(t, o), visits), clock)
				return
			}
			fn(t, newWorld(t, dbtest.Postgres(t, o), visits), clock)
		})
	}
}

// as gives a new person of a role where it sits: villages at home, the county's over the county, the others in the township.
func (w world) as(role authz.Role) authz.Actor {
	a := w.Office
	a.ID, a.Name, a.Role = id.New(), "测试"+string(role), role
	switch role { //nolint:exhaustive // the others sit in the township
	case authz.Village:
		a.Region = w.Village.Region
	case authz.CountyOffice, authz.GuidanceGroup:
		a.Region = w.County.Region
	}
	return a
}

var unsafe = map[string]string{"q1": "2", "q1_1": "1", "q2": "2"}

func (w world) list(t *testing.T, actor authz.Actor, f indicator.Filter) indicator.Page {
	t.Helper()
	p, err := w.cases.List(t.Context(), actor, w.Campaign.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w world) do(who authz.Actor, caseID string, a indicator.Act) (indicator.Case, error) {
	if a.ID == "" {
		a.ID = id.New()
	}
	if a.Note == "" {
		a.Note = "已入户核实"
	}
	return w.cases.Do(context.Background(), who, caseID, a)
}

func (w world) must(t *testing.T, who authz.Actor, caseID string, a indicator.Act) indicator.Case {
	t.Helper()
	x, err := w.do(who, caseID, a)
	if err != nil {
		t.Fatalf("%s: %v", a.Action, err)
	}
	return x
}

// suspect sends a form that gives grounds and gives the case.
func (w world) suspect(t *testing.T, visit int) string {
	t.Helper()
	w.Send(t, w.Visits[visit], id.New(), 0, unsafe)
	p := w.list(t, w.Office, indicator.Filter{Household: w.Visits[visit].Household})
	if len(p.Items) != 1 {
		t.Fatalf("%d cases", len(p.Items))
	}
	return p.Items[0].ID
}

// open opens a case by hand.
func (w world) open(t *testing.T, visit int, kind string) string {
	t.Helper()
	key := id.New()
	_, err := w.cases.Open(t.Context(), w.Office, w.Campaign.ID, key, indicator.Input{Kind: kind, Household: w.Visits[visit].Household, Note: "群众反映"})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestFiguresOfAFormRaiseASuspicionWithTheRuleAndTheFigures(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, nil)
		w.Send(t, w.Visits[1], id.New(), 0, map[string]string{"q1": "1", "q2": "2", "size": "5"})
		x := w.suspect(t, 2)
		p := w.list(t, w.Office, indicator.Filter{})
		if len(p.Items) != 2 || p.Counts[indicator.Suspected] != 2 || p.Persons[indicator.Suspected] != 8 {
			t.Fatalf("%d cases, %v, %v", len(p.Items), p.Counts, p.Persons)
		}
		got, err := w.cases.Get(t.Context(), w.Office, x)
		if err != nil {
			t.Fatal(err)
		}
		want := []indicator.GroundFigure{{Indicator: "safe", Value: 0, Op: "is", Limit: 0}}
		want[0].Title.ZH, want[0].Title.EN = "住房安全", "Safe house"
		if len(got.Grounds) != 1 || got.Grounds[0].Rule != "house" || cmp.Diff(want, got.Grounds[0].Figures) != "" {
			t.Errorf("grounds %+v", got.Grounds)
		}
		if got.Persons != 3 || got.Source != indicator.ByRule || got.HeadName == "" || got.Events[0].Note != "住房不安全" {
			t.Errorf("%+v", got.Determination)
		}
		var items []string
		for _, it := range got.Items {
			items = append(items, it.Code+" "+string(it.Result)+" "+it.Reason.ZH)
		}
		if d := cmp.Diff([]string{"housing not_met 住房不安全", "water not_met 没有水", "power unasked "}, items); d != "" {
			t.Error(d)
		}
		for _, v := range []int{0, 3} { // fine, and not visited yet
			s, err := w.cases.Standing(t.Context(), w.Office, w.Visits[v].Household)
			if want := []indicator.Result{indicator.Met, "", "", indicator.Unknown}[v]; err != nil || s.Result != want || !s.Applies {
				t.Errorf("visit %d: %s, %v", v, s.Result, err)
			}
		}
	})
}

func TestANewerFormClearsASuspicionVisiblyAndRaisesItAgain(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		u, v := id.New(), w.Visits[0]
		n := 0
		send := func(answers map[string]string) indicator.Case {
			t.Helper()
			w.Send(t, v, u, n, answers)
			n++
			p := w.list(t, w.Office, indicator.Filter{})
			if len(p.Items) != 1 {
				t.Fatalf("%d cases", len(p.Items))
			}
			x, err := w.cases.Get(t.Context(), w.Office, p.Items[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		last := func(x indicator.Case) string { return string(x.State) + " " + x.Events[len(x.Events)-1].Action }
		x := send(unsafe)
		w.must(t, w.Office, x.ID, indicator.Act{Action: indicator.CheckIt, Holds: true})
		if x = send(map[string]string{"q1": "2", "q1_1": "1 2", "q2": "2"}); last(x) != "checked check" || x.Revision != 2 {
			t.Errorf("the same grounds again: %s, revision %d", last(x), x.Revision)
		}
		if x = send(map[string]string{"q1": "2", "q1_1": "1", "q2": "2", "size": "6"}); last(x) != "suspected data_changed" || x.Round != 2 || x.Persons != 6 {
			t.Errorf("other grounds than those that were verified: %s, round %d, %d persons", last(x), x.Round, x.Persons)
		}
		if x = send(nil); last(x) != "cleared data_clear" {
			t.Errorf("no grounds: %s", last(x))
		}
		if x = send(unsafe); last(x) != "suspected data_holds" || x.Round != 3 || len(x.Checks) != 0 {
			t.Errorf("grounds again: %s, round %d", last(x), x.Round)
		}
		w.must(t, w.Office, x.ID, indicator.Act{Action: indicator.CheckIt, Holds: true})
		w.must(t, w.Second, x.ID, indicator.Act{Action: indicator.CheckIt, Holds: true})
		if x = send(nil); last(x) != "verified data_clear" || !x.DataClear {
			t.Errorf("verified, and no grounds any more: %s %v", last(x), x.DataClear)
		}
		w.must(t, w.Leader, x.ID, indicator.Act{Action: indicator.Dismiss})
		if x = send(unsafe); last(x) != "dismissed dismiss" {
			t.Errorf("a ground that was dismissed: %s", last(x))
		}
		if x = send(map[string]string{"q1": "2", "q1_1": "1", "q2": "2", "size": "6"}); last(x) != "suspected data_holds" {
			t.Errorf("a ground that was not there before: %s", last(x))
		}
	})
}

func TestACaseByHandIsOnePerHouseholdAndKindAndNoFormTakesItBack(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		house := w.Visits[0].Household
		in := indicator.Input{Kind: "wrongly_included", Household: house, Note: "名下有小轿车"}
		key := id.New()
		try := func(name string, who authz.Actor, caseID string, change func(*indicator.Input), want string) {
			t.Helper()
			x := in
			if change != nil {
				change(&x)
			}
			if _, err := w.cases.Open(t.Context(), who, w.Campaign.ID, caseID, x); errs.CodeOf(err) != want {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
		try("a village", w.Village, key, nil, "authz.forbidden")
		try("a supervisor", w.Supervisor, key, nil, "authz.forbidden")
		try("another township", w.Other, key, nil, "survey.not_found")
		try("no such kind", w.Office, key, func(x *indicator.Input) { x.Kind = "missed" }, "indicator.kind")
		try("without a word", w.Office, key, func(x *indicator.Input) { x.Note = " " }, "indicator.note")
		try("too many persons", w.Office, key, func(x *indicator.Input) { x.Persons = 40 }, "indicator.persons")
		try("a file that is not there", w.Office, key, func(x *indicator.Input) { x.Files = []blob.Digest{"x"} }, "indicator.file")
		try("open", w.Office, key, nil, "")
		try("sent again", w.Office, key, nil, "")
		try("a second one", w.Office, id.New(), nil, "indicator.twice")
		w.Send(t, w.Visits[0], id.New(), 0, nil)
		if x, err := w.cases.Get(t.Context(), w.Office, key); err != nil || x.State != indicator.Suspected || x.Source != indicator.ByHand {
			t.Errorf("%s, %v", x.State, err)
		}
	})
}

func TestWhoReviewedTheFormDoesNotVerify(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1", "q2": "2"})
		x := w.list(t, w.Office, indicator.Filter{}).Items[0]
		decide := func(who authz.Actor) {
			t.Helper()
			d := review.Decision{ID: id.New(), Action: review.Approve, Revision: 1}
			if _, err := w.reviews.Decide(t.Context(), who, x.Submission, d, "zh"); err != nil {
				t.Fatal(err)
			}
		}
		decide(w.Supervisor)
		decide(w.Office)
		if _, err := w.do(w.Office, x.ID, indicator.Act{Action: indicator.CheckIt, Holds: true}); errs.CodeOf(err) != "indicator.reviewer" {
			t.Errorf("the reviewer verifies: %v", err)
		}
		w.must(t, w.Second, x.ID, indicator.Act{Action: indicator.CheckIt, Holds: true})
	})
}

func TestTwoVerifiersAtOnceAreBothHeardOrOneIsToldToLookAgain(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		x := w.suspect(t, 0)
		seen := 0
		var wg sync.WaitGroup
		failed := make([]error, 2)
		for i, who := range []authz.Actor{w.Office, w.Second} {
			wg.Go(func() {
				_, failed[i] = w.do(who, x, indicator.Act{Action: indicator.CheckIt, Holds: true, Seen: &seen})
			})
		}
		wg.Wait()
		told := 0
		for _, err := range failed {
			switch errs.CodeOf(err) {
			case "":
			case "indicator.stale":
				told++
			default:
				t.Errorf("%v", err)
			}
		}
		got, err := w.cases.Get(t.Context(), w.Office, x)
		if err != nil || told != 1 || got.State != indicator.Checked || len(got.Checks) != 1 || got.Version != 1 {
			t.Errorf("%d refused, %s, %d checks, version %d, %v", told, got.State, len(got.Checks), got.Version, err)
		}
		same := indicator.Act{ID: id.New(), Action: indicator.CheckIt, Holds: true}
		late := w.Second
		if failed[1] == nil {
			late = w.Office
		}
		w.must(t, late, x, same)
		if got := w.must(t, late, x, same); got.State != indicator.Verified || len(got.Checks) != 2 { // sent twice
			t.Errorf("%s, %d checks", got.State, len(got.Checks))
		}
	})
}

// TestNothingOfItIsToldBeforeItIsConfirmed: S0.18. The ledger is what villages and enumerators see.
func TestNothingOfItIsToldBeforeItIsConfirmed(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		x := w.suspect(t, 0)
		told := func() []ledger.Item {
			t.Helper()
			p, err := w.ledgers.List(t.Context(), w.Village, w.Campaign.ID, ledger.Filter{Source: ledger.ByDetermination})
			if err != nil {
				t.Fatal(err)
			}
			return p.Items
		}
		for _, s := range []struct {
			who authz.Actor
			act indicator.Act
		}{
			{w.Office, indicator.Act{Action: indicator.CheckIt, Holds: true}},
			{w.Second, indicator.Act{Action: indicator.CheckIt, Holds: true}},
			{w.Leader, indicator.Act{Action: indicator.Decide, Persons: 2}},
			{w.County, indicator.Act{Action: indicator.Confirm}},
		} {
			if n := len(told()); n != 0 {
				t.Fatalf("before %s the village sees %d items", s.act.Action, n)
			}
			w.must(t, s.who, x, s.act)
		}
		items := told()
		if len(items) != 1 || items[0].Title.ZH != "错退" || items[0].Nature != "data" || items[0].DueOn != "2026-03-18" || items[0].Responsible != "township_office" {
			t.Fatalf("%+v", items)
		}
		d, err := w.cases.Get(t.Context(), w.Office, x)
		if err != nil || d.Persons != 2 || d.AppealBy != "2026-03-11" {
			t.Errorf("%d persons, appeal by %s, %v", d.Persons, d.AppealBy, err)
		}
		proof := []blob.Digest{w.Photo(t, "house")}
		if _, err := w.do(w.Office, x, indicator.Act{Action: indicator.Appeal}); errs.CodeOf(err) != "indicator.evidence" {
			t.Errorf("an appeal without evidence: %v", err)
		}
		w.must(t, w.Office, x, indicator.Act{Action: indicator.Appeal, Files: proof})
		if f, err := w.cases.File(t.Context(), w.Leader, x, string(proof[0])); err != nil || f != proof[0] {
			t.Errorf("evidence: %v", err)
		}
		judge := w.as(authz.GuidanceGroup)
		w.must(t, judge, x, indicator.Act{Action: indicator.Overturn})
		if items = told(); len(items) != 1 || !items[0].DataClear {
			t.Errorf("after the appeal: %+v", items)
		}
		w.must(t, w.Office, x, indicator.Act{Action: indicator.Reopen})
		clock.Advance(time.Hour)
		w.confirm(t, x)
		if items = told(); len(items) != 1 || items[0].DataClear {
			t.Errorf("confirmed again: %+v", items)
		}
	})
}

// confirm takes a suspected case to confirmed.
func (w world) confirm(t *testing.T, x string) {
	t.Helper()
	w.must(t, w.as(authz.TownshipOffice), x, indicator.Act{Action: indicator.CheckIt, Holds: true})
	w.must(t, w.as(authz.TownshipOffice), x, indicator.Act{Action: indicator.CheckIt, Holds: true})
	d := w.must(t, w.as(authz.TownshipLeader), x, indicator.Act{Action: indicator.Decide})
	if d.State == indicator.Forwarded {
		w.must(t, w.as(authz.CountyOffice), x, indicator.Act{Action: indicator.Confirm})
	}
}

func TestTheClearanceRegisterHasThoseWronglyIncluded(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		w.confirm(t, w.open(t, 0, "wrongly_included"))
		w.confirm(t, w.suspect(t, 1))
		for kind, want := range map[string]int{ledger.RegRemoval: 1, ledger.RegCorrection: 2} {
			tab, err := w.ledgers.Table(t.Context(), w.Office, w.Campaign.ID, kind, ledger.TableFilter{}, "zh")
			if err != nil || len(tab.Rows) != want {
				t.Errorf("%s: %d rows, %v", kind, len(tab.Rows), err)
			}
		}
	})
}

func TestAnAppealIsTakenInTimeAndOnce(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		proof := indicator.Act{Action: indicator.Appeal, Files: []blob.Digest{w.Photo(t, "house")}}
		x := w.suspect(t, 0)
		w.confirm(t, x)
		clock.Advance(at(11).Sub(clock.Now())) // the last day, the fifth working day
		w.must(t, w.Office, x, proof)
		if got := w.must(t, w.as(authz.TownshipLeader), x, indicator.Act{Action: indicator.Uphold}); got.State != indicator.Confirmed || slices.Contains(got.May, indicator.Appeal) {
			t.Errorf("%s, may %v", got.State, got.May)
		}
		if _, err := w.do(w.Office, x, proof); errs.CodeOf(err) != "indicator.appeal_late" {
			t.Errorf("a second appeal: %v", err)
		}
		y := w.suspect(t, 1)
		w.confirm(t, y)
		clock.Advance(at(19).Sub(clock.Now()))
		if _, err := w.do(w.Office, y, proof); errs.CodeOf(err) != "indicator.appeal_late" {
			t.Errorf("an appeal that is late: %v", err)
		}
	})
}

func TestRatesOfACensusAreExactAndCountConfirmedCasesOnly(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		rate := func(who authz.Actor, code string) indicator.RateResult {
			t.Helper()
			r, err := w.cases.Rates(t.Context(), who, w.Campaign.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(r.Results, func(x indicator.RateResult) bool { return x.Code == code })
			return r.Results[i]
		}
		for i := range 3 {
			w.Send(t, w.Visits[i], id.New(), 0, nil)
		}
		r := rate(w.County, "wrongly_exited")
		if r.Verdict != "undecided" || !slices.Equal(r.Why, []indicator.Why{indicator.WhyIncomplete}) || r.N != 3 || r.Of != 4 || r.Estimate != 0 {
			t.Errorf("while visits go on: %+v", r)
		}
		x := w.suspect(t, 3)
		r = rate(w.County, "wrongly_exited")
		if r.Verdict != "undecided" || !slices.Equal(r.Why, []indicator.Why{indicator.WhyOpen}) || r.Preview == nil || *r.Preview != 0.25 || r.Estimate != 0 || r.Base != 12 {
			t.Errorf("with a suspicion: %+v", r)
		}
		if r = rate(w.Office, "wrongly_exited"); r.Preview != nil {
			t.Error("the township sees the preview")
		}
		w.confirm(t, x)
		if r = rate(w.Office, "wrongly_exited"); r.Verdict != "not_met" || r.Estimate != 0.25 || r.Lo != r.Hi || r.Numerator != 3 || r.Base != 12 {
			t.Errorf("confirmed: %+v", r)
		}
		if r = rate(w.Office, "approval"); r.Verdict != "not_met" || r.Estimate != 0.75 || r.Numerator != 3 || r.Base != 4 {
			t.Errorf("approval: %+v", r)
		}
		if _, err := w.cases.Rates(t.Context(), w.Village, w.Campaign.ID, ""); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("a village: %v", err)
		}
		if _, err := w.cases.Rates(t.Context(), w.Office, w.Campaign.ID, w.Other.Region); errs.CodeOf(err) != "region.not_found" {
			t.Errorf("another township: %v", err)
		}
	})
}

func TestRuralPersonsAreEnteredByVillage(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		put := func(who authz.Actor, persons map[region.Code]int) string {
			return errs.CodeOf(w.cases.PutPopulations(t.Context(), who, w.Campaign.ID, persons))
		}
		v := w.Village.Region
		for name, c := range map[string]struct {
			who  authz.Actor
			in   map[region.Code]int
			want string
		}{
			"a village":       {w.Village, map[region.Code]int{v: 900}, "authz.forbidden"},
			"another's":       {w.Other, map[region.Code]int{v: 900}, "survey.not_found"},
			"a township":      {w.Office, map[region.Code]int{w.Office.Region: 900}, "region.not_found"},
			"nobody":          {w.Office, map[region.Code]int{v: 0}, "indicator.population"},
			"nothing entered": {w.Office, nil, "indicator.population"},
			"fine":            {w.Office, map[region.Code]int{v: 900}, ""},
		} {
			if got := put(c.who, c.in); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		ps, err := w.cases.Populations(t.Context(), w.Office, w.Campaign.ID)
		if err != nil || len(ps) != 2 || ps[0].Persons != 900 || ps[0].Listed != 2 || ps[1].Persons != 0 {
			t.Errorf("%+v, %v", ps, err)
		}
	})
}

func TestAVillageStandsItemByItem(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		v := w.Village.Region
		look := func() indicator.VillageStanding {
			t.Helper()
			all, err := w.cases.Villages(t.Context(), w.Office, w.Campaign.ID, v)
			if err != nil || len(all) != 1 {
				t.Fatalf("%d villages, %v", len(all), err)
			}
			return all[0]
		}
		line := func(x indicator.VillageStanding) string {
			out := string(x.Result)
			for _, it := range x.Items {
				out += " " + it.Item + ":" + string(it.Result) + ":" + it.Figure
			}
			return out
		}
		if got := line(look()); got != "unknown exit:unknown:0.00 % road:unknown: economy:unknown:" {
			t.Errorf("before: %s", got)
		}
		put := func(who authz.Actor, es ...indicator.VillageEntry) string {
			return errs.CodeOf(w.cases.PutVillage(t.Context(), who, w.Campaign.ID, v, es))
		}
		road := indicator.VillageEntry{Item: "road", Result: indicator.Met, Figure: "3.6 米"}
		for name, c := range map[string]struct{ got, want string }{
			"a village":                    {put(w.Village, road), "authz.forbidden"},
			"another township":             {put(w.Other, road), "survey.not_found"},
			"no such item":                 {put(w.Office, indicator.VillageEntry{Item: "sea", Result: indicator.Met}), "indicator.village_item"},
			"a worked out one":             {put(w.Office, indicator.VillageEntry{Item: "exit", Result: indicator.Met}), "indicator.village_item"},
			"a verdict on what is weighed": {put(w.Office, indicator.VillageEntry{Item: "economy", Result: indicator.Met}), "indicator.village_result"},
			"fine":                         {put(w.Office, road, indicator.VillageEntry{Item: "economy", Result: indicator.Unknown, Figure: "12 万元"}), ""},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q, want %q", name, c.got, c.want)
			}
		}
		for i := range w.Visits {
			w.Send(t, w.Visits[i], id.New(), 0, nil)
		}
		if got := line(look()); got != "met exit:met:0.00 % road:met:3.6 米 economy:unknown:12 万元" {
			t.Errorf("after: %s", got)
		}
		all, err := w.cases.Villages(t.Context(), w.Office, w.Campaign.ID, "")
		if err != nil || len(all) != 2 || all[1].Result != indicator.Unknown || all[1].Unknown != 1 {
			t.Errorf("the others: %+v, %v", all, err)
		}
		if _, err := w.cases.Villages(t.Context(), w.Office, w.Campaign.ID, w.Other.Region); errs.CodeOf(err) != "region.not_found" {
			t.Errorf("elsewhere: %v", err)
		}
	})
}
