package draw_test

import (
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats/statstest"
)

// yardPlan is plan.json of a fixture.
type yardPlan struct {
	Seed           string `json:"selection_seed"`
	Townships      []map[string]any
	Quota          map[string]int
	ShortfallOrder []string `json:"shortfall_order"`
	MinOther       int      `json:"min_other"`
}

var keyTags = []string{"danger_house", "serious_illness", "dibao", "wubao", "disabled"}

// readYard reads plan and frame of a fixture.
func readYard(t *testing.T, dir string) (draw.Plan, draw.Frame, string) {
	t.Helper()
	var yard yardPlan
	statstest.JSON(t, filepath.Join(dir, "plan.json"), &yard)
	p := draw.Plan{Design: draw.TwoStage, Method: draw.SRS, ShortfallOrder: yard.ShortfallOrder}
	groups := map[string]string{}
	for _, town := range yard.Townships {
		n := int(town["n"].(float64))
		name := fmt.Sprintf("key%v_%d", town["key"], n)
		groups[town["code"].(string)] = name
		if !slices.ContainsFunc(p.Groups, func(g draw.Group) bool { return g.Code == name }) {
			p.Groups = append(p.Groups, draw.Group{Code: name, Villages: n})
		}
	}
	for _, class := range []string{"poor", "exited", "unregistered"} {
		q := draw.Quota{Code: class, Households: yard.Quota[class], Classes: []string{class}}
		if class == "unregistered" {
			q.Priority = &draw.Priority{Stratum: "unreg_priority", Other: "unreg_other", Tags: keyTags, MinOther: yard.MinOther}
		}
		p.Quotas = append(p.Quotas, q)
	}
	p.Certainty = []draw.Certainty{
		{Code: "monitored", Quota: "exited", Tags: []string{"monitored"}},
		{Code: "marginal", Quota: "unregistered", Tags: []string{"marginal"}},
	}
	var f draw.Frame
	tab := statstest.CSV(t, filepath.Join(dir, "frame_villages.csv"))
	for i := range tab.Rows {
		town := tab.Text(i, "township")
		f.Villages = append(f.Villages, draw.Village{Township: town, Group: groups[town], Code: tab.Text(i, "village"), Type: tab.Text(i, "vtype")})
	}
	tab = statstest.CSV(t, filepath.Join(dir, "frame_households.csv"))
	for i := range tab.Rows {
		h := draw.Household{Village: tab.Text(i, "village"), Code: tab.Text(i, "hh"), Class: tab.Text(i, "hclass")}
		for _, tag := range append([]string{"monitored", "marginal"}, keyTags...) {
			if tab.Text(i, tag) == "1" {
				h.Tags = append(h.Tags, tag)
			}
		}
		h.Persons, _ = strconv.Atoi(tab.Text(i, "persons"))
		f.Households = append(f.Households, h)
	}
	return p, f, yard.Seed
}

func TestFixtureTheDrawIsTheSameAsTheYardsticks(t *testing.T) {
	t.Parallel()
	for _, file := range statstest.Glob(t, "sampling/*/plan.json") {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			p, f, seed := readYard(t, dir)
			s, err := draw.Draw(p, f, seed)
			if err != nil {
				t.Fatal(err)
			}
			checkVillages(t, dir, s)
			checkStrata(t, dir, s)
			checkUnits(t, dir, s)
			checkWeights(t, dir, s)
		})
	}
}

func checkVillages(t *testing.T, dir string, s draw.Sample) {
	t.Helper()
	tab := statstest.CSV(t, filepath.Join(dir, "selected_villages.csv"))
	if len(tab.Rows) != len(s.Villages) {
		t.Fatalf("%d villages, want %d", len(s.Villages), len(tab.Rows))
	}
	at := map[string]draw.DrawnVillage{}
	for _, v := range s.Villages {
		at[v.Village] = v
	}
	for i := range tab.Rows {
		v := at[tab.Text(i, "village")]
		got := []string{v.Township, strconv.Itoa(v.Order), strconv.Itoa(v.Of), strconv.Itoa(v.Drawn)}
		want := []string{tab.Text(i, "township"), tab.Text(i, "draw"), tab.Text(i, "N_h"), tab.Text(i, "n_h")}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", tab.Text(i, "village"), got, want)
		}
		statstest.Near(t, v.Village+" p1", v.P.Float(), tab.Number(i, "p1"), 1e-15)
	}
}

