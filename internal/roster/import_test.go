package roster_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

type world struct {
	surveytest.World
	rosters *roster.Service
}

func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	w := world{World: surveytest.New(t, d, 3)}
	w.rosters = roster.NewService(d, w.Bus, w.Surveys)
	return w
}

func (w world) load(t *testing.T, data []byte) roster.Report {
	t.Helper()
	rep, err := w.rosters.Import(context.Background(), w.Office, w.Campaign.ID, roster.File{Name: "底册.xlsx", Data: data})
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	return rep
}

func villages() []region.Region {
	rs := []region.Region{region.Named(surveytest.Township, "东镇"), region.Named(surveytest.Elsewhere, "西镇")}
	for n := 1; n <= 3; n++ {
		rs = append(rs, region.Named(surveytest.VillageCode(surveytest.Township, n), surveytest.VillageName(n)))
	}
	return append(rs, region.Named(surveytest.VillageCode(surveytest.Elsewhere, 1), surveytest.VillageName(1)))
}

func two(hs, ms [][]any) []rt.Sheet {
	return []rt.Sheet{{Name: "户", Rows: append([][]any{rt.HouseholdHeader}, hs...)}, {Name: "人", Rows: append([][]any{rt.MemberHeader}, ms...)}}
}

// positions makes a household for each pair of 纬度 and 经度.
func positions(pairs ...[]any) []rt.Sheet {
	hs := [][]any{append(slices.Clone(rt.HouseholdHeader), "住房纬度", "经度（WGS-84）")}
	ms := [][]any{rt.MemberHeader}
	for i, p := range pairs {
		hs = append(hs, append(rt.Household(i+1, "第2村", "脱贫户"), p...))
		ms = append(ms, rt.Member(i+1, 0))
	}
	return []rt.Sheet{{Name: "户", Rows: hs}, {Name: "人", Rows: ms}}
}

// columns leaves the first n of the first sheet.
func columns(sheets []rt.Sheet, n int) []rt.Sheet {
	for i, row := range sheets[0].Rows {
		sheets[0].Rows[i] = row[:n]
	}
	return sheets
}

