package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
	st "ruhu/internal/submission/submissiontest"
)

type world struct {
	*st.World
	ledgers *ledger.Service
}

// at is noon of a day in March 2026 in China.
func at(day int) time.Time { return time.Date(2026, 3, day, 4, 0, 0, 0, time.UTC) }

func newWorld(t *testing.T, d *db.DB, visits int) world {
	t.Helper()
	w := world{World: st.New(t, d, visits)}
	w.ledgers = ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil)
	w.ledgers.Listen()
	w.Plan(t)
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

var unsafe = map[string]string{"q1": "2", "q1_1": "1", "q2": "2"} // two rules hold

func (w world) list(t *testing.T, actor authz.Actor, f ledger.Filter) ledger.Page {
	t.Helper()
	p, err := w.ledgers.List(t.Context(), actor, w.Campaign.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w world) do(actor authz.Actor, item string, a ledger.Act) (ledger.Detail, error) {
	if a.ID == "" {
		a.ID = id.New()
	}
	return w.ledgers.Do(context.Background(), actor, item, a)
}

func (w world) must(t *testing.T, actor authz.Actor, item string, a ledger.Act) ledger.Detail {
	t.Helper()
	d, err := w.do(actor, item, a)
	if err != nil {
		t.Fatalf("%s: %v", a.Action, err)
	}
	return d
}

// closeIt takes an item from registered to closed.
func (w world) closeIt(t *testing.T, item string) {
	t.Helper()
	photo := w.Photo(t, item)
	w.must(t, w.Village, item, ledger.Act{Action: ledger.Start, Cause: "年久失修", Measure: "加固", Person: "村主任"})
	w.must(t, w.Village, item, ledger.Act{Action: ledger.Claim, Files: []blob.Digest{photo}})
	w.must(t, w.Supervisor, item, ledger.Act{Action: ledger.Verify})
	w.must(t, w.Office, item, ledger.Act{Action: ledger.Close})
}

func TestRulesOpenItemsOncePerHousehold(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		u := id.New()
		w.Send(t, w.Visits[0], u, 0, unsafe)
		w.Send(t, w.Visits[1], id.New(), 0, nil)
		w.Send(t, w.Visits[0], u, 1, map[string]string{"q1": "2", "q1_1": "1 2", "q2": "2"}) // the same problems again
		w.Send(t, w.Visits[2], id.New(), 0, unsafe)
		p := w.list(t, w.Office, ledger.Filter{})
		var got []string
		for _, it := range p.Items {
			got = append(got, fmt.Sprintf("%s %s %s %s %s %s %s", it.Number, it.Code, it.HouseholdCode, it.State, it.FoundOn, it.DueOn, it.Responsible))
		}
		want := []string{
			"2026-000001 housing H00001 registered 2026-03-04 2026-03-11 village",
			"2026-000002 no_water H00001 registered 2026-03-04 2026-03-25 township_office",
			"2026-000003 housing H00003 registered 2026-03-04 2026-03-11 village",
			"2026-000004 no_water H00003 registered 2026-03-04 2026-03-25 township_office",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if p.Items[0].Title != (errs.Text{ZH: "住房不安全", EN: "Unsafe house"}) || p.Counts[ledger.Registered] != 4 || p.Total != 4 {
			t.Errorf("%+v %v %d", p.Items[0].Title, p.Counts, p.Total)
		}
	})
}

