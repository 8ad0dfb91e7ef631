package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/match"
	mt "ruhu/internal/match/matchtest"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
)

// linkable is a campaign of four households of three. The registry, which is the base, knows everybody; change alters the national system's row
// of member m of household n: name, number, 户编号, village, birth, sex, size, insured.
func linkable(t *testing.T, d *db.DB, change func(n, m int, row []any)) (mt.World, map[string]string) {
	t.Helper()
	w := mt.New(t, d, 2)
	hs := w.Roster(t, "第1村", 4)
	base := [][]any{{"姓名", "证件号码", "户号", "行政村"}}
	system := [][]any{{"姓名", "证件号码", "户编号", "行政村", "出生日期", "性别", "家庭人口", "是否参保"}}
	medical := [][]any{{"姓名", "证件号码"}}
	for n := 1; n <= 4; n++ {
		for m := range 3 {
			p := rt.Member(n, m)
			number := p[2].(string)
			sex := "女"
			if number[16]%2 == 1 {
				sex = "男"
			}
			row := []any{p[1], number, p[0], "第1村", number[6:10] + "-" + number[10:12] + "-" + number[12:14], sex, 3, "是"}
			change(n, m, row)
			base = append(base, []any{p[1], p[2], fmt.Sprintf("K%d", n), "第1村"})
			system = append(system, row)
			medical = append(medical, []any{p[1], p[2]})
		}
	}
	for _, f := range []struct {
		kind string
		rows [][]any
	}{{"registry", base}, {"national", system}, {"medical", medical}} {
		if r := w.Load(t, f.kind, rt.XLSX(t, rt.Sheet{Name: "表", Rows: f.rows}), false); r.State != match.Current {
			t.Fatalf("%s: %v", f.kind, r.Error)
		}
	}
	return w, hs
}

// insured says what the sources say of a member's insurance.
func insured(t *testing.T, w mt.World, household, member string) string {
	t.Helper()
	for _, line := range say(figures(t, w, w.Office, match.FigureFilter{Household: household, Field: "insured"})) {
		if strings.Contains(line, member) {
			return line[strings.Index(line, "insured"):]
		}
	}
	return ""
}

func drain(t *testing.T, w mt.World) {
	t.Helper()
	if err := w.Bus.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestAWrongNumberDoesNotHideAPersonWhoIsLinked(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := linkable(t, d, func(n, m int, row []any) {
			if n == 2 && m == 1 { // the last digit but one is wrong: no such number
				number := row[1].(string)
				row[1], row[7] = number[:16]+string('0'+(number[16]-'0'+2)%10)+number[17:], "否"
			}
		})
		if got, want := insured(t, w, hs["H00002"], "成员2之1"), "insured differ open by medical: national=no! medical=yes"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestAnEqualNumberUnderAnotherNameCountsOnceAClerkHasSaidSo(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := linkable(t, d, func(n, m int, row []any) {
			if n == 3 && m == 2 {
				row[0], row[7] = "欧阳玥", "否"
			}
		})
		see := func(want string) {
			t.Helper()
			if got := insured(t, w, hs["H00003"], "成员3之2"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		see("") // nobody is blamed while a clerk has to decide
		queue := links(t, w, match.LinkFilter{Kind: "national"})
		if len(queue) != 1 {
			t.Fatalf("%d links wait", len(queue))
		}
		decide := func(l match.Pair, v match.Verdict) match.Pair {
			t.Helper()
			out, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: v, Reason: "看过户口簿", Version: l.Version})
			if err != nil {
				t.Fatal(err)
			}
			drain(t, w)
			return out
		}
		same := decide(queue[0], match.Same)
		see("insured differ open by medical: national=no! medical=yes")
		decide(same, match.Different)
		see("insured missing open by medical: national- medical=yes")
	})
}

func TestAChangeOfTheBaseListComparesTheHouseholdAnew(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := linkable(t, d, func(int, int, []any) {})
		size := func(code string) []string {
			return say(figures(t, w, w.Office, match.FigureFilter{Household: hs[code], Field: "size"}))
		}
		if got := size("H00001"); !slices.Equal(got, []string{"H00001  size agree none by registry: roster=3 national=3 registry=3"}) {
			t.Fatal(got)
		}
		apply := func(op roster.Op) {
			t.Helper()
			if err := w.D.Update(ctx, func(tx *db.Tx) error {
				f, err := roster.HouseholdTx(ctx, tx, w.Campaign.County, op.Household)
				if err != nil {
					return err
				}
				op.Version, op.Village = f.Version, f.Village
				_, err = w.Rosters.ApplyTx(ctx, tx, authz.System(w.Campaign.County), w.Campaign, op, roster.Why{Source: roster.SourceListing, Reason: "清查"})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			drain(t, w)
		}
		apply(roster.Op{Kind: roster.Correct, Household: hs["H00001"], Edit: roster.Edit{Members: []roster.MemberEdit{
			{ID: id.New(), Do: roster.AddMember, Reason: "born", Set: map[string]string{"name": "王小宝", "relation": "之孙", "sex": "male"}},
		}}})
		if got := size("H00001"); !slices.Equal(got, []string{"H00001  size differ open by registry: roster=4! national=3 registry=3"}) {
			t.Error(got)
		}
		apply(roster.Op{Kind: roster.Strike, Household: hs["H00004"], Struck: "moved"})
		if got := size("H00004"); len(got) != 0 {
			t.Errorf("who left the list has no figures: %v", got)
		}
	})
}

func TestAnImportedBaseListIsLinkedToTheRegisterThatIsTheBase(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		w.Load(t, "registry", rt.XLSX(t, registry(30)), false)
		w.Roster(t, "第1村", 2)
		drain(t, w)
		kinds, err := w.Links.Overview(ctx, w.Office, w.Campaign.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range kinds {
			if k.Kind == "roster" && (k.Current == nil || k.Current.Result.Records != 6) {
				t.Errorf("%+v", k.Current)
			}
		}
	})
}

func TestAFileWithoutTheColumnLeavesNothingOut(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w, hs := linkable(t, d, func(int, int, []any) {})
	p := rt.Member(1, 0)
	w.Load(t, "national", rt.XLSX(t, rt.Sheet{Name: "表", Rows: [][]any{{"姓名", "证件号码", "户编号"}, {p[1], p[2], p[0]}}}), false)
	if got := insured(t, w, hs["H00001"], "户主1"); got != "" {
		t.Errorf("the new file has no such column: %q", got)
	}
	if got := say(figures(t, w, w.Office, match.FigureFilter{Household: hs["H00001"], Field: "size"})); !slices.Equal(got, []string{"H00001  size agree none by registry: roster=3 registry=3"}) {
		t.Error(got)
	}
}
