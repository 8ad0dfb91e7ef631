package scheme_test

import (
	"encoding/json"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ruhu/internal/score/scheme"
)

// one is a scheme of a single leaf of 20 marks.
func one(rule scheme.Rule) scheme.Scheme {
	return scheme.Scheme{Items: []scheme.Item{{Code: "work", Weight: "1", Max: "20", Rule: rule}}, Rounding: scheme.Rounding{Places: 2}}
}

func ref(id string) []scheme.Ref { return []scheme.Ref{{Kind: "ledger", ID: id}} }

func TestALeafGetsItsPointsByItsRule(t *testing.T) {
	t.Parallel()
	perError := scheme.Rule{Kind: scheme.Errors, Floor: "5", ZeroIf: []string{"below_standard"}, FullIf: []string{"province_full"}, PerError: []scheme.PerError{
		{Fact: "wrong_form", Per: "0.5", Cap: "3"}, {Fact: "late", Per: "2"},
	}}
	approval := scheme.Rule{Kind: scheme.Measure, Fact: "approval", Side: "at_least", Target: "90", Step: "0.1", Per: "0.5"}
	started, parts, wrong := approval, approval, approval
	started.Part, parts.Part = "started", "in_parts"
	wrong.Fact, wrong.Side, wrong.Target = "wrong_rate", "at_most", "2"
	for name, c := range map[string]struct {
		rule  scheme.Rule
		facts map[string]scheme.Decimal
		want  scheme.Decimal // of 100
		why   string
	}{
		"no error":                            {perError, map[string]scheme.Decimal{"wrong_form": "0", "late": "0"}, "100.00", "per_error"},
		"three wrong forms":                   {perError, map[string]scheme.Decimal{"wrong_form": "3", "late": "0"}, "92.50", "per_error"},
		"more wrong forms than the cap":       {perError, map[string]scheme.Decimal{"wrong_form": "40", "late": "0"}, "85.00", "per_error"},
		"not below the floor":                 {perError, map[string]scheme.Decimal{"wrong_form": "0", "late": "30"}, "25.00", "floor"},
		"one person below standard":           {perError, map[string]scheme.Decimal{"wrong_form": "0", "late": "0", "below_standard": "1"}, "0.00", "item_veto"},
		"item veto beats full marks":          {perError, map[string]scheme.Decimal{"below_standard": "1", "province_full": "1"}, "0.00", "item_veto"},
		"full marks whatever else is known":   {perError, map[string]scheme.Decimal{"province_full": "1"}, "100.00", "full_marks"},
		"on the target":                       {approval, map[string]scheme.Decimal{"approval": "90"}, "100.00", "target_met"},
		"a hair below costs nothing yet":      {approval, map[string]scheme.Decimal{"approval": "89.95"}, "100.00", "short_of_target"},
		"0.35 short: three whole tenths":      {approval, map[string]scheme.Decimal{"approval": "89.65"}, "92.50", "short_of_target"},
		"0.35 short: four started tenths":     {started, map[string]scheme.Decimal{"approval": "89.65"}, "90.00", "short_of_target"},
		"0.35 short: three and a half tenths": {parts, map[string]scheme.Decimal{"approval": "89.65"}, "91.25", "short_of_target"},
		"far below":                           {approval, map[string]scheme.Decimal{"approval": "12"}, "0.00", "floor"},
		"a rate that should be small":         {wrong, map[string]scheme.Decimal{"wrong_rate": "2.3"}, "92.50", "short_of_target"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := scheme.Unit{Code: "T01", Facts: map[string]scheme.Fact{}}
			for f, v := range c.facts {
				u.Facts[f] = scheme.Fact{Value: v, Evidence: ref(f)}
			}
			r, err := one(c.rule).Score(u)
			if err != nil {
				t.Fatal(err)
			}
			if r.Score != c.want {
				t.Errorf("score %s, want %s", r.Score, c.want)
			}
			l, _ := r.Line("work")
			if !slices.ContainsFunc(l.Why, func(w scheme.Why) bool { return w.What == c.why }) {
				t.Errorf("no %q in the explanation %+v", c.why, l.Why)
			}
			for _, w := range l.Why {
				if name := w.Figures["fact"]; name != "" && !slices.Equal(w.Evidence, ref(name)) {
					t.Errorf("%s comes without its evidence: %+v", name, w)
				}
			}
		})
	}
}

