package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	mt "ruhu/internal/match/matchtest"
	rt "ruhu/internal/roster/rostertest"
)

// TestHouseholdsThatTwoListsKeepApartDifferentlyAreShown has three households of three on the base list. The registry keeps the first two as one
// (K1), and the third by itself (K3); the national system puts K1 and K3 together (N1).
func TestHouseholdsThatTwoListsKeepApartDifferentlyAreShown(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		hs := w.Roster(t, "第1村", 3)
		base, system := [][]any{{"姓名", "证件号码", "户号", "与户主关系", "行政村"}}, [][]any{{"姓名", "证件号码", "户编号", "行政村"}}
		for n := 1; n <= 3; n++ {
			key := map[int]string{1: "K1", 2: "K1", 3: "K3"}[n]
			for m := range 3 {
				p := rt.Member(n, m)
				relation := p[3]
				if n == 2 && m == 0 {
					relation = "之弟"
				}
				base = append(base, []any{p[1], p[2], key, relation, "第1村"})
				system = append(system, []any{p[1], p[2], "N1", "第1村"})
			}
		}
		w.Load(t, "registry", rt.XLSX(t, rt.Sheet{Name: "户籍", Rows: base}), false)
		w.Load(t, "national", rt.XLSX(t, rt.Sheet{Name: "国扶", Rows: system}), false)
		show := func(kind string) []string {
			t.Helper()
			items, _, err := w.Links.Houses(ctx, w.Office, w.Campaign.ID, kind, "", 0)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, h := range items {
				line := fmt.Sprintf("%s %s %s %d %s:", h.Place, h.One.Kind, h.One.Key, len(h.One.Members), h.One.Members[0])
				for _, p := range h.Parts {
					if p.Kind == "roster" && p.Household != hs[p.Key] {
						t.Errorf("%s is not %s", p.Household, p.Key)
					}
					line += fmt.Sprintf(" %s %s %s", p.Kind, p.Key, strings.Join(p.Members, "、"))
				}
				out = append(out, line)
			}
			return out
		}
		first, second := "H00001", "H00002"
		a, b := "户主1、成员1之1、成员1之2", "户主2、成员2之1、成员2之2"
		if hs[second] < hs[first] { // by id
			first, second, a, b = second, first, b, a
		}
		if diff := cmp.Diff([]string{fmt.Sprintf("第1村 registry K1 6 户主1: roster %s %s roster %s %s", first, a, second, b)}, show("roster")); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"第1村 national N1 9 户主1: registry K1 户主1、成员1之1、成员1之2、户主2、成员2之1、成员2之2 registry K3 户主3、成员3之1、成员3之2"}, show("national")); diff != "" {
			t.Error(diff)
		}
		if _, _, err := w.Links.Houses(ctx, w.Office, w.Campaign.ID, "nonsense", "", 0); errs.CodeOf(err) != "match.no_kind" {
			t.Errorf("got %v", err)
		}
	})
}