func TestMistakesAreReportedByPlace(t *testing.T) {
	t.Parallel()
	good, goodHead := rt.Household(1, "第2村", "脱贫户"), rt.Member(1, 0)
	with := func(row []any, col int, v any) []any {
		c := slices.Clone(row)
		c[col] = v
		return c
	}
	person := func(rows ...[]any) []rt.Sheet {
		head := []any{"户 编\n号", "行政村*", "乡镇", "姓名", "身份证号码", "与户主关系（必填）", "贫困户属性", "脱贫属性", "脱贫年度", "家庭人口", "性别"}
		return []rt.Sheet{{Name: "全镇", Rows: append([][]any{{"东镇脱贫人口信息表"}, {}, head}, rows...)}}
	}
	tests := []struct {
		name     string
		sheets   []rt.Sheet
		errors   []string // sheet!column+row code value
		warnings []string
	}{
		{name: "two sheets without a mistake", sheets: two([][]any{good}, [][]any{goodHead, rt.Member(1, 1)})},
		{name: "one sheet of persons under a title", sheets: person(
			[]any{"A1", "430922101201", "", "张 三", rt.ID(1), "户主", "一般贫困户", "已脱贫", "2019", "2", "女"},
			[]any{"A1", "", "", "李四", rt.ID(2), "配偶", "", "", "", "", ""},
		), warnings: []string{"全镇!K4 roster.sex_differs 女"}},
		{name: "full-width digits, apostrophes and village offices", sheets: two([][]any{
			with(with(with(good, 4, "'"+rt.ID(10)), 1, "第2村村民委员会"), 7, "２０１８"),
		}, [][]any{goodHead})},
		{name: "wrong ID numbers", sheets: two([][]any{good, rt.Household(2, "第3村", "脱贫户")}, [][]any{
			goodHead, with(rt.Member(1, 1), 2, "990101193001010"), with(rt.Member(1, 2), 2, rt.ID(1)[:17]+"?"), with(rt.Member(1, 3), 2, "4.30922E+17"),
			with(rt.Member(2, 0), 2, rt.ID(20)[:17]+map[bool]string{true: "0", false: "1"}[rt.ID(20)[17] != '0']), with(rt.Member(2, 1), 2, rt.ID(10)),
			with(rt.Member(2, 2), 2, ""), with(rt.Member(2, 3), 2, "12345"),
		}), errors: []string{
			"人!C3 roster.id_old 9901*********10", "人!C4 roster.id_chars 9901************" + rt.ID(1)[16:17] + "?", "人!C5 roster.id_scientific 4.30922E+17",
			"人!C6 roster.id_check 9901************" + rt.ID(20)[16:17] + map[bool]string{true: "0", false: "1"}[rt.ID(20)[17] != '0'],
			"人!7 roster.id_twice 9901************" + rt.ID(10)[16:], "人!C9 roster.id_length *****",
		}, warnings: []string{"人!C8 roster.no_id 成员2之2"}},
		{name: "a number where text belongs", sheets: two([][]any{with(good, 4, 430922197001011234.0)}, [][]any{goodHead}), errors: []string{"户!E2 roster.id_rounded 4309************60"}},
		{name: "villages that are not there", sheets: two([][]any{
			with(good, 1, "桃源村"), with(with(rt.Household(2, "", "脱贫户"), 1, "430922101999"), 0, "H2"), with(rt.Household(3, "", "脱贫户"), 1, "4309"), rt.Household(4, "", "脱贫户"), rt.Household(5, "第1村", "脱贫户"),
		}, [][]any{goodHead}), errors: []string{
			"户!B2 roster.village_unknown 桃源村", "户!B3 roster.village_unknown 430922101999", "户!B4 roster.village_code 4309", "户!B5 roster.empty ", "户!B6 roster.village_ambiguous 第1村",
		}},
		{name: "positions", sheets: positions(
			[]any{"27.1234567", "109.1"}, []any{"109.1", "27.1234567"}, []any{"27.1", ""}, []any{"", ""}, []any{"27.1°", "东经109度"}, []any{"-27.1", "709.1"},
		), errors: []string{
			"户!I3 roster.latitude 109.1", "户!J3 roster.longitude 27.1234567", "户!J4 roster.half_position ", "户!J6 roster.longitude 东经109度",
			"户!I7 roster.latitude -27.1", "户!J7 roster.longitude 709.1",
		}},
		{name: "a latitude alone", sheets: columns(positions([]any{"27.1"}), 9), errors: []string{"户!1 roster.column_missing "}},
		{name: "classes and years", sheets: two([][]any{with(good, 6, "神仙户"), with(rt.Household(2, "第2村", "脱贫户"), 7, "201八"), with(rt.Household(3, "第2村", "脱贫户"), 7, "")}, [][]any{goodHead}), errors: []string{
			"户!G2 roster.class 神仙户", "户!H3 roster.exit_year 201八",
		}, warnings: []string{"户!3 roster.no_exit_year ", "户!4 roster.no_exit_year "}},
		{name: "households that do not fit together", sheets: two([][]any{good, good, rt.Household(2, "第2村", "脱贫户")}, [][]any{goodHead, with(rt.Member(2, 0), 1, "别人"), with(rt.Member(2, 3), 3, "户主"), rt.Member(7, 0)}), errors: []string{
			"户!A3 roster.code_twice H00001", "人!5 roster.no_such_code H00007", "人!4 roster.two_heads H00002",
		}, warnings: []string{"人!3 roster.head_differs 别人"}},
		{name: "formulas", sheets: two([][]any{with(good, 3, "=CONCAT(A1)")}, [][]any{goodHead}), errors: []string{"户!D2 roster.formula_no_value "}},
		{name: "no header", sheets: []rt.Sheet{{Name: "说明", Rows: [][]any{{"只有文字"}}}}, errors: []string{"!0 roster.no_header "}},
		{name: "missing columns", sheets: []rt.Sheet{{Name: "户", Rows: [][]any{{"户编号", "户主姓名", "行政村", "联系电话"}, {"H1", "甲", "第2村", ""}}}}, errors: []string{"户!1 roster.column_missing ", "户!2 roster.head_no_id H1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep, err := roster.Check(roster.File{Data: rt.XLSX(t, tt.sheets...)}, villages())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(tt.name, "villages") || strings.Contains(tt.name, "formulas") {
				rep.Warnings = nil
			}
			if diff := cmp.Diff(tt.errors, short(rep.Errors)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.warnings, short(rep.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			for _, n := range append(rep.Errors, rep.Warnings...) {
				if n.Message == "" || n.Message == n.Code || strings.Contains(n.Message, "{") {
					t.Errorf("%s has the message %q", n.Code, n.Message)
				}
			}
		})
	}
}

func short(ns []roster.CellNote) []string {
	var out []string
	for _, n := range ns {
		out = append(out, fmt.Sprintf("%s!%s%d %s %s", n.Sheet, n.Column, n.Row, n.Code, n.Value))
	}
	return out
}

func TestImportWritesEverythingOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		good := two([][]any{rt.Household(1, "第2村", "脱贫户"), rt.Household(2, "第3村", "边缘户")}, [][]any{rt.Member(1, 0), rt.Member(1, 1), rt.Member(2, 0)})
		bad := two([][]any{rt.Household(1, "第2村", "脱贫户"), rt.Household(2, "无此村", "边缘户")}, [][]any{rt.Member(1, 0), rt.Member(2, 0)})

		_, err := w.rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Data: rt.XLSX(t, bad...)})
		e, _ := errs.As(err)
		if e == nil || e.Code != "roster.import_errors" {
			t.Fatalf("a file with a mistake: %v", err)
		}
		if rep, _ := e.Fields["report"].(roster.Report); rep.ErrorsTotal != 1 {
			t.Errorf("the error carries %+v", e.Fields["report"])
		}
		dry, err := w.rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Data: rt.XLSX(t, good...), DryRun: true})
		if err != nil || dry.Counts.HouseholdsNew != 2 {
			t.Fatalf("dry run: %+v, %v", dry.Counts, err)
		}
		if p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{}); err != nil || p.Total != 0 {
			t.Fatalf("something was written: %d households, %v", p.Total, err)
		}
		if rep := w.load(t, rt.XLSX(t, good...)); rep.Counts != (roster.Counts{HouseholdsNew: 2, MembersNew: 3}) {
			t.Errorf("got %+v", rep.Counts)
		}
		p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Query: "户主1"})
		if err != nil || p.Total != 1 || len(p.Items) != 1 {
			t.Fatalf("list: %d of %d, %v", len(p.Items), p.Total, err)
		}
		f, err := w.rosters.Get(ctx, w.Office, p.Items[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		h := f.Household
		if h.Code != "H00001" || h.VillageName != "第2村" || f.TownshipName != "东镇" || h.Class != roster.Exited || h.ExitYear != 2018 || h.Size != 2 || string(h.HeadIDNumber) != rt.ID(10) {
			t.Errorf("got %+v", h)
		}
		if len(f.Members) != 2 || f.Members[0].Relation != roster.Head || f.Members[1].Schooling != "小学" || f.Members[1].BirthDate == "" {
			t.Errorf("members %+v", f.Members)
		}
		pre := roster.Prefill(f)
		if pre["household.village"] != "第2村" || pre["household.size"] != "2" || pre["household.class"] != "exited" || pre["household.county"] != "测试县" {
			t.Errorf("prefill %v", pre)
		}
		if done, err := w.rosters.Imports(ctx, w.Office, w.Campaign.ID); err != nil || len(done) != 1 || done[0].Counts.HouseholdsNew != 2 {
			t.Errorf("imports %+v, %v", done, err)
		}
	})
}