func TestWhatIsNotYetThereIsNamedAndGivesNoScore(t *testing.T) {
	t.Parallel()
	s := one(scheme.Rule{Kind: scheme.Errors, PerError: []scheme.PerError{{Fact: "wrong_form", Per: "1"}}})
	s.Items = append(s.Items, scheme.Item{Code: "other", Weight: "1", Max: "10"})
	r, err := s.Score(scheme.Unit{Code: "T01"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Score != "" || r.Final != nil || !slices.Equal(r.Missing, []string{"wrong_form", "other"}) {
		t.Errorf("score %q, missing %v", r.Score, r.Missing)
	}
	places, err := s.Rank([]scheme.Result{r})
	if err != nil || len(places) != 0 {
		t.Errorf("a unit without a score has a place: %v %v", places, err)
	}
	r, err = s.Score(scheme.Unit{Code: "T01", Facts: map[string]scheme.Fact{"wrong_form": {Value: "0"}}, NotApplicable: map[string]string{"other": "没有这项工作"}})
	if err != nil || r.Score != "100.00" {
		t.Errorf("what does not apply is not missing: %q %v", r.Score, err)
	}
}

func TestAManualItemNeedsTwoEvaluatorsWithEvidence(t *testing.T) {
	t.Parallel()
	s := one(scheme.Rule{Kind: scheme.Manual, Tolerance: "2"})
	with := func(by string, points scheme.Decimal) scheme.Rating {
		return scheme.Rating{By: by, Points: points, Evidence: ref(by)}
	}
	ruling := with("c", "13")
	ruling.Ruling = true
	for name, c := range map[string]struct {
		ratings []scheme.Rating
		score   scheme.Decimal
		state   scheme.State
	}{
		"nobody":                     {nil, "", scheme.Missing},
		"one":                        {[]scheme.Rating{with("a", "16")}, "", scheme.Missing},
		"the same one twice":         {[]scheme.Rating{with("a", "16"), with("a", "16")}, "", scheme.Missing},
		"the second has no evidence": {[]scheme.Rating{with("a", "16"), {By: "b", Points: "16"}}, "", scheme.Missing},
		"two who agree":              {[]scheme.Rating{with("a", "16"), with("b", "18")}, "85.00", scheme.Scored},
		"two who differ":             {[]scheme.Rating{with("a", "10"), with("b", "18")}, "", scheme.Disputed},
		"a ruling":                   {[]scheme.Rating{with("a", "10"), with("b", "18"), ruling}, "65.00", scheme.Scored},
	} {
		r, err := s.Score(scheme.Unit{Code: "T01", Ratings: map[string][]scheme.Rating{"work": c.ratings}})
		if err != nil {
			t.Fatal(err)
		}
		l, _ := r.Line("work")
		if r.Score != c.score || l.State != c.state {
			t.Errorf("%s: %q %s, want %q %s", name, r.Score, l.State, c.score, c.state)
		}
	}
}

func TestTheOrderOfStepsIsASwitch(t *testing.T) {
	t.Parallel()
	s := one(scheme.Rule{})
	s.Bonus = []scheme.Bonus{{Code: "praise", Per: "1", Cap: "2"}}
	s.TotalCap, s.BonusCap = "100", "2"
	u := scheme.Unit{
		Code: "T01", Points: map[string]scheme.Decimal{"work": "20"}, Facts: map[string]scheme.Fact{"praise": {Value: "5"}},
		Deductions: []scheme.Adjustment{{Code: "circular", Points: "120", Reason: "连续三次末位"}},
	}
	for _, c := range []struct {
		order []scheme.Step
		want  scheme.Decimal
	}{
		{nil, "2.00"},
		{[]scheme.Step{scheme.Add, scheme.Cap, scheme.Deduct}, "0.00"},
	} {
		s.Order = c.order
		r, err := s.Score(u)
		if err != nil || r.Score != c.want {
			t.Errorf("order %v: %s %v, want %s", c.order, r.Score, err, c.want)
		}
		if !slices.ContainsFunc(r.Steps, func(w scheme.Why) bool { return w.What == "deduction" && w.Note == "连续三次末位" }) {
			t.Errorf("the reason of the deduction is not printed: %+v", r.Steps)
		}
	}
}

func TestACapIsNotRoundedPast(t *testing.T) {
	t.Parallel()
	s := one(scheme.Rule{})
	s.Rounding.Places = 1
	s.Veto = scheme.Veto{Items: []string{"missed"}, Mode: scheme.VetoCap}
	r, err := s.Score(scheme.Unit{Code: "T01", Points: map[string]scheme.Decimal{"work": "20"}, Vetoes: []scheme.Adjustment{{Code: "missed"}}})
	if err != nil || r.Score != "59.9" {
		t.Errorf("score %s %v", r.Score, err)
	}
}

func TestAUnitWithAVetoIsNeverAmongTheBest(t *testing.T) {
	t.Parallel()
	places := scheme.Ranks([]scheme.Standing{{Unit: "a", Score: big.NewRat(9, 1)}, {Unit: "b", Score: big.NewRat(8, 1)}}, nil)
	places[0].Vetoed = true
	for _, g := range []scheme.Group{{Share: "0.5"}, {Count: 10}} {
		in, err := g.In(places)
		if err != nil || slices.Contains(in, "a") {
			t.Errorf("%+v: %v %v", g, in, err)
		}
	}
}

func TestAFigureIsShownSoThatItDoesNotContradictTheVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x    scheme.Decimal
		l    scheme.Limit
		want scheme.Decimal
	}{
		{"1.996", scheme.Limit{Op: "<", Bound: "2"}, "1.996"},
		{"1.99999", scheme.Limit{Op: "<", Bound: "2"}, "1.99999"},
		{"89.996", scheme.Limit{Op: ">=", Bound: "90"}, "89.996"},
		{"1.5", scheme.Limit{Op: "<", Bound: "2"}, "1.50"},
		{"89.996", scheme.Limit{Op: ">=", Bound: "90.00", Rounded: true}, "90.00"},
	} {
		if got, err := c.l.Show(rat(t, c.x), 2); err != nil || got != c.want {
			t.Errorf("%s %s %s: %s %v, want %s", c.x, c.l.Op, c.l.Bound, got, err, c.want)
		}
	}
}