func TestTheWayOfAnItemFromFoundToClosed(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, unsafe)
		item := w.list(t, w.Office, ledger.Filter{}).Items[0].ID
		photo := w.Photo(t, "before")
		start := ledger.Act{Action: ledger.Start, Cause: "年久失修", Measure: "加固", Person: "村主任"}
		claim := ledger.Act{ID: id.New(), Action: ledger.Claim, Note: "已修好", Files: []blob.Digest{photo}}
		claimant := w.Village
		claimant.Role = authz.Supervisor // the same person with another role later on
		for _, tc := range []struct {
			name  string
			actor authz.Actor
			act   ledger.Act
			want  string
			state ledger.State
		}{
			{"a claim before a measure", w.Village, claim, "ledger.wrong_state", ledger.Registered},
			{"a start without a measure", w.Village, ledger.Act{Action: ledger.Start, Cause: "不明"}, "ledger.measure", ledger.Registered},
			{"the office can't start what the village answers for", w.Office, start, "ledger.of_village", ledger.Registered},
			{"a supervisor can't start", w.Supervisor, start, "authz.forbidden", ledger.Registered},
			{"another township", w.Other, ledger.Act{Action: ledger.Verify}, "ledger.not_found", ledger.Registered},
			{"start", w.Village, start, "", ledger.Fixing},
			{"a claim without evidence", w.Village, ledger.Act{Action: ledger.Claim, Note: "修好了"}, "ledger.evidence", ledger.Fixing},
			{"evidence that never came", w.Village, ledger.Act{Action: ledger.Claim, Files: []blob.Digest{blob.Of([]byte("x"))}}, "ledger.file", ledger.Fixing},
			{"claim", w.Village, claim, "", ledger.Claimed},
			{"the same claim again", w.Village, claim, "", ledger.Claimed},
			{"the village can't verify", w.Village, ledger.Act{Action: ledger.Verify}, "authz.forbidden", ledger.Claimed},
			{"whoever claimed can't verify", claimant, ledger.Act{Action: ledger.Verify}, "ledger.same_person", ledger.Claimed},
			{"a rejection without a word", w.Supervisor, ledger.Act{Action: ledger.Reject}, "ledger.note", ledger.Claimed},
			{"reject", w.Supervisor, ledger.Act{Action: ledger.Reject, Note: "还漏雨"}, "", ledger.Fixing},
			{"claim again", w.Village, ledger.Act{Action: ledger.Claim, Files: []blob.Digest{photo}}, "", ledger.Claimed},
			{"close before verified", w.Office, ledger.Act{Action: ledger.Close}, "ledger.wrong_state", ledger.Claimed},
			{"verify", w.Supervisor, ledger.Act{Action: ledger.Verify, Note: "属实"}, "", ledger.Verified},
			{"a supervisor can't close", w.Supervisor, ledger.Act{Action: ledger.Close}, "authz.forbidden", ledger.Verified},
			{"close", w.Office, ledger.Act{Action: ledger.Close}, "", ledger.Closed},
			{"reopen", w.Inspector, ledger.Act{Action: ledger.Reopen, Note: "复查发现仍漏雨"}, "", ledger.Fixing},
			{"nonsense", w.Office, ledger.Act{Action: "burn"}, "ledger.action", ledger.Fixing},
		} {
			clock.Advance(time.Minute)
			if _, err := w.do(tc.actor, item, tc.act); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
			}
			d, err := w.ledgers.Get(t.Context(), w.Office, item)
			if err != nil || d.State != tc.state {
				t.Fatalf("%s: state %s (%v), want %s", tc.name, d.State, err, tc.state)
			}
		}
		d, err := w.ledgers.Get(t.Context(), w.Village, item)
		if err != nil {
			t.Fatal(err)
		}
		own := w.list(t, w.Office, ledger.Filter{}).Items[1] // no_water, for which the township answers
		if diff := cmp.Diff([]ledger.Action{ledger.Start, ledger.Judge, ledger.Supervise}, own.May(w.Office)); diff != "" {
			t.Error(diff)
		}
		var acts []string
		for _, e := range d.Events {
			acts = append(acts, e.Action)
		}
		if diff := cmp.Diff([]string{"register", "start", "claim", "reject", "claim", "verify", "close", "reopen"}, acts); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]ledger.Action{ledger.Start, ledger.Claim, ledger.Escalate}, d.May(w.Village)); diff != "" {
			t.Error(diff)
		}
		if _, err := w.ledgers.File(t.Context(), w.Office, item, string(photo)); err != nil {
			t.Error(err)
		}
		if _, err := w.ledgers.File(t.Context(), w.Office, item, string(w.Photo(t, "of something else"))); !errs.Is(err, errs.NotFound) {
			t.Errorf("a file the item does not name: %v", err)
		}
	})
}

func TestARevisionClearsAndRestoresByData(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		u := id.New()
		w.Send(t, w.Visits[0], u, 0, unsafe)
		item := w.list(t, w.Office, ledger.Filter{}).Items[0].ID
		w.Send(t, w.Visits[0], u, 1, nil)
		look := func() ledger.Detail {
			d, err := w.ledgers.Get(t.Context(), w.Office, item)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		if d := look(); !d.DataClear || d.State != ledger.Registered || d.Revision != 2 {
			t.Fatalf("cleared by data, still to be verified: %v %s %d", d.DataClear, d.State, d.Revision)
		}
		w.closeIt(t, item)
		w.Send(t, w.Visits[0], u, 2, unsafe)
		if d := look(); d.DataClear || d.State != ledger.Fixing {
			t.Errorf("the rule holds again after it was closed: %v %s", d.DataClear, d.State)
		}
		photo := w.Photo(t, "again")
		w.must(t, w.Village, item, ledger.Act{Action: ledger.Claim, Files: []blob.Digest{photo}})
		w.must(t, w.Supervisor, item, ledger.Act{Action: ledger.Verify})
		w.must(t, w.Office, item, ledger.Act{Action: ledger.Close})
		w.Send(t, w.Visits[0], u, 3, map[string]string{"q1": "2", "q1_1": "2", "q2": "2"})
		if d := look(); d.State != ledger.Closed {
			t.Errorf("a revision that repeats what was closed: %s", d.State)
		}
	})
}