func TestASecondImportUpdatesAndSaysWhatChanged(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		var moved []roster.Changed
		w.Bus.Inside(roster.EventChanged, func(_ context.Context, _ *db.Tx, evs []job.Event) error {
			for _, ev := range evs {
				c, err := job.Decode[roster.Changed](ev)
				if err != nil {
					return err
				}
				moved = append(moved, c)
			}
			return nil
		})
		w.load(t, rt.XLSX(t, two(
			[][]any{rt.Household(1, "第2村", "脱贫户"), rt.Household(2, "第2村", "脱贫户"), rt.Household(3, "第3村", "边缘户")},
			[][]any{rt.Member(1, 0), rt.Member(1, 1), rt.Member(2, 0), rt.Member(3, 0)})...))
		one := rt.Household(1, "第3村", "脱贫户")
		one[5] = "13900000009"
		child := rt.Member(1, 2)
		head := rt.Member(1, 0)
		head[4] = "残疾"
		again := rt.XLSX(t, two([][]any{one, rt.Household(2, "第2村", "脱贫户")}, [][]any{head, child, rt.Member(2, 0)})...)
		rep := w.load(t, again)
		want := roster.Counts{HouseholdsChanged: 1, HouseholdsSame: 1, MembersNew: 1, MembersChanged: 1, MembersSame: 1, MembersGone: 1}
		if rep.Counts != want {
			t.Errorf("got %+v, want %+v", rep.Counts, want)
		}
		var got []string
		for _, c := range rep.Changes {
			got = append(got, fmt.Sprintf("%s %s %s>%s", c.HouseholdCode, c.Field, c.From, c.To))
		}
		if diff := cmp.Diff([]string{
			"H00001 village 第2村>第3村", "H00001 phone 138****0001>139****0009", "H00001 member.health 户主1 健康>户主1 残疾",
			"H00001 member.phone 户主1 138****0001>户主1 139****0009", "H00001 member >成员1之2", "H00001 member 成员1之1>",
		}, got); diff != "" {
			t.Error(diff)
		}
		if len(moved) != 1 || len(moved[0].Households) != 1 {
			t.Errorf("roster.changed %+v", moved)
		}
		p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{})
		if err != nil || p.Total != 3 {
			t.Fatalf("a household that the file does not name is gone: %d, %v", p.Total, err)
		}
		f, err := w.rosters.Get(ctx, w.Office, p.Items[slices.IndexFunc(p.Items, func(h roster.Household) bool { return h.Code == "H00001" })].ID)
		if err != nil || len(f.Members) != 3 || f.Members[2].State != roster.Gone || f.Members[2].Name != "成员1之1" {
			t.Errorf("members %+v, %v", f.Members, err)
		}
		if rep := w.load(t, again); rep.Counts.HouseholdsSame != 2 || rep.Counts.MembersSame != 3 || len(rep.Changes) != 0 {
			t.Errorf("the same file again changes something: %+v %+v", rep.Counts, rep.Changes)
		}
		dup := rt.Household(9, "第2村", "脱贫户")
		dupMember := rt.Member(9, 0)
		dup[4], dupMember[2] = rt.ID(30), rt.ID(30) // head of household 3, which this file does not name
		_, err = w.rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Data: rt.XLSX(t, two([][]any{dup}, [][]any{dupMember})...)})
		if errs.CodeOf(err) != "roster.import_errors" {
			t.Errorf("somebody lives in two households: %v", err)
		}
	})
}