func TestMistakesOfASchemeAreNamedByPath(t *testing.T) {
	t.Parallel()
	s := scheme.Scheme{
		Items: []scheme.Item{
			{Code: "a", Weight: "0.5", Items: []scheme.Item{{Code: "b", Weight: "1e3", Max: "10"}, {Code: "a", Weight: "1", Max: "0"}}},
			{Code: "c", Weight: "0.5", Max: "10", Rule: scheme.Rule{Kind: scheme.Measure, Fact: "x", Side: "at_least", Target: "90", Per: "1"}},
			{Code: "d", Weight: "1", Max: "10", Rule: scheme.Rule{Kind: scheme.Errors, Floor: "11"}},
		},
		TieBreak: []string{"nothing"}, Order: []scheme.Step{scheme.Deduct, scheme.Deduct, scheme.Cap},
	}
	want := []scheme.Mistake{
		{"items[0].items[0].weight", "decimal", "1e3"},
		{"items[0].items[1].code", "twice", "a"},
		{"items[0].items[1].max", "positive", "0"},
		{"items[1].rule.step", "decimal", ""},
		{"items[2].rule.floor", "above_max", "11"},
		{"items[2].rule.per_error", "empty", ""},
		{"order", "order", "[deduct deduct cap]"},
		{"tie_break[0]", "unknown", "nothing"},
	}
	if d := cmp.Diff(want, s.Check()); d != "" {
		t.Error(d)
	}
	if _, err := s.Score(scheme.Unit{Code: "T01"}); err == nil {
		t.Error("a scheme with mistakes gives a score")
	}
}

func TestPointsOutsideTheMarksAreAnError(t *testing.T) {
	t.Parallel()
	for _, p := range []scheme.Decimal{"20.01", "-1", "1/3", "1e1", "many"} {
		if r, err := one(scheme.Rule{}).Score(scheme.Unit{Code: "T01", Points: map[string]scheme.Decimal{"work": p}}); err == nil {
			t.Errorf("%s points give %s", p, r.Score)
		}
	}
}

