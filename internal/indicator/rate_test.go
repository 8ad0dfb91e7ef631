package indicator

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"ruhu/internal/playbook"
	"ruhu/internal/stats"
	"ruhu/internal/stats/statstest"
)

// TestFixtureRatesAgreeWithR: a sample drawn by the plan of S2.8 with what R's survey package says of it (SAMPLING 3). Whoever was not drawn stands in
// one household per class, so that the known numbers of persons are those of the file.
func TestFixtureRatesAgreeWithR(t *testing.T) {
	t.Parallel()
	for _, file := range statstest.Glob(t, "sampling/*/plan.json") {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			var e struct {
				Level     float64
				Tolerance struct{ Estimate, SE, CI float64 }
				Results   []struct {
					ID       string
					Estimate json.RawMessage // of the figures here a number
					SE       json.RawMessage
					N        *int
					CI       map[string][]*float64
					Known    map[string]float64
				}
			}
			statstest.JSON(t, filepath.Join(dir, "expected.json"), &e)
			s, rates := sampleOf(t, dir)
			known := map[string]float64{}
			for _, r := range e.Results {
				if len(r.Known) > 0 {
					known = r.Known
				}
			}
			if len(known) == 0 {
				t.Skip("no known persons")
			}
			for _, h := range s.rows {
				known[h.class] -= h.persons
			}
			for _, class := range []string{"poor", "exited", "unregistered"} {
				s.houses = append(s.houses, house{id: class, code: class, class: class, persons: known[class], in: true})
			}
			tried := 0
			for _, r := range e.Results {
				code := map[string]string{
					"ratio.wrong_exit_persons.exited": playbook.WronglyExited, "ratio.missed_persons.unregistered": playbook.Missed,
					"composite_rate.ratio_expanded": playbook.Composite, "proportion.approve.all": playbook.Approval, "domain_mean.approve.all": playbook.Approval,
				}[r.ID]
				if code == "" {
					continue
				}
				tried++
				rate, _ := rates.Find(code)
				got := RateResult{Why: []Why{}}
				s.estimate(rate, &got)
				statstest.Near(t, code, got.Estimate, number(t, r.Estimate), e.Tolerance.Estimate)
				statstest.Near(t, code+" se", got.SE, number(t, r.SE), e.Tolerance.SE)
				if w := r.CI["wilson_neff_t"]; len(w) == 2 && w[0] != nil && code != playbook.Composite { // ours leaves the known part out of the interval's width
					statstest.Near(t, code+" low", got.Lo, *w[0], e.Tolerance.CI)
					statstest.Near(t, code+" high", got.Hi, *w[1], e.Tolerance.CI)
				}
				if got.Lo > got.Estimate || got.Hi < got.Estimate || r.N != nil && got.N != *r.N {
					t.Errorf("%s: %+v", code, got)
				}
			}
			if tried < 3 {
				t.Errorf("only %d figures were compared", tried)
			}
		})
	}
}

func number(t *testing.T, raw json.RawMessage) float64 {
	t.Helper()
	var x float64
	if err := json.Unmarshal(raw, &x); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return x
}

