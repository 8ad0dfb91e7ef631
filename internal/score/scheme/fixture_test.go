package scheme_test

import (
	"encoding/json"
	"math"
	"math/big"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/score/scheme"
	"ruhu/internal/stats/statstest"
)

// node is the fixture's tree.
type node struct {
	Code     string
	Weight   scheme.Decimal
	Max      scheme.Decimal
	Children []node
}

func (n node) items() []scheme.Item {
	out := make([]scheme.Item, 0, len(n.Children))
	for _, c := range n.Children {
		out = append(out, scheme.Item{Code: c.Code, Weight: c.Weight, Max: c.Max, Items: c.items()})
	}
	return out
}

type modelFile struct {
	Model struct {
		Tree  node
		Bonus []struct {
			Code    string
			Per     scheme.Decimal
			ItemCap scheme.Decimal `json:"item_cap"`
		}
		BonusCap       scheme.Decimal `json:"bonus_cap"`
		TotalCap       scheme.Decimal `json:"total_cap"`
		DeductionFloor scheme.Decimal `json:"deduction_floor"`
		Veto           struct{ Items []string }
		Rounding       struct{ Places int }
	}
	Units []struct {
		Code       string
		Leaf       map[string]*scheme.Decimal
		Bonus      map[string]json.Number
		Deductions scheme.Decimal
		Veto       []string
	}
}

func (f modelFile) scheme(mode string) scheme.Scheme {
	m := f.Model
	s := scheme.Scheme{
		Items: m.Tree.items(), BonusCap: m.BonusCap, TotalCap: m.TotalCap, DeductionFloor: m.DeductionFloor,
		Rounding: scheme.Rounding{Places: m.Rounding.Places}, Veto: scheme.Veto{Mode: mode},
		TieBreak: []string{"poverty_work"},
	}
	for _, b := range m.Bonus {
		s.Bonus = append(s.Bonus, scheme.Bonus{Code: b.Code, Per: b.Per, Cap: b.ItemCap})
	}
	if mode != "" {
		s.Veto.Items = m.Veto.Items
	}
	return s
}

func (f modelFile) units() []scheme.Unit {
	var out []scheme.Unit
	for _, u := range f.Units {
		su := scheme.Unit{
			Code: u.Code, Points: map[string]scheme.Decimal{}, Facts: map[string]scheme.Fact{}, NotApplicable: map[string]string{},
			Deductions: []scheme.Adjustment{{Code: "circular", Points: u.Deductions}},
		}
		for code, p := range u.Leaf {
			if p == nil {
				su.NotApplicable[code] = "null in the fixture"
			} else {
				su.Points[code] = *p
			}
		}
		for code, n := range u.Bonus {
			su.Facts[code] = scheme.Fact{Value: scheme.Decimal(n)}
		}
		for _, v := range u.Veto {
			su.Vetoes = append(su.Vetoes, scheme.Adjustment{Code: v})
		}
		out = append(out, su)
	}
	return out
}

type ranks struct {
	Competition         []int
	ModifiedCompetition []int `json:"modified_competition"`
	Dense               []int
	Fractional          []float64
	PercentRank         []float64 `json:"percent_rank"`
	CumeDist            []float64 `json:"cume_dist"`
}

type outcomes struct {
	Units []struct {
		Code           string
		BaseExact      string `json:"base_exact"`
		Bonus          float64
		FinalUnrounded string `json:"final_unrounded_exact"`
		Final          scheme.Decimal
		Veto           bool
		FinalVetoZero  scheme.Decimal `json:"final_veto_zero"`
		FinalVetoCap   scheme.Decimal `json:"final_veto_cap"`
	}
	Ranking struct {
		NoVetoRule ranks `json:"no_veto_rule"`
		VetoZero   ranks `json:"veto_zero"`
		VetoLast   ranks `json:"veto_last"`
		VetoCap    ranks `json:"veto_cap"`
		Ordinal    []int `json:"ordinal_tiebreak_povertywork_then_code"`
	}
	Departments struct {
		Rows []struct {
			Code         string
			OtherTargets scheme.Decimal `json:"other_targets"`
			PovertyWork  scheme.Decimal `json:"poverty_work"`
			Full         bool           `json:"provincial_item_full_marks"`
			Expected     scheme.Decimal
		}
	}
	Rounding []struct {
		Value    scheme.Decimal
		Places   int
		HalfEven scheme.Decimal `json:"half_even"`
		HalfUp   scheme.Decimal `json:"half_up"`
	}
	NoSuccessive struct {
		Value scheme.Decimal
		Right scheme.Decimal `json:"right_to_integer"`
	} `json:"no_successive_rounding"`
	HalfUnit []struct {
		Value, Unit scheme.Decimal
		Rounded     json.Number
	} `json:"half_unit_rounding"`
	Limits []struct {
		Value        scheme.Decimal
		Op           string
		Limit        scheme.Decimal
		FullValue    bool           `json:"full_value"`
		RoundedTo    scheme.Decimal `json:"rounded_to"`
		RoundedValue bool           `json:"rounded_value"`
	}
	Top20   []map[string]json.RawMessage
	Streaks []struct {
		Weeks  []map[string]*json.Number
		Units  []string
		Rule   struct{ Missing, Beyond string }
		Events []struct {
			Week, Streak int
			Unit, Action string
		}
		PointsOff map[string]json.Number `json:"points_off"`
		RunAtEnd  map[string]int         `json:"run_at_end"`
	}
	Composite *compositeFile `json:"composite_indicator"`
}

