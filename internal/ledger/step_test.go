package ledger_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
)

// roads says how an item of the village gets to a state.
var roads = map[ledger.State][]ledger.Action{
	ledger.Registered: nil,
	ledger.Fixing:     {ledger.Start},
	ledger.Escalated:  {ledger.Escalate},
	ledger.Referred:   {ledger.Escalate, ledger.Refer},
	ledger.Claimed:    {ledger.Start, ledger.Claim},
	ledger.Verified:   {ledger.Start, ledger.Claim, ledger.Verify},
	ledger.Closed:     {ledger.Start, ledger.Claim, ledger.Verify, ledger.Close},
}

// arrows is the whole state machine: for each action who may act, from where, and where the item is then; "=" is where it was.
var arrows = []struct {
	action ledger.Action
	from   []ledger.State
	to     ledger.State
	roles  []authz.Role
}{
	{ledger.Start, []ledger.State{ledger.Registered, ledger.Fixing}, ledger.Fixing, []authz.Role{authz.Village}},
	{ledger.Claim, []ledger.State{ledger.Fixing}, ledger.Claimed, []authz.Role{authz.Village}},
	{ledger.Escalate, []ledger.State{ledger.Registered, ledger.Fixing}, ledger.Escalated, []authz.Role{authz.Village}},
	{ledger.Judge, []ledger.State{ledger.Registered, ledger.Fixing, ledger.Escalated}, ledger.Registered, []authz.Role{authz.CountyOffice, authz.TownshipOffice}},
	{ledger.Refer, []ledger.State{ledger.Escalated}, ledger.Referred, []authz.Role{authz.CountyOffice, authz.TownshipOffice}},
	{ledger.Decide, []ledger.State{ledger.Referred}, ledger.Registered, []authz.Role{authz.CountyOffice, authz.TownshipLeader}},
	{
		ledger.Supervise,
		[]ledger.State{ledger.Registered, ledger.Fixing, ledger.Escalated, ledger.Referred},
		"=",
		[]authz.Role{authz.CountyOffice, authz.GuidanceGroup, authz.TownshipLeader, authz.TownshipOffice, authz.Inspector},
	},
	{ledger.Answer, nil, "=", []authz.Role{authz.Village}}, // only where a notice is open: tried below
	{ledger.Verify, []ledger.State{ledger.Claimed}, ledger.Verified, verifiers},
	{ledger.Reject, []ledger.State{ledger.Claimed}, ledger.Fixing, verifiers},
	{ledger.Close, []ledger.State{ledger.Verified}, ledger.Closed, []authz.Role{authz.CountyOffice, authz.TownshipOffice}},
	{ledger.Reopen, []ledger.State{ledger.Verified, ledger.Closed}, ledger.Fixing, verifiers},
}

var verifiers = []authz.Role{authz.CountyOffice, authz.GuidanceGroup, authz.TownshipOffice, authz.GroupLeader, authz.Supervisor, authz.Inspector}

// said has what every action must say.
func said(a ledger.Action, photo blob.Digest) ledger.Act {
	return ledger.Act{
		ID: id.New(), Action: a, Note: "情况属实", Cause: "年久失修", Measure: "加固", Person: "王某", Responsible: "village",
		Signers: []string{"李某", "赵某"}, Files: []blob.Digest{photo},
	}
}

// as gives an actor of a role where it sits: villages and townships at home, the others over the township or the county.
func (w world) as(role authz.Role) authz.Actor {
	a := w.Office
	a.ID, a.Role = id.New(), role
	switch role { //nolint:exhaustive // the others sit in the township
	case authz.Village:
		a.Region = w.Village.Region
	case authz.CountyOffice, authz.GuidanceGroup:
		a.Region = w.County.Region
	}
	return a
}

// at brings a new problem of the village to a state.
func (w world) at(t *testing.T, state ledger.State, photo blob.Digest) string {
	t.Helper()
	d, err := w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), ledger.Input{Village: w.Village.Region, Title: errs.Text{ZH: "水管破裂"}, Severity: "low"})
	if err != nil {
		t.Fatal(err)
	}
	by := map[ledger.Action]authz.Actor{ledger.Refer: w.Office, ledger.Verify: w.Supervisor, ledger.Close: w.Office}
	for _, a := range roads[state] {
		who, ok := by[a]
		if !ok {
			who = w.Village
		}
		w.must(t, who, d.ID, said(a, photo))
	}
	return d.ID
}

