package assign_test

import (
	"context"
	"strings"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

func village(n int) region.Region {
	return region.Region{Code: surveytest.VillageCode(surveytest.Township, n)}
}

// cells gives how many households each team has, by name, for villages that are looked for ("" is all).
func (w *world) cells(t *testing.T, where region.Code) map[string]int {
	t.Helper()
	b, err := w.assigns.Board(context.Background(), w.Office, w.Campaign.ID, "zh")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, team := range b.Teams {
		names[team.ID] = team.Name
	}
	out := map[string]int{}
	for _, c := range b.Cells {
		if where == "" || c.Village.Code == where {
			out[names[c.Team]] += c.Households
		}
	}
	return out
}

// ruled is a world whose playbook has further rules of teams.
func ruled(t *testing.T, d *db.DB, keys string) *world {
	t.Helper()
	w := &world{World: surveytest.NewTeam(t, d, 4, keys), seen: map[string]int{}}
	w.serve(t, d)
	return w
}

func TestTiesCloseVillagesAndHouseholds(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := ruled(t, d, "ties: [responsible, kin]")
		p := w.people(t, "c", "c", "t", "t")
		w.load(t, 3, 3)
		ts := w.form(t)
		ties := []assign.Tie{
			{Kind: "responsible", Village: village(1), Note: "包村干部"},
			{Kind: "kin", Village: village(2), Household: "H0004"},
			{Kind: "workplace", Village: village(2)}, // the playbook does not ask for it
		}
		first := ts[0].Members[0].Account
		if _, err := w.assigns.SetTies(ctx, w.Office, w.Campaign.ID, first, ties); err != nil {
			t.Fatal(err)
		}
		w.plan(t)
		for _, a := range w.all(t) {
			if a.Team == ts[0].ID && (a.Village == village(1).Code || a.House.Code == "H0004") {
				t.Errorf("a visit in spite of a tie: %+v", a.House)
			}
		}
		if got := w.cells(t, village(1).Code); got[ts[1].Name] != 3 {
			t.Errorf("village 1: %v", got)
		}
		b, err := w.assigns.Board(ctx, w.Office, w.Campaign.ID, "en")
		if err != nil || len(b.Blocks) != 1 || b.Blocks[0].Code != "assign.rule_responsible" || b.Blocks[0].Team != ts[0].ID || !strings.Contains(b.Blocks[0].Message, "responsible") {
			t.Errorf("%+v, %v", b.Blocks, err)
		}
		for _, tie := range []assign.Tie{{Kind: "friend", Village: village(1)}, {Kind: "workplace", Village: village(1), Household: "H0001"}, {Kind: "kin", Village: region.Region{Code: surveytest.Township}}} {
			if _, err := w.assigns.SetTies(ctx, w.Office, w.Campaign.ID, first, []assign.Tie{tie}); errs.CodeOf(err) != "assign.tie" {
				t.Errorf("%+v: %v", tie, err)
			}
		}
		if _, err := w.assigns.SetTies(ctx, w.Other, w.Campaign.ID, p[0], nil); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township: %v", err)
		}
	})
}

func TestAVillageDayIsCarriedToAnotherTeamOrNotAtAll(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := ruled(t, d, "villages_per_day: 1")
		w.people(t, "c", "c", "t1", "t2")
		w.load(t, 2, 2)
		ts := w.form(t)
		w.plan(t)
		b, err := w.assigns.Board(ctx, w.Office, w.Campaign.ID, "zh")
		if err != nil || len(b.Cells) != 2 || b.Quality.Least != 2 || b.Quality.Most != 2 {
			t.Fatalf("%+v, %v", b, err)
		}
		from, other := b.Cells[0], b.Cells[1]
		move := func(st assign.Step, dry bool, want string) assign.Moves {
			t.Helper()
			out, err := w.assigns.Move(ctx, w.Office, w.Campaign.ID, []assign.Step{st}, "调整", dry)
			if errs.CodeOf(err) != want && (err != nil || want != "") {
				t.Fatalf("got %v, want %q", err, want)
			}
			return out
		}
		step := assign.Step{Team: from.Team, Date: from.Date, Village: from.Village.Code, ToTeam: other.Team, ToDate: "2026-03-14"}
		move(step, false, "assign.own_village") // one home village each, so that each may visit the other's only
		step.ToTeam = from.Team
		if ch := move(step, true, "").Changes; len(ch) != 1 || ch[0].Households != 2 || ch[0].To.Date != "2026-03-14" || ch[0].From.TeamName == "" {
			t.Errorf("dry: %+v", ch)
		}
		if b, _ := w.assigns.Board(ctx, w.Office, w.Campaign.ID, "zh"); b.Cells[0].Date != from.Date {
			t.Error("a dry run moved something")
		}
		back := move(step, false, "").Undo
		move(step, false, "assign.nothing_to_move")
		if _, err := w.assigns.Move(ctx, w.Office, w.Campaign.ID, back, "撤销", false); err != nil {
			t.Fatal(err)
		}
		for _, a := range w.all(t) {
			if a.Team == from.Team && (a.Date != from.Date || a.Pinned) {
				t.Errorf("taken back, yet %+v", a.Assignment)
			}
		}
		move(step, false, "")
		for _, a := range w.all(t) {
			if a.Team == from.Team && (a.Date != "2026-03-14" || !a.Pinned) {
				t.Errorf("%+v", a.Assignment)
			}
		}
		if err := w.assigns.SetDayOff(ctx, w.Office, w.Campaign.ID, ts[0].ID, "2026-03-15", true, "培训"); err != nil {
			t.Fatal(err)
		}
		move(assign.Step{Team: from.Team, Date: "2026-03-14", Village: from.Village.Code, ToTeam: ts[0].ID, ToDate: "2026-03-15"}, true, "assign.day_off")
	})
}