type compositeFile struct {
	Data           [][]json.Number
	Direction      []int
	Weights        []scheme.Decimal
	MinMax         [][]float64 `json:"min_max"`
	Linear         []float64
	Geometric      []float64 `json:"geometric_with_floor_0_01"`
	EqualWeights   []float64 `json:"equal_weights"`
	RankLinear     []int     `json:"rank_linear"`
	RankGeometric  []int     `json:"rank_geometric"`
	RankEqual      []int     `json:"rank_equal"`
	ShiftGeometric float64   `json:"average_rank_shift_geometric"`
	ShiftEqual     float64   `json:"average_rank_shift_equal"`
	Swings         []struct {
		Indicator int
		Factor    scheme.Decimal
		Ranks     []int
	} `json:"one_at_a_time_weight_swing_25pct"`
}

// fixtures calls f for every folder with cases.
func fixtures(t *testing.T, f func(t *testing.T, in modelFile, want outcomes)) {
	for _, file := range statstest.Glob(t, "scoring*/expected.json") {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			var in modelFile
			var want outcomes
			statstest.JSON(t, filepath.Join(dir, "score_input.json"), &in)
			statstest.JSON(t, file, &want)
			f(t, in, want)
		})
	}
}

// rat reads numbers as Python writes them, 1e-9 among them.
func rat(t *testing.T, d scheme.Decimal) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(string(d))
	if !ok {
		t.Fatalf("not a number: %q", d)
	}
	return x
}

// sameDecimal compares as decimals: 60.0 is 60.00.
func sameDecimal(t *testing.T, what string, got, want scheme.Decimal) {
	t.Helper()
	if rat(t, got).Cmp(rat(t, want)) != 0 {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

func results(t *testing.T, s scheme.Scheme, units []scheme.Unit) []scheme.Result {
	t.Helper()
	out := make([]scheme.Result, 0, len(units))
	for _, u := range units {
		r, err := s.Score(u)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func TestFixtureScoresAreEqualAsDecimals(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, in modelFile, want outcomes) {
		none := results(t, in.scheme(""), in.units())
		zero := results(t, in.scheme(scheme.VetoZero), in.units())
		limited := results(t, in.scheme(scheme.VetoCap), in.units())
		if len(none) != len(want.Units) || len(none) == 0 {
			t.Fatalf("%d units, want %d", len(none), len(want.Units))
		}
		for i, w := range want.Units {
			if w.Final == "" {
				if none[i].Score != "" {
					t.Errorf("%s has a score: %s", w.Code, none[i].Score)
				}
				continue
			}
			if got := none[i].Base.RatString(); got != w.BaseExact {
				t.Errorf("%s: base %s, want %s", w.Code, got, w.BaseExact)
			}
			if got := none[i].Final.RatString(); got != w.FinalUnrounded {
				t.Errorf("%s: final %s, want %s", w.Code, got, w.FinalUnrounded)
			}
			bonus, _ := none[i].Bonus.Float64()
			statstest.Near(t, w.Code+" bonus", bonus, w.Bonus, 1e-12)
			if none[i].Score != w.Final || zero[i].Score != w.FinalVetoZero || limited[i].Score != w.FinalVetoCap {
				t.Errorf("%s: %s, %s, %s; want %s, %s, %s", w.Code, none[i].Score, zero[i].Score, limited[i].Score, w.Final, w.FinalVetoZero, w.FinalVetoCap)
			}
			if zero[i].Vetoed != w.Veto {
				t.Errorf("%s: vetoed %v, want %v", w.Code, zero[i].Vetoed, w.Veto)
			}
		}
	})
}

func TestFixtureRanksAgree(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, in modelFile, want outcomes) {
		for mode, w := range map[string]ranks{
			"": want.Ranking.NoVetoRule, scheme.VetoZero: want.Ranking.VetoZero, scheme.VetoLast: want.Ranking.VetoLast, scheme.VetoCap: want.Ranking.VetoCap,
		} {
			places, err := in.scheme(mode).Rank(results(t, in.scheme(mode), in.units()))
			if err != nil {
				t.Fatal(err)
			}
			var got ranks
			var ordinal []int
			for _, p := range places {
				f, _ := p.Fractional.Float64()
				pr, _ := p.PercentRank.Float64()
				cd, _ := p.CumeDist.Float64()
				got.Competition = append(got.Competition, p.Competition)
				got.ModifiedCompetition = append(got.ModifiedCompetition, p.Modified)
				got.Dense = append(got.Dense, p.Dense)
				got.Fractional = append(got.Fractional, f)
				got.PercentRank = append(got.PercentRank, pr)
				got.CumeDist = append(got.CumeDist, cd)
				ordinal = append(ordinal, p.Ordinal)
			}
			if d := cmp.Diff(w, got, closeEnough); d != "" {
				t.Errorf("veto %q (-want +got):\n%s", mode, d)
			}
			if d := cmp.Diff(want.Ranking.Ordinal, ordinal); mode == "" && d != "" {
				t.Errorf("ordinal (-want +got):\n%s", d)
			}
		}
	})
}

