package match_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"ruhu/internal/authz"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/match"
	mt "ruhu/internal/match/matchtest"
	rt "ruhu/internal/roster/rostertest"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
)

// compared is a campaign of two households whose national system says: the first has four persons and 6,000 yuan, the second three and 5,000. The
// registry has three persons in each, the insurance knows everybody but one child.
func compared(t *testing.T, d *db.DB) (mt.World, map[string]string) {
	t.Helper()
	w := mt.New(t, d, 2)
	hs := w.Roster(t, "第1村", 2)
	national := [][]any{{"姓名", "证件号码", "户编号", "与户主关系", "家庭人口", "人均纯收入", "是否参保"}}
	registry := [][]any{{"姓名", "证件号码", "户号"}}
	medical := [][]any{{"姓名", "证件号码"}}
	for n := 1; n <= 2; n++ {
		for m := range 3 {
			p := rt.Member(n, m)
			national = append(national, []any{p[1], p[2], p[0], p[3], []any{nil, 4, 3}[n], []any{nil, 6000, 5000}[n], "是"})
			registry = append(registry, []any{p[1], p[2], fmt.Sprintf("K%d", n)})
			if n == 1 || m < 2 {
				medical = append(medical, []any{p[1], p[2]})
			}
		}
	}
	for kind, rows := range map[string][][]any{"national": national, "registry": registry, "medical": medical} {
		if r := w.Load(t, kind, rt.XLSX(t, rt.Sheet{Name: "表", Rows: rows}), false); r.State != match.Current {
			t.Fatalf("%s: %v", kind, r.Error)
		}
	}
	return w, hs
}

// The national system knows only the second household.
func TestAFigureIsMissingOnlyWhereTheRegisterShouldHaveIt(t *testing.T) {
	t.Parallel()
	for who, want := range map[string][]string{
		"":                        {"H00001  size missing open by registry: roster=3 national- registry=3"},
		"\n    lists: all":        {"H00001  size missing open by registry: roster=3 national- registry=3"},
		"\n    lists: some":       nil,
		"\n    classes: [exited]": {"H00001  size missing open by registry: roster=3 national- registry=3"},
		"\n    classes: [poor]":   nil,
	} {
		dbtest.Run(t, func(t *testing.T, d *db.DB) {
			w := mt.NewWith(t, d, 2, func(book string) string { return strings.Replace(book, "unit: person", "unit: person"+who, 1) })
			w.Roster(t, "第1村", 2)
			national := [][]any{{"姓名", "证件号码", "户编号", "家庭人口"}}
			registry := [][]any{{"姓名", "证件号码", "户号"}}
			for n := 1; n <= 2; n++ {
				for m := range 3 {
					p := rt.Member(n, m)
					registry = append(registry, []any{p[1], p[2], fmt.Sprintf("K%d", n)})
					if n == 2 {
						national = append(national, []any{p[1], p[2], p[0], 3})
					}
				}
			}
			w.Load(t, "registry", rt.XLSX(t, rt.Sheet{Name: "表", Rows: registry}), false)
			w.Load(t, "national", rt.XLSX(t, rt.Sheet{Name: "表", Rows: national}), false)
			got := say(figures(t, w, w.Office, match.FigureFilter{Field: "size"}))
			if !slices.Equal(got, want) {
				t.Errorf("%q: %q, want %q", who, got, want)
			}
		})
	}
}

// say is a figure in short: household's number, member, field, verdict, and the values ("!" contradicts what rules, "-" has none).
func say(rows []match.Row) []string {
	var out []string
	for _, r := range rows {
		var vs []string
		for _, v := range r.Values {
			text := v.Source + "=" + v.Value
			if !v.Known {
				text = v.Source + "-"
			}
			if v.Off {
				text += "!"
			}
			vs = append(vs, text)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s by %s: %s", r.House.Code, r.MemberName, r.Field, r.Verdict, r.State, r.Ruling, strings.Join(vs, " "))))
	}
	slices.Sort(out)
	return out
}

func figures(t *testing.T, w mt.World, actor authz.Actor, f match.FigureFilter) []match.Row {
	t.Helper()
	rows, _, err := w.Agrees.Figures(ctx, actor, w.Campaign.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestFiguresOfAllSourcesAreCompared(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := compared(t, d)
		want := []string{
			"H00001  size differ open by registry: roster=3 national=4! registry=3",
			"H00002 成员2之2 insured differ open by medical: national=yes! medical=no",
		}
		open := figures(t, w, w.Office, match.FigureFilter{})
		if diff := cmp.Diff(want, say(open)); diff != "" {
			t.Error(diff)
		}
		all, _, err := w.Agrees.Household(ctx, w.Office, hs["H00002"])
		if err != nil || len(all) != 4 || all[0].Field != "size" || all[0].Verdict != match.Agree || all[0].State != match.StateNone {
			t.Errorf("%v %v", err, say(all))
		}
		if due := open[0].DueOn; due <= open[0].FoundOn || open[0].Responsible == "" {
			t.Errorf("found %s, due %s, by %s", open[0].FoundOn, due, open[0].Responsible)
		}
		if rows := figures(t, w, surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 2)), match.FigureFilter{}); len(rows) != 0 {
			t.Errorf("another village sees nothing: %v", say(rows))
		}
		counts, err := w.Agrees.Counts(ctx, w.Office, w.Campaign.ID)
		n := 0
		for _, c := range counts {
			if c.State == match.StateOpen {
				n += c.N
			}
		}
		if err != nil || n != 2 {
			t.Errorf("%v %+v", err, counts)
		}
	})
}