// TestEveryActionInEveryStateByEveryRole tries all of them: what the table of arrows does not allow is refused with the error that says why.
func TestEveryActionInEveryStateByEveryRole(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		photo := w.Photo(t, "after")
		items := map[ledger.State]string{}
		allowed := 0
		for _, state := range ledger.States() {
			items[state] = w.at(t, state, photo)
		}
		for _, arrow := range arrows {
			for _, state := range ledger.States() {
				for _, role := range authz.Roles() {
					from := slices.Contains(arrow.from, state)
					want := "ledger.wrong_state"
					switch {
					case role == authz.Enumerator || !slices.Contains(arrow.roles, role) && !w.as(role).Can(arrow.action.Needs()):
						want = "authz.forbidden"
					case !slices.Contains(arrow.roles, role):
						want = "ledger.of_village" // the township office for what the village answers for
					case arrow.action == ledger.Answer && state != ledger.Closed:
						want = "ledger.no_notice"
					case from:
						want = ""
					}
					far := w.as(role)
					far.Region = w.Other.Region
					if role != authz.Enumerator {
						if _, err := w.do(far, items[state], said(arrow.action, photo)); errs.CodeOf(err) != "ledger.not_found" {
							t.Errorf("%s of %s by %s of another place: %v", arrow.action, state, role, err)
						}
					}
					item := items[state]
					if want == "" { // it will move: take another one
						item, allowed = w.at(t, state, photo), allowed+1
					}
					d, err := w.do(w.as(role), item, said(arrow.action, photo))
					to := arrow.to
					if to == "=" {
						to = state
					}
					if errs.CodeOf(err) != want || want == "" && d.State != to {
						t.Errorf("%s of %s by %s: %v, state %q; want %q, state %q", arrow.action, state, role, err, d.State, want, to)
					}
				}
			}
		}
		for _, state := range ledger.States() { // nothing that was refused moved anything
			if d, err := w.ledgers.Get(t.Context(), w.Office, items[state]); err != nil || d.State != state {
				t.Errorf("%s became %s (%v)", state, d.State, err)
			}
		}
		if want := 2 + 1 + 2 + 6 + 2 + 2 + 20 + 6 + 6 + 2 + 12; allowed != want {
			t.Errorf("%d ways through the machine, want %d", allowed, want)
		}
	})
}

func TestEscalationAndNoticesWithTheirDeadlines(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		photo := w.Photo(t, "after")
		item := w.at(t, ledger.Fixing, photo)
		leader := w.as(authz.TownshipLeader)
		do := func(name string, who authz.Actor, a ledger.Action, change func(*ledger.Act), want string) ledger.Detail {
			t.Helper()
			act := said(a, photo)
			if change != nil {
				change(&act)
			}
			d, err := w.do(who, item, act)
			if errs.CodeOf(err) != want {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
			return d
		}
		do("a list that nobody signed", w.Village, ledger.Escalate, func(a *ledger.Act) { a.Signers = []string{"李某", " "} }, "ledger.signers")
		d := do("escalate", w.Village, ledger.Escalate, nil, "")
		if d.SignedBy != "李某、赵某" {
			t.Errorf("signed by %s", d.SignedBy)
		}
		d = do("notice", w.Inspector, ledger.Supervise, nil, "") // Wednesday 4 March: three working days
		if d.ReplyBy != "2026-03-09" || len(d.Notices) != 1 || d.Notices[0].No != 1 {
			t.Errorf("answer by %s, %+v", d.ReplyBy, d.Notices)
		}
		do("a second one at once", w.Office, ledger.Supervise, nil, "ledger.notice_open")
		do("refer", w.Office, ledger.Refer, nil, "")
		do("a body that the playbook does not name", leader, ledger.Decide, func(a *ledger.Act) { a.Responsible = "mayor" }, "ledger.responsible")
		do("nobody who answers for it", leader, ledger.Decide, func(a *ledger.Act) { a.Person = "" }, "ledger.assign")
		do("yesterday", leader, ledger.Decide, func(a *ledger.Act) { a.DueOn = "2026-03-03" }, "ledger.due_past")
		d = do("decide", leader, ledger.Decide, func(a *ledger.Act) { a.Responsible, a.DueOn = "township_office", "2026-03-13" }, "")
		if d.Responsible != "township_office" || d.DueOn != "2026-03-13" || d.FirstDue != "2026-03-25" || d.State != ledger.Registered {
			t.Errorf("%+v", d.Item)
		}
		do("the village has nothing more to escalate", w.Village, ledger.Escalate, nil, "ledger.of_township")
		clock.Advance(at(10).Sub(clock.Now()))
		if got := w.list(t, w.Office, ledger.Filter{Notice: "late"}).Total; got != 1 {
			t.Errorf("%d unanswered", got)
		}
		d = do("again, the day after it should have been answered", w.Office, ledger.Supervise, nil, "")
		if len(d.Notices) != 2 || d.Notices[1].No != 2 || d.ReplyBy != "2026-03-13" {
			t.Errorf("%+v", d.Notices)
		}
		do("start", w.Office, ledger.Start, nil, "")
		do("claim", w.Office, ledger.Claim, nil, "")
		do("nobody verifies what they claimed", w.Office, ledger.Verify, nil, "ledger.same_person")
		do("verify", w.Inspector, ledger.Verify, nil, "")
		do("close before the answer", w.Office, ledger.Close, nil, "ledger.notice_unanswered")
		d = do("answer", w.Office, ledger.Answer, func(a *ledger.Act) { a.Note = "已整改到位" }, "")
		if d.Notices[1].Reply != "已整改到位" || d.Notices[1].RepliedAt == nil || d.Notices[0].Reply != "" {
			t.Errorf("%+v", d.Notices)
		}
		do("answer twice", w.Office, ledger.Answer, nil, "ledger.no_notice")
		do("close", w.Office, ledger.Close, nil, "")
		clock.Advance(at(16).Sub(clock.Now())) // a Monday, after the deadline
		d = do("reopen", w.Inspector, ledger.Reopen, nil, "")
		if d.DueOn != "2026-03-31" || d.Overdue(d.Today) { // 15 working days, but the ledger's last day
			t.Errorf("due on %s when opened again", d.DueOn)
		}
	})
}