var closeEnough = cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Max(1, math.Abs(b)) })

func TestFixtureDepartmentsPutTwoPartsTogether(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, _ modelFile, want outcomes) {
		for _, row := range want.Departments.Rows {
			c, err := scheme.Compose([]scheme.Part{
				{Code: "other", Weight: "0.60", Score: row.OtherTargets},
				{Code: "poverty_work", Weight: "0.40", Score: row.PovertyWork, Full: row.Full},
			}, scheme.Rounding{Places: 2})
			if err != nil {
				t.Fatal(err)
			}
			sameDecimal(t, row.Code, c.Score, row.Expected)
		}
	})
}

func TestFixtureRoundingFollowsTheStandard(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, _ modelFile, want outcomes) {
		for _, c := range want.Rounding {
			sameDecimal(t, string(c.Value)+" half even", scheme.Round(rat(t, c.Value), c.Places, scheme.HalfEven), c.HalfEven)
			sameDecimal(t, string(c.Value)+" half up", scheme.Round(rat(t, c.Value), c.Places, scheme.HalfUp), c.HalfUp)
		}
		sameDecimal(t, "at once", scheme.Round(rat(t, want.NoSuccessive.Value), 0, scheme.HalfEven), want.NoSuccessive.Right)
		for _, c := range want.HalfUnit {
			got := scheme.RoundToUnit(rat(t, c.Value), rat(t, c.Unit), scheme.HalfEven)
			if got.Cmp(rat(t, scheme.Decimal(c.Rounded))) != 0 {
				t.Errorf("%s by %s: %s, want %s", c.Value, c.Unit, got.RatString(), c.Rounded)
			}
		}
		for _, c := range want.Limits {
			full := scheme.Limit{Op: c.Op, Bound: c.Limit}
			rounded := scheme.Limit{Op: c.Op, Bound: c.Limit, Rounded: true}
			a, err := full.Met(rat(t, c.Value))
			if err != nil {
				t.Fatal(err)
			}
			b, err := rounded.Met(rat(t, c.Value))
			if err != nil {
				t.Fatal(err)
			}
			if a != c.FullValue || b != c.RoundedValue || rounded.RoundedTo(rat(t, c.Value)) != c.RoundedTo {
				t.Errorf("%s %s %s: %v, %v, %s; want %v, %v, %s", c.Value, c.Op, c.Limit, a, b, rounded.RoundedTo(rat(t, c.Value)), c.FullValue, c.RoundedValue, c.RoundedTo)
			}
		}
	})
}

func TestFixtureTopShareInEveryReading(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, _ modelFile, want outcomes) {
		if len(want.Top20) == 0 {
			t.Fatal("no case")
		}
		for n, c := range want.Top20 {
			var scores []json.Number
			if err := json.Unmarshal(c["scores"], &scores); err != nil {
				t.Fatal(err)
			}
			var all []scheme.Standing
			index := map[string]int{}
			for i, s := range scores {
				name := string(rune('a' + i))
				index[name] = i
				all = append(all, scheme.Standing{Unit: name, Score: rat(t, scheme.Decimal(s))})
			}
			places := scheme.Ranks(all, nil)
			checked := 0
			for variant, raw := range c {
				g := scheme.Group{Share: "0.2"}
				switch {
				case variant == "scores":
					continue
				case strings.HasSuffix(variant, "_le_share"):
					g.Cut = strings.TrimSuffix(variant, "_le_share")
				default:
					g.TiesOut = strings.HasSuffix(variant, "_out")
					g.Cut = strings.TrimSuffix(strings.TrimSuffix(variant, "_ties_out"), "_ties_in")
				}
				var w []int
				if err := json.Unmarshal(raw, &w); err != nil {
					t.Fatal(err)
				}
				in, err := g.In(places)
				if err != nil {
					t.Fatal(err)
				}
				got := []int{}
				for _, u := range in {
					got = append(got, index[u])
				}
				if d := cmp.Diff(w, got); d != "" {
					t.Errorf("case %d %s: %s", n, variant, d)
				}
				checked++
			}
			if checked < 10 {
				t.Errorf("case %d: %d variants", n, checked)
			}
		}
	})
}