func TestPositionsAreKeptChangedAndHidden(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, rt.XLSX(t, positions([]any{"27.1234567", "109.1"}, []any{"", ""})...))
		first := func(actor authz.Actor) roster.Full {
			t.Helper()
			p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			f, err := w.rosters.Get(ctx, actor, p.Items[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		one := first(w.Office)
		if got := one.Position.String(); got != "27.1234567 109.1" {
			t.Errorf("got %q", got)
		}
		rep := w.load(t, rt.XLSX(t, positions([]any{"27.2", "109.1"}, []any{"", ""})...))
		if len(rep.Changes) != 1 || rep.Changes[0].Field != "position" || rep.Changes[0].To != "27.2 109.1" {
			t.Errorf("changes %+v", rep.Changes)
		}
		// A list without the columns says nothing about positions.
		w.load(t, rt.XLSX(t, two([][]any{rt.Household(1, "第2村", "边缘户")}, [][]any{rt.Member(1, 0)})...))
		if got := first(w.Office).Position.String(); got != "27.2 109.1" {
			t.Errorf("got %q after an import without positions", got)
		}
		err := d.View(ctx, func(tx *db.Tx) error {
			got, err := roster.PositionsTx(ctx, tx, one.County, []string{one.ID, "00000000-0000-7000-8000-000000000000"})
			if diff := cmp.Diff(map[string]roster.Position{one.ID: {Lat: 27.2, Lon: 109.1}}, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if p := one.Masked().Position; p != nil {
			t.Errorf("a masked household tells where it lives: %v", p)
		}
	})
}

func TestAListOfHouseholdsAloneLeavesMembersAsTheyAre(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, rt.XLSX(t, two([][]any{rt.Household(1, "第2村", "脱贫户")}, [][]any{rt.Member(1, 0), rt.Member(1, 1), rt.Member(1, 2)})...))
		h := rt.Household(1, "第2村", "边缘户")
		rep := w.load(t, rt.XLSX(t, rt.Sheet{Name: "户", Rows: [][]any{rt.HouseholdHeader, h}}))
		if want := (roster.Counts{HouseholdsChanged: 1, MembersSame: 1}); rep.Counts != want {
			t.Errorf("got %+v, want %+v", rep.Counts, want)
		}
		p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{})
		if err != nil || p.Total != 1 || p.Items[0].Size != 3 || p.Items[0].Class != roster.Marginal {
			t.Errorf("got %+v, %v", p.Items, err)
		}
		rep = w.load(t, rt.XLSX(t, rt.Sheet{Name: "户", Rows: [][]any{rt.HouseholdHeader, rt.Household(2, "第2村", "边缘户")}}))
		if want := (roster.Counts{HouseholdsNew: 1, MembersNew: 1}); rep.Counts != want {
			t.Errorf("a new household: got %+v, want %+v", rep.Counts, want)
		}
	})
}