func TestEarlyWarningCountsWorkingDays(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, unsafe) // due on Wednesday 11 and 25 March; three working days' warning
		for _, tc := range []struct{ day, want int }{{5, 0}, {6, 1}, {9, 1}, {11, 1}, {12, 0}, {19, 0}, {20, 1}} {
			clock.Advance(at(tc.day).Sub(clock.Now()))
			if got := w.list(t, w.Village, ledger.Filter{Warning: true}).Total; got != tc.want {
				t.Errorf("on 3/%d: %d warned of, want %d", tc.day, got, tc.want)
			}
		}
	})
}

func TestWhatTheDataClearedIsVerifiedWithoutAClaim(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		u := id.New()
		w.Send(t, w.Visits[0], u, 0, unsafe)
		item := w.list(t, w.Office, ledger.Filter{}).Items[0].ID
		if _, err := w.do(w.Supervisor, item, ledger.Act{Action: ledger.Verify}); errs.CodeOf(err) != "ledger.wrong_state" {
			t.Errorf("verified what nobody says is mended: %v", err)
		}
		w.Send(t, w.Visits[0], u, 1, nil)
		if _, err := w.do(w.Village, item, ledger.Act{Action: ledger.Verify}); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("the village: %v", err)
		}
		if d := w.must(t, w.Supervisor, item, ledger.Act{Action: ledger.Verify}); d.State != ledger.Verified {
			t.Errorf("state %s", d.State)
		}
	})
}

// TestTwoWhoActAtOnceGiveOneActAndOneRefusal lets two persons do what they saw as possible, many times over.
func TestTwoWhoActAtOnceGiveOneActAndOneRefusal(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		photo := w.Photo(t, "after")
		for _, tc := range []struct {
			state ledger.State
			a, b  ledger.Action
			who   [2]authz.Actor
		}{
			{ledger.Claimed, ledger.Verify, ledger.Reject, [2]authz.Actor{w.Supervisor, w.Inspector}},
			{ledger.Fixing, ledger.Start, ledger.Start, [2]authz.Actor{w.Village, w.Village}}, // a step that leads back to where it was
			{ledger.Registered, ledger.Supervise, ledger.Supervise, [2]authz.Actor{w.Office, w.Inspector}},
			{ledger.Escalated, ledger.Judge, ledger.Refer, [2]authz.Actor{w.Office, w.Office}},
		} {
			item := w.at(t, tc.state, photo)
			before, err := w.ledgers.Get(t.Context(), w.Office, item)
			if err != nil {
				t.Fatal(err)
			}
			var group sync.WaitGroup
			var got [2]error
			for i, a := range []ledger.Action{tc.a, tc.b} {
				act := said(a, photo)
				act.Seen = &before.Version
				group.Go(func() { _, got[i] = w.ledgers.Do(context.Background(), tc.who[i], item, act) })
			}
			group.Wait()
			after, err := w.ledgers.Get(t.Context(), w.Office, item)
			if err != nil {
				t.Fatal(err)
			}
			if (got[0] == nil) == (got[1] == nil) || len(after.Events) != len(before.Events)+1 || after.Version != before.Version+1 {
				t.Errorf("%s and %s: %v, %v; %d events", tc.a, tc.b, got[0], got[1], len(after.Events)-len(before.Events))
			}
			for _, err := range got {
				if code := errs.CodeOf(err); err != nil && !slices.Contains([]string{"ledger.stale", "ledger.wrong_state", "ledger.notice_open"}, code) {
					t.Errorf("%s and %s: the refusal is %v", tc.a, tc.b, err)
				}
			}
		}
	})
}