func TestFixtureStreaksAndTheirConsequences(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, _ modelFile, want outcomes) {
		for n, c := range want.Streaks {
			rule := scheme.StreakRule{Missing: c.Rule.Missing, Beyond: c.Rule.Beyond, Consequences: []scheme.Consequence{
				{Run: 2, Action: "named"}, {Run: 3, Action: "talk_and_3_points", Points: "3"},
			}}
			if rule.Beyond == "each3" {
				rule.Beyond = "each"
			}
			var periods []scheme.Period
			for _, week := range c.Weeks {
				p := scheme.Period{Scores: map[string]scheme.Decimal{}}
				for u, x := range week {
					if x != nil {
						p.Scores[u] = scheme.Decimal(*x)
					}
				}
				periods = append(periods, p)
			}
			got, err := rule.Streaks(c.Units, periods)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Events) != len(c.Events) {
				t.Errorf("case %d: %d events, want %d", n, len(got.Events), len(c.Events))
				continue
			}
			for i, e := range c.Events {
				g := got.Events[i]
				if g.Period+1 != e.Week || g.Unit != e.Unit || g.Run != e.Streak || g.Action != e.Action {
					t.Errorf("case %d: %+v, want %+v", n, g, e)
				}
			}
			for u, off := range c.PointsOff {
				if got.Points[u].Cmp(rat(t, scheme.Decimal(off))) != 0 || got.Run[u] != c.RunAtEnd[u] {
					t.Errorf("case %d %s: %s off, run %d; want %s, %d", n, u, got.Points[u].RatString(), got.Run[u], off, c.RunAtEnd[u])
				}
			}
		}
	})
}

func floats(x []*big.Rat) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		out[i], _ = x[i].Float64()
	}
	return out
}

func TestFixtureCompositeIndicatorAndItsRobustness(t *testing.T) {
	t.Parallel()
	fixtures(t, func(t *testing.T, _ modelFile, want outcomes) {
		w := want.Composite
		if w == nil {
			t.Skip("no composite indicator")
		}
		data := make([][]scheme.Decimal, len(w.Data))
		for i, row := range w.Data {
			for _, x := range row {
				data[i] = append(data[i], scheme.Decimal(x))
			}
		}
		got, err := scheme.CheckRobustness(data, w.Direction, w.Weights)
		if err != nil {
			t.Fatal(err)
		}
		for j := range w.MinMax {
			if d := cmp.Diff(w.MinMax[j], floats(got.MinMax[j]), closeEnough); d != "" {
				t.Errorf("min-max %d: %s", j, d)
			}
		}
		for what, pair := range map[string][2][]float64{
			"linear": {w.Linear, floats(got.Linear)}, "equal": {w.EqualWeights, floats(got.Equal)}, "geometric": {w.Geometric, got.Geometric},
		} {
			if d := cmp.Diff(pair[0], pair[1], closeEnough); d != "" {
				t.Errorf("%s: %s", what, d)
			}
		}
		for what, pair := range map[string][2][]int{
			"linear": {w.RankLinear, got.RankLinear}, "equal": {w.RankEqual, got.RankEqual}, "geometric": {w.RankGeometric, got.RankGeo},
		} {
			if d := cmp.Diff(pair[0], pair[1]); d != "" {
				t.Errorf("rank %s: %s", what, d)
			}
		}
		shifts := floats([]*big.Rat{got.ShiftGeo, got.ShiftEqual})
		statstest.Near(t, "shift, geometric", shifts[0], w.ShiftGeometric, 1e-12)
		statstest.Near(t, "shift, equal", shifts[1], w.ShiftEqual, 1e-12)
		if len(got.Swings) != len(w.Swings) {
			t.Fatalf("%d swings, want %d", len(got.Swings), len(w.Swings))
		}
		for i, s := range w.Swings {
			if d := cmp.Diff(scheme.Swing{Indicator: s.Indicator, Factor: s.Factor, Ranks: s.Ranks}, got.Swings[i]); d != "" {
				t.Errorf("swing %d: %s", i, d)
			}
		}
	})
}