func TestASchemeAndAResultSurviveJSON(t *testing.T) {
	t.Parallel()
	s := one(scheme.Rule{Kind: scheme.Errors, PerError: []scheme.PerError{{Fact: "late", Per: "0.3"}}})
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back scheme.Scheme
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
	r, err := back.Score(scheme.Unit{Code: "T01", Facts: map[string]scheme.Fact{"late": {Value: "7"}}})
	if err != nil {
		t.Fatal(err)
	}
	if raw, err = json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	var again scheme.Result
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if again.Score != "89.50" || again.Base.Cmp(big.NewRat(179, 2)) != 0 {
		t.Errorf("%s", raw)
	}
}

// decimals draws a number of hundredths.
func decimals(lo, hi int) *rapid.Generator[scheme.Decimal] {
	return rapid.Map(rapid.IntRange(lo, hi), func(n int) scheme.Decimal { return scheme.Round(big.NewRat(int64(n), 100), 2, scheme.HalfEven) })
}

// drawn is a scheme of two levels and a unit that fits it.
func drawn(t *rapid.T) (scheme.Scheme, scheme.Unit) {
	u := scheme.Unit{Code: "T01", Points: map[string]scheme.Decimal{}, Facts: map[string]scheme.Fact{}, NotApplicable: map[string]string{}}
	s := scheme.Scheme{Rounding: scheme.Rounding{Places: 2}, TotalCap: "100", BonusCap: "4"}
	for b := range rapid.IntRange(1, 3).Draw(t, "branches") {
		branch := scheme.Item{Code: string(rune('A' + b)), Weight: decimals(1, 900).Draw(t, "weight")}
		for l := range rapid.IntRange(1, 4).Draw(t, "leaves") {
			leaf := scheme.Item{Code: branch.Code + string(rune('a'+l)), Weight: decimals(1, 900).Draw(t, "weight"), Max: "10"}
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				u.NotApplicable[leaf.Code] = "…"
			case 1:
				leaf.Rule = scheme.Rule{Kind: scheme.Errors, Floor: "2", PerError: []scheme.PerError{{Fact: leaf.Code, Per: "0.3"}}}
				u.Facts[leaf.Code] = scheme.Fact{Value: scheme.Decimal(rapid.StringMatching(`[0-9]{1,2}`).Draw(t, "count"))}
			default:
				u.Points[leaf.Code] = decimals(0, 1000).Draw(t, "points")
			}
			branch.Items = append(branch.Items, leaf)
		}
		s.Items = append(s.Items, branch)
	}
	s.Bonus = []scheme.Bonus{{Code: "x", Per: "1.5", Cap: "3"}, {Code: "y", Per: "0.5"}}
	u.Facts["x"] = scheme.Fact{Value: scheme.Decimal(rapid.StringMatching(`[0-9]`).Draw(t, "x"))}
	u.Facts["y"] = scheme.Fact{Value: scheme.Decimal(rapid.StringMatching(`[0-9]`).Draw(t, "y"))}
	for range rapid.IntRange(0, 3).Draw(t, "deductions") {
		u.Deductions = append(u.Deductions, scheme.Adjustment{Code: "circular", Points: decimals(0, 6000).Draw(t, "off")})
	}
	return s, u
}

func TestPropertiesOfAScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, u := drawn(t)
		r, err := s.Score(u)
		if err != nil {
			t.Fatal(err)
		}
		if r.Final == nil {
			if len(u.NotApplicable) < len(s.Leaves()) {
				t.Fatal("no score though nothing is missing")
			}
			return
		}
		if r.Final.Sign() < 0 || r.Final.Cmp(big.NewRat(100, 1)) > 0 || r.Base.Cmp(big.NewRat(100, 1)) > 0 {
			t.Fatalf("final %s of base %s", r.Final.RatString(), r.Base.RatString())
		}
		gives := new(big.Rat)
		for _, l := range s.Leaves() {
			line, _ := r.Line(l.Code)
			if line.Gives != nil {
				gives.Add(gives, line.Gives)
			}
			if l.Rule.Kind == scheme.Errors && line.Points != nil && line.Points.Cmp(big.NewRat(2, 1)) < 0 {
				t.Fatalf("%s fell below its floor: %s", l.Code, line.Points.RatString())
			}
		}
		if gives.Cmp(r.Base) != 0 {
			t.Fatalf("the lines give %s, the base is %s", gives.RatString(), r.Base.RatString())
		}
		mixed := s
		mixed.Items = slices.Clone(s.Items)
		slices.Reverse(mixed.Items)
		for i := range mixed.Items {
			mixed.Items[i].Items = rapid.Permutation(mixed.Items[i].Items).Draw(t, "order")
		}
		again, err := mixed.Score(u)
		if err != nil || again.Final.Cmp(r.Final) != 0 {
			t.Fatalf("in another order: %v, want %s (%v)", again.Final, r.Final.RatString(), err)
		}
		more := u
		more.Deductions = append(slices.Clone(u.Deductions), scheme.Adjustment{Code: "circular", Points: "3"})
		less, err := s.Score(more)
		if err != nil || less.Final.Cmp(r.Final) > 0 {
			t.Fatalf("a further deduction gives %v, more than %s (%v)", less.Final, r.Final.RatString(), err)
		}
	})
}