func TestATeamDropsOutAndOnlyItsOpenWorkMoves(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "c", "c", "t", "t", "t")
		w.load(t, 6, 6, 6)
		ts := w.form(t)
		w.plan(t)
		before := map[string]assign.Row{}
		var theirs []assign.Row
		for _, a := range w.all(t) {
			before[a.ID] = a
			if a.Team == ts[0].ID {
				theirs = append(theirs, a)
			}
		}
		if len(theirs) != 6 {
			t.Fatalf("%d visits of the first team", len(theirs))
		}
		begun := theirs[0].ID
		if err := w.assigns.Begin(ctx, w.Office, begun); err != nil {
			t.Fatal(err)
		}
		if _, err := w.assigns.MoveByHand(ctx, w.Office, begun, assign.MoveInput{Team: ts[1].ID, Date: "2026-03-15", Reason: "换组"}); errs.CodeOf(err) != "assign.begun" {
			t.Errorf("begun: %v", err)
		}
		dry, err := w.assigns.DropTeam(ctx, w.Office, w.Campaign.ID, ts[0].ID, assign.DropInput{Reason: "抽调", DryRun: true})
		if err != nil || !dry.Feasible || len(dry.Changes) == 0 {
			t.Fatalf("dry: %+v, %v", dry, err)
		}
		for _, a := range w.all(t) {
			if a.Team != before[a.ID].Team {
				t.Fatal("a dry run moved something")
			}
		}
		p, err := w.assigns.DropTeam(ctx, w.Office, w.Campaign.ID, ts[0].ID, assign.DropInput{Reason: "抽调"})
		if err != nil || !p.Feasible {
			t.Fatalf("%+v, %v", p.Reasons, err)
		}
		moved := 0
		for _, a := range w.all(t) {
			old := before[a.ID]
			switch {
			case old.Team != ts[0].ID || a.ID == begun:
				if a.Team != old.Team || a.Date != old.Date {
					t.Errorf("%s was disturbed", a.House.Code)
				}
			case a.Team == ts[0].ID:
				t.Errorf("%s stayed with the team that is gone", a.House.Code)
			default:
				moved++
			}
		}
		if moved != 5 {
			t.Errorf("%d moved", moved)
		}
		if _, err := w.assigns.Move(ctx, w.Office, w.Campaign.ID, []assign.Step{{Assignment: w.all(t)[0].ID, ToTeam: ts[0].ID, ToDate: "2026-03-15"}}, "x", true); errs.CodeOf(err) != "assign.dropped" && errs.CodeOf(err) != "assign.begun" {
			t.Errorf("to a team that is gone: %v", err)
		}
		// The next drop is too much for the last team: 18 households, 15 places, one begun elsewhere.
		p, err = w.assigns.DropTeam(ctx, w.Office, w.Campaign.ID, ts[1].ID, assign.DropInput{Reason: "抽调", Lang: "en"})
		if err != nil || p.Feasible || len(p.Reasons) == 0 || p.Reasons[0].Code != "assign.plan_too_few_days" || p.Reasons[0].Count != 1 {
			t.Errorf("%+v, %v", p.Reasons, err)
		}
		if ts, _ := w.assigns.Teams(ctx, w.Office, w.Campaign.ID); ts[1].Dropped {
			t.Error("the team is gone although its work could not be spread")
		}
		p, err = w.assigns.DropTeam(ctx, w.Office, w.Campaign.ID, ts[1].ID, assign.DropInput{Reason: "抽调", Leave: true})
		b, _ := w.assigns.Board(ctx, w.Office, w.Campaign.ID, "zh")
		if err != nil || p.Feasible || len(b.Unplanned) == 0 || !b.Teams[1].Dropped {
			t.Errorf("%+v, %v", b.Unplanned, err)
		}
	})
}