// sampleOf reads the households of sample.csv that answered.
func sampleOf(t *testing.T, dir string) (*sample, playbook.Rates) {
	t.Helper()
	rates := playbook.Rates{List: []playbook.Rate{
		{Code: playbook.WronglyExited, Classes: []string{"exited"}, Threshold: 0.02, Side: "below"},
		{Code: playbook.Missed, Classes: []string{"unregistered"}, Threshold: 0.02, Side: "below"},
		{Code: playbook.Composite, Poor: []string{"poor"}, Threshold: 0.02, Side: "below"},
		{Code: playbook.Approval, Indicator: "approve", Threshold: 0.9, Side: "at_least"},
	}}
	tab := statstest.CSV(t, filepath.Join(dir, "sample.csv"))
	standing := map[string]map[string]int{playbook.WronglyExited: {}, playbook.Missed: {}}
	var houses []house
	var rows []stats.Row
	for i := range tab.Rows {
		if tab.Text(i, "response") != "complete" {
			continue
		}
		h := house{
			id: tab.Text(i, "hh"), code: tab.Text(i, "hh"), class: tab.Text(i, "hclass"), persons: tab.Number(i, "persons"), in: true, answered: true,
			figures: map[string]float64{"approve": tab.Number(i, "approve")},
		}
		houses = append(houses, h)
		standing[playbook.WronglyExited][h.id] = int(tab.Number(i, "wrong_exit_persons"))
		standing[playbook.Missed][h.id] = int(tab.Number(i, "missed_persons"))
		rows = append(rows, stats.Row{
			Stratum: tab.Text(i, "township"), PSU: tab.Text(i, "village"), N: tab.Number(i, "N_h"),
			Stratum2: tab.Text(i, "stratum2"), M: tab.Number(i, "M_c"), Weight: tab.Number(i, "w"),
		})
	}
	d, err := stats.NewDesign(rows, stats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &sample{
		census: census{rates: rates, houses: houses, standing: standing, population: math.NaN(), sampled: true},
		gap:    func([]string) bool { return false },
	}
	s.take(d, houses)
	return s, rates
}

// TestVerdictsOfASample: the interval decides and not the estimate; a coverage gap and cases that are open leave it undecided.
func TestVerdictsOfASample(t *testing.T) {
	t.Parallel()
	judge := func(cases, pending int, gap bool) RateResult {
		c := census{
			rates:    playbook.Rates{List: []playbook.Rate{{Code: playbook.WronglyExited, Classes: []string{"exited"}, Threshold: 0.02, Side: "below"}}},
			standing: map[string]map[string]int{playbook.WronglyExited: {}}, pending: map[string]map[string]int{playbook.WronglyExited: {}},
		}
		var rows []stats.Row
		for i := range 600 {
			id := string(rune('A'+i%30)) + string(rune('a'+i/30))
			c.houses = append(c.houses, house{id: id, code: id, class: "exited", persons: 4, in: true, answered: true})
			rows = append(rows, stats.Row{Stratum: "t", PSU: id[:1], N: 60, M: 200, Weight: 20})
			if i < cases {
				c.standing[playbook.WronglyExited][id] = 4
			} else if i < cases+pending {
				c.pending[playbook.WronglyExited][id] = 4
			}
		}
		d, err := stats.NewDesign(rows, stats.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := &sample{census: c, gap: func([]string) bool { return gap }}
		s.take(d, c.houses)
		out := RateResult{Pending: pending * 4, Why: []Why{}}
		s.estimate(c.rates.List[0], &out)
		return out
	}
	for _, c := range []struct {
		cases, pending int
		gap            bool
		want           stats.Verdict
		why            []Why
	}{
		{0, 0, false, stats.Met, []Why{}},
		{8, 0, false, stats.Undecided, []Why{WhyIntervalBoth}},
		{60, 0, false, stats.NotMet, []Why{}},
		{0, 20, false, stats.Undecided, []Why{WhyOpen}},
		{0, 0, true, stats.Undecided, []Why{WhyGap}},
	} {
		got := judge(c.cases, c.pending, c.gap)
		if got.Verdict != c.want || !slices.Equal(got.Why, c.why) {
			t.Errorf("%+v: %s %v, [%.4f, %.4f]", c, got.Verdict, got.Why, got.Lo, got.Hi)
		}
	}
}

// TestVerdictsOfACensus: fractions are held against the limit as they are; what is open leaves the verdict open only where it could change it.
func TestVerdictsOfACensus(t *testing.T) {
	t.Parallel()
	rate := playbook.Rate{Code: playbook.WronglyExited, Classes: []string{"exited"}, Threshold: 0.02, Side: "below"}
	for _, c := range []struct {
		name                       string
		standing, pending, persons int
		answered                   bool
		want                       stats.Verdict
		why                        []Why
	}{
		{"nobody", 0, 0, 1000, true, stats.Met, []Why{}},
		{"just below: 19 of 1000", 19, 0, 1000, true, stats.Met, []Why{}},
		{"the limit itself: 20 of 1000", 20, 0, 1000, true, stats.NotMet, []Why{}},
		{"pending could change it", 10, 10, 1000, true, stats.Undecided, []Why{WhyOpen}},
		{"pending could not", 10, 9, 1000, true, stats.Met, []Why{}},
		{"too many already, visits go on", 20, 5, 1000, false, stats.NotMet, []Why{}},
		{"visits go on", 0, 0, 1000, false, stats.Undecided, []Why{WhyIncomplete}},
	} {
		n := census{
			rates:    playbook.Rates{List: []playbook.Rate{rate}},
			houses:   []house{{id: "a", class: "exited", persons: float64(c.persons), in: true, answered: c.answered}, {id: "b", class: "poor", persons: 500, in: true}},
			standing: map[string]map[string]int{rate.Code: {"a": c.standing}}, pending: map[string]map[string]int{rate.Code: {"a": c.pending}},
		}
		got := n.all()[0]
		if got.Verdict != c.want || !slices.Equal(got.Why, c.why) {
			t.Errorf("%s: %s %v", c.name, got.Verdict, got.Why)
		}
	}
	empty := census{rates: playbook.Rates{List: []playbook.Rate{rate}}}
	if got := empty.all()[0]; got.Known || !slices.Equal(got.Why, []Why{WhyNobody}) {
		t.Errorf("nobody exited: %+v", got)
	}
}

// TestTheCompositeRateNeedsAllRuralPersons: where the base list lacks most of them, the number is entered.
func TestTheCompositeRateNeedsAllRuralPersons(t *testing.T) {
	t.Parallel()
	n := census{
		rates: playbook.Rates{Population: playbook.Entered, List: []playbook.Rate{
			{Code: playbook.WronglyExited, Classes: []string{"exited"}, Threshold: 0.02, Side: "below"},
			{Code: playbook.Missed, Classes: []string{"marginal"}, Threshold: 0.02, Side: "below"},
			{Code: playbook.Composite, Poor: []string{"poor"}, Threshold: 0.02, Side: "below"},
		}},
		houses: []house{
			{id: "a", class: "exited", persons: 40, in: true, answered: true},
			{id: "b", class: "poor", persons: 10, in: true, answered: true},
			{id: "c", class: "marginal", persons: 5, in: true, answered: true},
		},
		standing:   map[string]map[string]int{playbook.WronglyExited: {"a": 4}, playbook.Missed: {"c": 5}},
		population: math.NaN(),
	}
	for _, r := range n.all()[1:] {
		if r.Known || !slices.Equal(r.Why, []Why{WhyPopulation}) {
			t.Errorf("%s without it: %+v", r.Code, r)
		}
	}
	n.population = 1050
	got := n.all()
	if got[0].Estimate != 0.1 || got[1].Estimate != 0.005 || got[2].Estimate != 19.0/1050 || got[2].Numerator != 19 || got[2].Verdict != stats.Met {
		t.Errorf("%+v", got)
	}
}