func TestPropertiesOfRanks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []scheme.Standing
		for i := range rapid.IntRange(1, 12).Draw(t, "units") {
			all = append(all, scheme.Standing{Unit: string(rune('a' + i)), Score: big.NewRat(int64(rapid.IntRange(0, 4).Draw(t, "score")), 1)})
		}
		at := map[string]scheme.Place{}
		seen := map[int]bool{}
		for _, p := range scheme.Ranks(all, nil) {
			if p.Dense > p.Competition || p.Competition > p.Ordinal || p.Ordinal > p.Modified || seen[p.Ordinal] {
				t.Fatalf("%+v", p)
			}
			seen[p.Ordinal] = true
			at[p.Unit] = p
		}
		for _, a := range all {
			for _, b := range all {
				if c := a.Score.Cmp(b.Score); c > 0 && at[a.Unit].Competition >= at[b.Unit].Competition || c == 0 && at[a.Unit].Competition != at[b.Unit].Competition {
					t.Fatalf("%+v and %+v", at[a.Unit], at[b.Unit])
				}
			}
		}
		mixed := rapid.Permutation(all).Draw(t, "order")
		for _, p := range scheme.Ranks(mixed, nil) {
			if d := cmp.Diff(at[p.Unit], p, cmp.Comparer(func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })); d != "" {
				t.Fatal(d)
			}
		}
	})
}

func TestAStreakBreaksAndACorrectionChangesWhatFollows(t *testing.T) {
	t.Parallel()
	rule := scheme.StreakRule{Consequences: []scheme.Consequence{{Run: 2, Action: "named"}, {Run: 3, Action: "talk", Points: "3"}}}
	week := func(a, b scheme.Decimal) scheme.Period {
		return scheme.Period{Scores: map[string]scheme.Decimal{"a": a, "b": b}}
	}
	units := []string{"a", "b"}
	periods := []scheme.Period{week("1", "2"), week("1", "2"), week("1", "2")}
	got, err := rule.Streaks(units, periods)
	if err != nil || got.Points["a"].Cmp(big.NewRat(3, 1)) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	periods[1] = week("2", "1")
	got, err = rule.Streaks(units, periods)
	if err != nil || len(got.Events) != 0 || got.Run["a"] != 1 {
		t.Errorf("after the correction: %+v %v", got, err)
	}
	for _, p := range []scheme.Period{week("", ""), week("1", "1"), {Scores: map[string]scheme.Decimal{}}} {
		got, err = rule.Streaks(units, []scheme.Period{p})
		if err != nil || len(got.Last[0]) != 0 {
			t.Errorf("somebody is last of %v: %v %v", p, got.Last, err)
		}
	}
}

func TestACompositeWaitsForItsParts(t *testing.T) {
	t.Parallel()
	parts := []scheme.Part{{Code: "half", Weight: "0.4", Score: "80.005"}, {Code: "year", Weight: "0.6"}}
	c, err := scheme.Compose(parts, scheme.Rounding{Places: 2})
	if err != nil || c.Score != "" {
		t.Fatalf("%+v %v", c, err)
	}
	parts[1].NotApplicable = true
	c, err = scheme.Compose(parts, scheme.Rounding{Places: 2})
	if err != nil || c.Score != "80.00" {
		t.Errorf("%+v %v", c, err)
	}
}