func TestAHouseholdThatIsGivenBackGoesToAnotherTeam(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "c", "t", "t")
		w.load(t, 4)
		w.form(t)
		w.plan(t)
		a := w.all(t)[0]
		if err := w.assigns.GiveBack(ctx, w.Office, a.ID, " "); errs.CodeOf(err) != "assign.reason" {
			t.Errorf("no reason: %v", err)
		}
		if err := w.assigns.GiveBack(ctx, w.Other, a.ID, "亲戚"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township: %v", err)
		}
		if err := w.assigns.GiveBack(ctx, w.Office, a.ID, "是成员的亲戚"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.assigns.MakePlan(ctx, w.Office, w.Campaign.ID, assign.PlanInput{Rest: true}); err != nil {
			t.Fatal(err)
		}
		for _, b := range w.all(t) {
			if b.Household == a.Household && b.Team == a.Team {
				t.Error("the same team has it again")
			}
			if b.Household == a.Household {
				if _, err := w.assigns.MoveByHand(ctx, w.Office, b.ID, assign.MoveInput{Team: a.Team, Reason: "x"}); errs.CodeOf(err) != "assign.rule_refused" {
					t.Errorf("by hand: %v", err)
				}
			}
		}
		if len(w.all(t)) != 4 {
			t.Errorf("%d visits", len(w.all(t)))
		}
	})
}

func TestAppointmentsAndOtherMeansArePlannedAsAgreed(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := ruled(t, d, "villages_per_day: 1")
		w.people(t, "c", "t")
		w.load(t, 2, 1)
		w.form(t)
		w.plan(t)
		var houses []string
		for _, a := range w.all(t) {
			houses = append(houses, a.Household)
		}
		agree := func(a assign.Arrangement, want string) {
			t.Helper()
			if err := w.assigns.Arrange(ctx, w.Office, w.Campaign.ID, a); errs.CodeOf(err) != want && (err != nil || want != "") {
				t.Errorf("%+v: %v, want %q", a, err, want)
			}
		}
		agree(assign.Arrangement{Household: houses[0], Day: "2026-03-15", FromTime: "9:30"}, "assign.appointment")
		agree(assign.Arrangement{Household: houses[0], FromTime: "09:30"}, "assign.appointment")
		agree(assign.Arrangement{Household: houses[0], Day: "2026-04-15"}, "assign.dates")
		agree(assign.Arrangement{Household: houses[1], Remote: "pigeon", Reason: "x"}, "assign.remote")
		agree(assign.Arrangement{Household: houses[1], Remote: "phone"}, "assign.reason")
		agree(assign.Arrangement{Household: id.New(), Day: "2026-03-15"}, "roster.no_household")
		agree(assign.Arrangement{Household: houses[0], Day: "2026-03-15", FromTime: "09:30", ToTime: "11:00"}, "")
		agree(assign.Arrangement{Household: houses[1], Remote: "phone", Reason: "全家在外务工"}, "")
		if n := len(w.all(t)); n != 2 {
			t.Errorf("the visit of another day is still planned: %d", n)
		}
		if _, err := w.assigns.MakePlan(ctx, w.Office, w.Campaign.ID, assign.PlanInput{Rest: true}); err != nil {
			t.Fatal(err)
		}
		for _, a := range w.all(t) {
			if a.Household == houses[0] {
				if a.Date != "2026-03-15" {
					t.Errorf("planned on %s", a.Date)
				}
				if _, err := w.assigns.MoveByHand(ctx, w.Office, a.ID, assign.MoveInput{Date: "2026-03-14", Reason: "x"}); errs.CodeOf(err) != "assign.rule_appointment" {
					t.Errorf("by hand: %v", err)
				}
			}
		}
		list, err := w.assigns.Arrangements(ctx, w.Office, w.Campaign.ID)
		if err != nil || len(list) != 2 || list[0].Code == "" || list[0].Village.Name == "" {
			t.Errorf("%+v, %v", list, err)
		}
		agree(assign.Arrangement{Household: houses[0]}, "")
		if list, _ := w.assigns.Arrangements(ctx, w.Office, w.Campaign.ID); len(list) != 1 {
			t.Errorf("%d left", len(list))
		}
	})
}

func TestWorkingDaysLeaveTheWeekendFreeAndSaySo(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := ruled(t, d, "days: working")
		w.people(t, "c", "t")
		w.load(t, 9)
		w.form(t)
		w.plan(t)
		for _, a := range w.all(t) {
			if a.Date == "2026-03-14" || a.Date == "2026-03-15" { // Saturday and Sunday
				t.Errorf("planned on %s", a.Date)
			}
		}
		if _, err := w.assigns.MoveByHand(context.Background(), w.Office, w.all(t)[0].ID, assign.MoveInput{Date: "2026-03-14", Reason: "x"}); errs.CodeOf(err) != "assign.not_working" {
			t.Errorf("by hand: %v", err)
		}
	})
}

func TestNoTwoVillagesSendTeamsToEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := ruled(t, d, "no_swaps: village")
		w.people(t, "c", "c", "c", "t1", "t2", "t3")
		w.load(t, 4, 4, 4)
		ts := w.form(t)
		if p := w.plan(t); !p.Feasible {
			t.Fatalf("%+v", p.Reasons)
		}
		from := map[string]region.Code{}
		for _, team := range ts {
			from[team.ID] = team.Homes()[0]
		}
		sent := map[[2]region.Code]bool{}
		for _, a := range w.all(t) {
			sent[[2]region.Code{from[a.Team], a.Village}] = true
		}
		for pair := range sent {
			if sent[[2]region.Code{pair[1], pair[0]}] {
				t.Errorf("a swap: %v", pair)
			}
		}
	})
}

func TestAStaffTableGivesTies(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := ruled(t, d, "ties: [workplace, responsible, kin]")
		w.people(t, "c", "t1", "t2")
		rows := [][]any{
			{"工作人员名单"},
			{"账号", "姓名", "包村", "亲属所在村", "亲属户编号"},
			{"e00", "", "第1村、第2村", "", ""},
			{"", "调查员1", "", "第3村", "H0007"},
		}
		file := func(rows [][]any) []byte { return rt.XLSX(t, rt.Sheet{Name: "名单", Rows: rows}) }
		dry, err := w.assigns.ImportStaff(ctx, w.Office, w.Campaign.ID, "zh", file(rows), true)
		if err != nil || dry.People != 2 || dry.Ties != 3 || len(dry.Errors) != 0 {
			t.Fatalf("%+v, %v", dry, err)
		}
		ties := func() int {
			n := 0
			people, err := w.assigns.People(ctx, w.Office, w.Campaign.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range people {
				n += len(p.Ties)
			}
			return n
		}
		if ties() != 0 {
			t.Error("a dry run wrote")
		}
		for range 2 { // twice changes nothing
			if _, err := w.assigns.ImportStaff(ctx, w.Office, w.Campaign.ID, "zh", file(rows), false); err != nil || ties() != 3 {
				t.Errorf("%d ties, %v", ties(), err)
			}
		}
		bad := append(rows, []any{"e09", "", "", "", ""}, []any{"e02", "", "无此村", "", ""}, []any{"e02", "", "", "", "H1"}, []any{"e00", "", "", "", ""})
		rep, err := w.assigns.ImportStaff(ctx, w.Office, w.Campaign.ID, "zh", file(bad), false)
		var codes []string
		for _, e := range rep.Errors {
			codes = append(codes, e.Code)
		}
		if err != nil || strings.Join(codes, " ") != "assign.staff_nobody assign.staff_village assign.staff_household assign.staff_twice" || rep.Errors[0].Row != 5 || ties() != 3 {
			t.Errorf("%+v, %v, %d ties", rep, err, ties())
		}
		if _, err := w.assigns.ImportStaff(ctx, w.Office, w.Campaign.ID, "zh", file([][]any{{"a", "b"}}), false); errs.CodeOf(err) != "assign.staff_columns" {
			t.Errorf("no header: %v", err)
		}
	})
}

func TestGuidesAreOfAVillageAndTheirPhonesMasked(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		g := assign.Guide{ID: id.New(), Village: village(1), Name: "向导甲", Phone: "13900000000", Role: "村文书"}
		if err := w.assigns.PutGuide(ctx, w.Office, w.Campaign.ID, g); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []assign.Guide{{ID: id.New(), Village: village(1)}, {ID: id.New(), Village: village(1), Name: "甲", Phone: "电话"}} {
			if err := w.assigns.PutGuide(ctx, w.Office, w.Campaign.ID, bad); errs.CodeOf(err) != "assign.guide" {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := w.assigns.PutGuide(ctx, w.Office, w.Campaign.ID, assign.Guide{ID: id.New(), Village: village(9), Name: "甲"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("no such village: %v", err)
		}
		got, err := w.assigns.Guides(ctx, surveytest.Actor("supervisor", surveytest.Township), w.Campaign.ID)
		if err != nil || len(got) != 1 || got[0].Phone != "139****0000" || got[0].Village.Name != "第1村" {
			t.Errorf("%+v, %v", got, err)
		}
		if err := w.assigns.DeleteGuide(ctx, w.Office, w.Campaign.ID, g.ID); err != nil {
			t.Fatal(err)
		}
		if got, _ := w.assigns.Guides(ctx, w.Office, w.Campaign.ID); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}