func checkStrata(t *testing.T, dir string, s draw.Sample) {
	t.Helper()
	short := map[string]int{}
	for _, v := range s.Villages {
		short[v.Village] = v.Short
	}
	yes := map[bool]string{true: "1", false: "0"}
	var got, want []string
	for _, x := range s.Strata {
		got = append(got, fmt.Sprint(x.Village, x.Stratum, " M ", x.Have, " m ", x.Draw, " certainty ", yes[x.Certainty], " gap ", yes[x.CoverageGap], " short ", short[x.Village]))
	}
	tab := statstest.CSV(t, filepath.Join(dir, "strata2.csv"))
	for i := range tab.Rows {
		want = append(want, fmt.Sprint(tab.Text(i, "village"), tab.Text(i, "stratum2"), " M ", tab.Text(i, "M"), " m ", tab.Text(i, "m"),
			" certainty ", tab.Text(i, "certainty"), " gap ", tab.Text(i, "zero_prob"), " short ", tab.Text(i, "short_of_quota")))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("strata differ:\n got %v\nwant %v", got, want)
	}
}

func checkUnits(t *testing.T, dir string, s draw.Sample) {
	t.Helper()
	at := map[string]draw.Unit{}
	for _, u := range s.Units {
		at[u.Household] = u
	}
	tab := statstest.CSV(t, filepath.Join(dir, "sample.csv"))
	if len(tab.Rows) != len(s.Units) {
		t.Errorf("%d households, want %d", len(s.Units), len(tab.Rows))
	}
	for i := range tab.Rows {
		hh := tab.Text(i, "hh")
		u, ok := at[hh]
		if !ok || u.Stratum != tab.Text(i, "stratum2") || strconv.Itoa(u.Order) != tab.Text(i, "draw") {
			t.Errorf("%s: got %+v, want stratum %s draw %s", hh, u, tab.Text(i, "stratum2"), tab.Text(i, "draw"))
			continue
		}
		statstest.Near(t, hh+" p1", u.P1.Float(), tab.Number(i, "p1"), 1e-12)
		statstest.Near(t, hh+" p2", u.P2.Float(), tab.Number(i, "p2"), 1e-12)
		statstest.Near(t, hh+" weight", u.Weight.Float(), tab.Number(i, "w_base"), 1e-12)
	}
}

func checkWeights(t *testing.T, dir string, s draw.Sample) {
	t.Helper()
	base := map[string]float64{}
	quota := map[string]string{}
	for _, u := range s.Units {
		base[u.Household], quota[u.Household] = u.Weight.Float(), u.Quota
	}
	tab := statstest.CSV(t, filepath.Join(dir, "sample.csv"))
	answers := make([]draw.Answer, len(tab.Rows))
	for i := range answers {
		hh := tab.Text(i, "hh")
		answers[i] = draw.Answer{
			Township: tab.Text(i, "township"), Group: tab.Text(i, "key"), Class: quota[hh], Base: base[hh],
			Complete: tab.Text(i, "response") == "complete",
		}
	}
	factors, _ := draw.NonResponse(answers)
	for i, f := range factors {
		statstest.Near(t, tab.Text(i, "hh")+" factor", f, tab.Number(i, "nr_factor"), 1e-12)
		w := 0.0
		if answers[i].Complete {
			w = answers[i].Base * f
		}
		statstest.Near(t, tab.Text(i, "hh")+" w", w, tab.Number(i, "w"), 1e-12)
	}
}

func TestFixtureProbabilitiesOfTheRestrictedDrawAreExact(t *testing.T) {
	t.Parallel()
	for _, file := range statstest.Glob(t, "sampling/restricted_selection.json") {
		var yard struct {
			Cases []struct {
				Exited    int     `json:"N_exited"`
				Nonpoor   int     `json:"N_nonpoor"`
				N         int     `json:"n"`
				PiExited  *string `json:"pi_exited"`
				PiNonpoor *string `json:"pi_nonpoor"`
				EE        *string `json:"pij_exited_exited"`
				NN        *string `json:"pij_nonpoor_nonpoor"`
				EN        *string `json:"pij_exited_nonpoor"`
			}
		}
		statstest.JSON(t, file, &yard)
		if len(yard.Cases) == 0 {
			t.Fatal("no cases")
		}
		for i, c := range yard.Cases {
			a, b, aa, bb, ab := draw.BothTypes(c.Exited, c.Nonpoor, c.N)
			for name, pair := range map[string]struct {
				want *string
				got  *big.Rat
			}{"exited": {c.PiExited, a}, "nonpoor": {c.PiNonpoor, b}, "exited+exited": {c.EE, aa}, "nonpoor+nonpoor": {c.NN, bb}, "exited+nonpoor": {c.EN, ab}} {
				switch {
				case pair.want == nil && pair.got != nil || pair.want != nil && pair.got == nil:
					t.Errorf("case %d %s: got %v", i+1, name, pair.got)
				case pair.want != nil && pair.got.RatString() != *pair.want:
					t.Errorf("case %d %s: got %s, want %s", i+1, name, pair.got.RatString(), *pair.want)
				}
			}
		}
	}
}