func TestOverdueAndWhoSeesWhat(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, clock *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, unsafe) // first village
		w.Send(t, w.Visits[3], id.New(), 0, unsafe) // second village
		for _, tc := range []struct {
			day  int
			want int
		}{{11, 0}, {12, 2}, {26, 4}} {
			clock.Advance(at(tc.day).Sub(clock.Now()))
			if got := w.list(t, w.Office, ledger.Filter{Overdue: true}).Total; got != tc.want {
				t.Errorf("on 3/%d: %d overdue, want %d", tc.day, got, tc.want)
			}
		}
		if got := len(w.list(t, w.Village, ledger.Filter{}).Items); got != 2 {
			t.Errorf("the village sees %d items, want its own 2", got)
		}
		if got := len(w.list(t, w.Office, ledger.Filter{Village: w.Village.Region, Sector: "住建"}).Items); got != 1 {
			t.Errorf("filters: %d", got)
		}
		if _, err := w.ledgers.List(t.Context(), w.Other, w.Campaign.ID, ledger.Filter{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township: %v", err)
		}
		if _, err := w.ledgers.List(t.Context(), w.Enumerator, w.Campaign.ID, ledger.Filter{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an enumerator: %v", err)
		}
		var seen []string
		f := ledger.Filter{Limit: 3}
		for {
			p := w.list(t, w.Office, f)
			for _, it := range p.Items {
				seen = append(seen, it.Number)
			}
			if f.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		if d := cmp.Diff([]string{"2026-000001", "2026-000002", "2026-000003", "2026-000004"}, seen); d != "" {
			t.Error(d)
		}
	})
}

func TestAPersonRegistersAProblem(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		ours, key := w.Village.Region, id.New()
		title := errs.Text{ZH: "村道塌方"}
		in := ledger.Input{Village: ours, Title: title, Category: "基础设施", Sector: "交通", Severity: "high", Note: "雨后"}
		d, err := w.ledgers.Register(t.Context(), w.Supervisor, w.Campaign.ID, key, in)
		if err != nil {
			t.Fatal(err)
		}
		if d.Number != "2026-000001" || d.Source != ledger.ByVisit || d.DueOn != "2026-03-25" || d.Title.EN != "村道塌方" {
			t.Errorf("%+v", d.Item)
		}
		again, err := w.ledgers.Register(t.Context(), w.Supervisor, w.Campaign.ID, key, in)
		if err != nil || again.Number != d.Number {
			t.Errorf("sent again: %v %s", err, again.Number)
		}
		house := w.Visits[0].House
		d, err = w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), ledger.Input{Household: house.ID, Title: title, Severity: "low", DueOn: "2026-03-06"})
		if err != nil || d.Village != house.Village || d.DueOn != "2026-03-06" || d.HouseholdCode != house.Code {
			t.Errorf("%+v %v", d.Item, err)
		}
		for name, tc := range map[string]struct {
			actor authz.Actor
			in    ledger.Input
			want  string
		}{
			"no title":          {w.Office, ledger.Input{Village: ours, Severity: "high"}, "ledger.title"},
			"unknown severity":  {w.Office, ledger.Input{Village: ours, Severity: "huge", Title: title}, "ledger.severity"},
			"a malformed date":  {w.Office, ledger.Input{Village: ours, Severity: "high", Title: title, DueOn: "tomorrow"}, "ledger.due"},
			"another place":     {w.Office, ledger.Input{Village: "430922102201", Severity: "high", Title: title}, "region.not_found"},
			"unknown household": {w.Office, ledger.Input{Household: id.New(), Severity: "high", Title: title}, "roster.no_household"},
			"the village":       {w.Village, ledger.Input{Village: ours, Severity: "high", Title: title}, "authz.forbidden"},
		} {
			if _, err := w.ledgers.Register(t.Context(), tc.actor, w.Campaign.ID, id.New(), tc.in); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: got %v, want %s", name, err, tc.want)
			}
		}
	})
}