func TestPetitionsAndHouseholdsOutsideTheRoster(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		petition := func() *ledger.Petition {
			return &ledger.Petition{Kind: ledger.Complaint, Channel: "visit", Petitioner: "钱某", Contact: "村口小店", Content: "反映低保评定没有公示，要求核查", Explained: "十五日内告知是否受理"}
		}
		in := func(p *ledger.Petition) ledger.Input {
			return ledger.Input{Village: w.Village.Region, Title: errs.Text{ZH: "低保评定未公示"}, Severity: "low", Source: ledger.ByPetition, Petition: p, OffName: "钱某"}
		}
		for name, tc := range map[string]struct {
			change func(*ledger.Input)
			want   string
		}{
			"no petition":                  {func(i *ledger.Input) { i.Petition = nil }, "ledger.petition"},
			"a petition of another source": {func(i *ledger.Input) { i.Source = ledger.BySpot }, "ledger.petition"},
			"no detail":                    {func(i *ledger.Input) { i.Petition.Content = "不公平" }, "ledger.petition"},
			"no such kind":                 {func(i *ledger.Input) { i.Petition.Kind = "rumour" }, "ledger.petition_kind"},
			"the procedure not explained":  {func(i *ledger.Input) { i.Petition.Explained = " " }, "ledger.procedure"},
			"a rule's source":              {func(i *ledger.Input) { i.Source, i.Petition = ledger.ByRule, nil }, "ledger.source"},
			"no such nature":               {func(i *ledger.Input) { i.Nature = "luck" }, "ledger.nature"},
			"two households":               {func(i *ledger.Input) { i.Household = w.Visits[0].House.ID }, "ledger.off_roster"},
			"all said":                     {func(*ledger.Input) {}, ""},
			"a check, a household by name": {func(i *ledger.Input) {
				i.Source, i.Petition, i.Reference = ledger.ByProvince, nil, "省核查〔2026〕3号"
			}, ""},
			"a need, brought without a name": {func(i *ledger.Input) { i.Petition.Kind, i.Petition.Petitioner = "need", "" }, ""},
		} {
			x := in(petition())
			tc.change(&x)
			if _, err := w.ledgers.Register(t.Context(), w.Supervisor, w.Campaign.ID, id.New(), x); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", name, err, tc.want)
			}
		}
		all := w.list(t, w.Office, ledger.Filter{Source: ledger.ByPetition}).Items
		var complaint ledger.Item
		for _, it := range all {
			if it.Sealed {
				complaint = it
			}
		}
		if len(all) != 2 || complaint.HeadName != "钱某" || complaint.Responsible != "township_office" {
			t.Fatalf("%+v", all)
		}
		for _, it := range w.list(t, w.Village, ledger.Filter{}).Items {
			if it.ID == complaint.ID {
				t.Error("the village reads what was said about it")
			}
		}
		if _, err := w.ledgers.Get(t.Context(), w.Village, complaint.ID); errs.CodeOf(err) != "ledger.not_found" {
			t.Errorf("the village: %v", err)
		}
		if _, err := w.do(w.Village, complaint.ID, said(ledger.Start, w.Photo(t, "x"))); errs.CodeOf(err) != "ledger.not_found" {
			t.Errorf("the village acts: %v", err)
		}
		seen := map[string]string{}
		for name, who := range map[string]authz.Actor{"office": w.Office, "supervisor": w.Supervisor} {
			d, err := w.ledgers.Get(t.Context(), who, complaint.ID)
			if err != nil {
				t.Fatal(err)
			}
			seen[name] = d.Petition.Petitioner + "/" + d.Petition.Contact + "/" + d.Petition.Explained
		}
		if diff := cmp.Diff(map[string]string{"office": "钱某/村口小店/十五日内告知是否受理", "supervisor": "//十五日内告知是否受理"}, seen); diff != "" {
			t.Error(diff)
		}
	})
}