func TestThePaperTakesPartOnceSomebodyHasLookedAtIt(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := compared(t, d)
		put := func(field, value string) {
			t.Helper()
			if err := w.Agrees.PutPaper(ctx, w.Office, hs["H00002"], "", field, value); err != nil {
				t.Fatal(err)
			}
		}
		put("net_income", "5，200元")
		if got := figures(t, w, w.Office, match.FigureFilter{Field: "net_income"}); len(got) != 0 {
			t.Errorf("4 %% apart is within the tolerance of 5 %%: %v", say(got))
		}
		put("net_income", "5300")
		want := []string{"H00002  net_income differ open by paper: national=5000! paper=5300"}
		if diff := cmp.Diff(want, say(figures(t, w, w.Office, match.FigureFilter{Field: "net_income"}))); diff != "" {
			t.Error(diff)
		}
		put("net_income", "")
		if got := figures(t, w, w.Office, match.FigureFilter{Field: "net_income"}); len(got) != 0 {
			t.Errorf("taken back: %v", say(got))
		}
		for code, err := range map[string]error{
			"match.no_field":      w.Agrees.PutPaper(ctx, w.Office, hs["H00002"], "", "nonsense", "1"),
			"match.no_member":     w.Agrees.PutPaper(ctx, w.Office, hs["H00002"], "", "insured", "是"),
			"roster.no_household": w.Agrees.PutPaper(ctx, w.Other, hs["H00002"], "", "size", "3"),
			"authz.forbidden":     w.Agrees.PutPaper(ctx, surveytest.Actor(authz.Inspector, surveytest.Township), hs["H00002"], "", "size", "3"),
		} {
			if errs.CodeOf(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
		}
	})
}

func TestADifferenceIsSettledOnceAndOpensAgainWithNewFacts(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := compared(t, d)
		f := figures(t, w, w.Office, match.FigureFilter{Field: "size"})[0]
		for code, in := range map[string]match.Settlement{
			"match.source": {Source: "paper", Note: "手册"},
			"match.note":   {Source: "national"},
			"match.value":  {Source: match.SourceOther, Note: "又添一口"},
		} {
			if _, err := w.Agrees.Settle(ctx, w.Office, f.ID, in); errs.CodeOf(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
		}
		if _, err := w.Agrees.Settle(ctx, surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 2)), f.ID, match.Settlement{Source: "registry"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("not theirs: %v", err)
		}
		done, err := w.Agrees.Settle(ctx, w.Office, f.ID, match.Settlement{Source: "registry"})
		if err != nil || done.State != match.StateSettled || done.SettledValue != "3" {
			t.Fatalf("%v %+v", err, done)
		}
		if _, err := w.Agrees.Settle(ctx, w.Office, f.ID, match.Settlement{Source: "registry"}); errs.CodeOf(err) != "match.not_open" {
			t.Errorf("the second time: %v", err)
		}
		if err := w.Agrees.Compare(ctx, w.Office, w.Campaign.ID); err != nil {
			t.Fatal(err)
		}
		state := func() string {
			return figures(t, w, w.Office, match.FigureFilter{Household: hs["H00001"], Field: "size"})[0].State
		}
		if state() != match.StateSettled {
			t.Error("the same values leave it settled")
		}
		if err := w.Agrees.PutPaper(ctx, w.Office, hs["H00001"], "", "size", "5"); err != nil {
			t.Fatal(err)
		}
		if state() != match.StateOpen {
			t.Error("a new value opens it again")
		}
	})
}