func TestRegionAndRoleDecideWhoSeesWhat(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, rt.XLSX(t, two([][]any{rt.Household(1, "第2村", "脱贫户"), rt.Household(2, "第3村", "脱贫户")}, nil)...))
		all, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Limit: 1})
		if err != nil || all.Total != 2 || len(all.Items) != 1 || all.Next == "" {
			t.Fatalf("first page: %+v, %v", all, err)
		}
		rest, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Limit: 1, Cursor: all.Next})
		if err != nil || len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Code != "H00002" {
			t.Fatalf("second page: %+v, %v", rest, err)
		}
		village := surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 2))
		own, err := w.rosters.List(ctx, village, w.Campaign.ID, roster.Filter{})
		if err != nil || own.Total != 1 || own.Items[0].Code != "H00001" {
			t.Fatalf("a village sees %+v, %v", own, err)
		}
		if h := own.Items[0]; h.Phone != "138****0001" || strings.Contains(string(h.HeadIDNumber), rt.ID(10)[6:14]) {
			t.Errorf("not masked: %+v", h)
		}
		if _, err := w.rosters.Get(ctx, village, rest.Items[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a village reads its neighbour's household: %v", err)
		}
		if p, err := w.rosters.List(ctx, village, w.Campaign.ID, roster.Filter{Query: rt.ID(10)}); err != nil || p.Total != 0 {
			t.Errorf("a masked number can be searched for: %d, %v", p.Total, err)
		}
		if p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Query: rt.ID(10)}); err != nil || p.Total != 1 {
			t.Errorf("the office can't search by number: %d, %v", p.Total, err)
		}
		if _, err := w.rosters.List(ctx, w.Other, w.Campaign.ID, roster.Filter{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township lists: %v", err)
		}
		if _, err := w.rosters.Get(ctx, w.Other, all.Items[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township reads: %v", err)
		}
		if _, err := w.rosters.Import(ctx, w.Other, w.Campaign.ID, roster.File{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township imports: %v", err)
		}
		if _, err := w.rosters.Import(ctx, village, w.Campaign.ID, roster.File{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a village imports: %v", err)
		}
	})
}

func TestTheTemplateIsUnderstood(t *testing.T) {
	t.Parallel()
	b, err := roster.Template()
	if err != nil {
		t.Fatal(err)
	}
	rep, err := roster.Check(roster.File{Data: b}, villages())
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, s := range rep.Sheets {
		kinds = append(kinds, s.Kind)
	}
	if diff := cmp.Diff([]string{"household", "member", "ignored"}, kinds); diff != "" || rep.ErrorsTotal != 0 {
		t.Errorf("%s\n%+v", diff, rep.Errors)
	}
}
