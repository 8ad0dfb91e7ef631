package stats_test

import (
	"math"
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/stats"
)

// small: two townships of 4 villages with 2 drawn, 2 of 4 households in each.
func small() (rows []stats.Row, y []float64) {
	for i, v := range []string{"1a", "1a", "1b", "1b", "2a", "2a", "2b", "2b"} {
		rows = append(rows, stats.Row{Stratum: v[:1], PSU: v, N: 4, Stratum2: "x", M: 4, Weight: 4})
		y = append(y, float64(i%3))
	}
	return rows, y
}

func design(t *testing.T, rows []stats.Row, opt stats.Options) *stats.Design {
	t.Helper()
	d, err := stats.NewDesign(rows, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBadRowsAreRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func([]stats.Row) []stats.Row
		opt    stats.Options
		want   string
	}{
		"no rows":              {func([]stats.Row) []stats.Row { return nil }, stats.Options{}, "stats.no_rows"},
		"negative weight":      {func(r []stats.Row) []stats.Row { r[0].Weight = -1; return r }, stats.Options{}, "stats.weight"},
		"weight not a number":  {func(r []stats.Row) []stats.Row { r[0].Weight = math.NaN(); return r }, stats.Options{}, "stats.weight"},
		"two sizes of stratum": {func(r []stats.Row) []stats.Row { r[0].N = 5; return r }, stats.Options{}, "stats.sizes"},
		"two sizes of class":   {func(r []stats.Row) []stats.Row { r[0].M = 5; return r }, stats.Options{}, "stats.sizes"},
		"more than the frame":  {func(r []stats.Row) []stats.Row { r[0].M, r[1].M = 1, 1; return r }, stats.Options{}, "stats.sizes"},
		"unknown rule":         {func(r []stats.Row) []stats.Row { return r }, stats.Options{Lonely: "hope"}, "stats.lonely"},
		"collapse in a circle": {func(r []stats.Row) []stats.Row { return r }, stats.Options{Collapse: map[string]string{"1": "2", "2": "1"}}, "stats.collapse"},
		"collapse to nothing":  {func(r []stats.Row) []stats.Row { return r }, stats.Options{Collapse: map[string]string{"1": "9"}}, "stats.collapse"},
	} {
		rows, _ := small()
		if _, err := stats.NewDesign(tc.change(rows), tc.opt); errs.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func TestADomainKeepsTheVillagesWithoutMembers(t *testing.T) {
	t.Parallel()
	rows, y := small()
	in := []bool{true, true, false, false, true, true, false, false} // one village in each township
	f := design(t, rows, stats.Options{}).Mean(y, in)
	var short []stats.Row
	var shortY []float64
	for i := range rows {
		if in[i] {
			short, shortY = append(short, rows[i]), append(shortY, y[i])
		}
	}
	g := design(t, short, stats.Options{}).Mean(shortY, nil)
	if f.Estimate != g.Estimate || f.SE <= g.SE || f.N != 4 || f.DF != 0 {
		t.Errorf("domain %+v, filtered %+v: the filtered one has lost the variance between villages", f, g)
	}
}

func TestACensusHasNoStandardError(t *testing.T) {
	t.Parallel()
	rows, y := small()
	for i := range rows {
		rows[i].N, rows[i].M, rows[i].Weight = 2, 2, 1
	}
	if f := design(t, rows, stats.Options{Lonely: stats.Adjust}).Mean(y, nil); f.SE != 0 || f.Estimate != 7.0/8 {
		t.Errorf("got %v ± %v", f.Estimate, f.SE)
	}
}

func TestWithoutDegreesOfFreedomNothingIsClaimed(t *testing.T) {
	t.Parallel()
	rows, y := small()
	d := design(t, rows[:2], stats.Options{})
	f := d.Mean(y[:2], nil)
	for name, ci := range map[string]stats.Interval{"wilson": f.Wilson(.95), "logit": f.Logit(.95), "korn_graubard": f.KornGraubard(.95, true), "asin": f.Asin(.95), "likelihood": f.Likelihood(.95)} {
		if ci != (stats.Interval{Lo: 0, Hi: 1}) {
			t.Errorf("%s = %v", name, ci)
		}
		if v := stats.Below(0.02).Judge(ci); v != stats.Undecided {
			t.Errorf("%s: %s", name, v)
		}
	}
	if ci := f.WaldT(.95); !math.IsInf(ci.Hi, 1) || !math.IsInf(ci.Lo, -1) {
		t.Errorf("wald = %v", ci)
	}
}

func TestVerdictsHaveThreeValues(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		limit  stats.Limit
		lo, hi float64
		want   stats.Verdict
	}{
		{stats.Below(0.02), 0, 0.0199999, stats.Met},
		{stats.Below(0.02), 0, 0.02, stats.Undecided}, // exactly at the limit is not below it
		{stats.Below(0.02), 0.02, 0.05, stats.NotMet},
		{stats.Below(0.02), 0.0199, 0.05, stats.Undecided},
		{stats.AtLeast(0.9), 0.9, 1, stats.Met},
		{stats.AtLeast(0.9), 0.8999999, 1, stats.Undecided},
		{stats.AtLeast(0.9), 0.8, 0.8999999, stats.NotMet},
		{stats.AtLeast(0.9), 0.8, 0.9, stats.Undecided},
		{stats.Below(0.02), math.NaN(), 0.01, stats.Undecided},
	} {
		if got := tc.limit.Judge(stats.Interval{Lo: tc.lo, Hi: tc.hi}); got != tc.want {
			t.Errorf("%+v in [%v, %v]: %s, want %s", tc.limit, tc.lo, tc.hi, got, tc.want)
		}
	}
}

func TestWhatCanBeShownIsComputed(t *testing.T) {
	t.Parallel()
	s := stats.Below(0.02).Show(140, 5000, 1.5, 17, 0.95)
	if s.NeededSRS != 149 || s.Needed != 224 || s.CanShow || s.CanShowSRS || s.CanJudge || math.Abs(s.Bound-0.02117) > 1e-5 {
		t.Errorf("140 households against 2 %%: %+v", s)
	}
	if s = stats.Below(0.02).Show(149, 5000, 1, 1000000, 0.95); !s.CanShowSRS || s.CanJudge || s.NeededFor != 189 {
		t.Errorf("149 households: %+v", s)
	}
	if s = stats.Below(0.02).Show(s.NeededFor, 5000, 1, 1000000, 0.95); !s.CanJudge {
		t.Errorf("what is needed is enough: %+v", s)
	}
	if s = stats.Below(0.02).Show(12, 12, 1.5, 0, 0.95); !s.Census || !s.CanShow || !s.CanJudge {
		t.Errorf("a whole village: %+v", s)
	}
	if s = stats.AtLeast(0.9).Show(28, 5000, 1, 17, 0.95); s.CanShowSRS || s.NeededSRS != 29 || math.Abs(s.Bound-0.8985) > 1e-4 {
		t.Errorf("approval with 28 households: %+v", s)
	}
	if s = stats.Below(0.02).Show(0, 100, 1, 5, 0.95); s.CanShowSRS || s.Bound != 1 {
		t.Errorf("nobody drawn: %+v", s)
	}
}

func TestFlagsFollowTheRulesOfPresentation(t *testing.T) {
	t.Parallel()
	rows, _ := small()
	d := design(t, rows, stats.Options{})
	f := d.Mean([]float64{0, 0, 0, 0, 0, 0, 0, 0}, nil)
	got := f.Flags(f.Wilson(.95))
	want := []stats.Flag{stats.FewEffective, stats.WideAbsolute, stats.FewDF, stats.ZeroOrOne}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestMissingAnswersLeaveTheDomainAndNotTheDesign(t *testing.T) {
	t.Parallel()
	rows, y := small()
	d := design(t, rows, stats.Options{})
	y[2] = math.NaN()
	in := []bool{true, true, false, true, true, true, true, true}
	clean := append([]float64(nil), y...)
	clean[2] = 0
	if got, want := d.Mean(y, nil), d.Mean(clean, in); got.Estimate != want.Estimate || got.SE != want.SE || got.N != 7 {
		t.Errorf("got %v ± %v of %d, want %v ± %v", got.Estimate, got.SE, got.N, want.Estimate, want.SE)
	}
}

func TestPostStratificationNeedsEveryTotal(t *testing.T) {
	t.Parallel()
	rows, y := small()
	d := design(t, rows, stats.Options{})
	groups := []string{"a", "b", "a", "b", "a", "b", "a", "b"}
	for _, totals := range []map[string]float64{{"a": 10}, {"a": 10, "b": 0}, {"a": 10, "b": 10, "c": 1}} {
		if _, err := d.PostStratify(groups, totals); errs.CodeOf(err) != "stats.poststrata" {
			t.Errorf("%v: %v", totals, err)
		}
	}
	p, err := d.PostStratify(groups, map[string]float64{"a": 10, "b": 30})
	if err != nil || math.Abs(p.SumWeights()-40) > 1e-9 || d.SumWeights() != 32 {
		t.Errorf("sum %v (before: %v), %v", p.SumWeights(), d.SumWeights(), err)
	}
	one := make([]float64, len(y))
	for i := range one {
		one[i] = 1
	}
	if f := p.Total(one, nil); f.SE > 1e-9 {
		t.Errorf("a total that is known has a standard error of %v", f.SE)
	}
}