func TestTheCorrectionListFollowsATemplate(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, _ := compared(t, d)
		f := figures(t, w, w.Office, match.FigureFilter{Field: "insured"})[0]
		if _, err := w.Agrees.Settle(ctx, w.Office, f.ID, match.Settlement{Source: "medical", Note: "未缴费"}); err != nil {
			t.Fatal(err)
		}
		read := func(file []byte, err error) [][]string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			x, err := excelize.OpenReader(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := x.GetRows(x.GetSheetName(0))
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		file, n, err := w.Agrees.Corrections(ctx, w.Office, w.Campaign.ID, "national", false, nil)
		if rows := read(file, err); n != 1 || len(rows) != 2 || rows[1][8] != "是" || rows[1][9] != "否" || rows[1][10] != "医保" || rows[1][5] != rt.ID(22) {
			t.Errorf("%d %v", n, rows)
		}
		_, n, err = w.Agrees.Corrections(ctx, w.Office, w.Campaign.ID, "", true, nil)
		if err != nil || n != 2 {
			t.Errorf("open ones too: %d, %v", n, err)
		}
		template := rt.XLSX(t, rt.Sheet{Name: "更正表", Rows: [][]any{{"国扶系统信息更正表"}, {"户编号", "修改项", "原值", "修改后", "审批意见"}}})
		file, _, err = w.Agrees.Corrections(ctx, w.Office, w.Campaign.ID, "national", false, template)
		if diff := cmp.Diff([][]string{{"国扶系统信息更正表"}, {"户编号", "修改项", "原值", "修改后", "审批意见"}, {"H00002", "参加医保", "是", "否"}}, read(file, err)); diff != "" {
			t.Error(diff)
		}
		if _, _, err = w.Agrees.Corrections(ctx, w.Office, w.Campaign.ID, "", false, rt.XLSX(t, rt.Sheet{Name: "x", Rows: [][]any{{"甲", "乙"}}})); errs.CodeOf(err) != "match.template" {
			t.Errorf("a template without a header: %v", err)
		}
		file, _, err = w.Agrees.Corrections(ctx, surveytest.Actor(authz.Inspector, surveytest.Township), w.Campaign.ID, "national", false, nil)
		if rows := read(file, err); strings.Contains(fmt.Sprint(rows), rt.ID(22)) {
			t.Error("numbers are masked")
		}
	})
}

func TestTheCopiesOfFourLevelsAreComparedAmongThemselves(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w, hs := compared(t, d)
	rows := [][]any{{"户编号", "户主姓名", "户主证件号码", "家庭人口"}, {"H00001", "户主1", rt.ID(10), 3}}
	w.Load(t, "village_copy", rt.XLSX(t, rt.Sheet{Name: "村", Rows: rows}), false)
	got := say(figures(t, w, w.Office, match.FigureFilter{Household: hs["H00002"], Field: "size"}))
	want := []string{"H00002  size missing open by registry: roster=3 national=3 registry=3 village_copy-"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	one := figures(t, w, w.Office, match.FigureFilter{Household: hs["H00001"], Field: "size"})[0]
	if one.ThreeWay != match.Differ || one.FourLevel != "" {
		t.Errorf("three-way %s, four-level %q: one copy has nothing to be compared with", one.ThreeWay, one.FourLevel)
	}
}

func TestPapersAreCheckedPerHousehold(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := compared(t, d)
		if err := w.Agrees.PutPaperCheck(ctx, w.Office, hs["H00001"], "booklet", match.Paper{Present: "yes", Complete: "yes", Consistent: "no", Note: "收入未填"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Agrees.PutPaperCheck(ctx, w.Office, hs["H00002"], "booklet", match.Paper{Present: "no", Complete: "yes"}); err != nil {
			t.Fatal(err)
		}
		papers, err := w.Agrees.Papers(ctx, w.Office, hs["H00001"])
		if err != nil || len(papers) != 2 || papers[0].Consistent != "no" || papers[0].ByName == "" || papers[1].Present != "" {
			t.Errorf("%v %+v", err, papers)
		}
		if papers, err = w.Agrees.Papers(ctx, w.Office, hs["H00002"]); err != nil || papers[0].Complete != "" {
			t.Errorf("what is not there is not complete: %v %+v", err, papers)
		}
		counts, err := w.Agrees.PaperCounts(ctx, w.Office, w.Campaign.ID)
		want := []match.PaperCount{{Village: surveytest.VillageCode(surveytest.Township, 1), Paper: "booklet", Looked: 2, Present: 1, Complete: 1}}
		if diff := cmp.Diff(want, counts); err != nil || diff != "" {
			t.Error(err, diff)
		}
		for code, err := range map[string]error{
			"match.no_paper":     w.Agrees.PutPaperCheck(ctx, w.Office, hs["H00001"], "nonsense", match.Paper{Present: "yes"}),
			"match.paper_answer": w.Agrees.PutPaperCheck(ctx, w.Office, hs["H00001"], "booklet", match.Paper{Present: "maybe"}),
		} {
			if errs.CodeOf(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
		}
	})
}

func TestAnswersOfAVisitAreTheValuesOnSite(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := st.New(t, d, 1)
		agrees := match.NewAgreements(d, w.Bus, w.Surveys, w.Reader, calendar.Official())
		agrees.Listen()
		w.Plan(t)
		v := w.Visits[0]
		see := func() string {
			t.Helper()
			rows, _, err := agrees.Household(ctx, w.Office, v.Household)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(say(rows), "\n")
		}
		w.Send(t, v, "uuid:00000000-0000-4000-8000-000000000001", 0, map[string]string{"size": "5"})
		if got, want := see(), v.House.Code+"  size differ open by site: roster=2! site=5"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		w.Send(t, v, "uuid:00000000-0000-4000-8000-000000000001", 1, map[string]string{"size": "2"})
		if got, want := see(), v.House.Code+"  size agree none by site: roster=2 site=2"; got != want {
			t.Errorf("the next revision: got %q, want %q", got, want)
		}
	})
}
