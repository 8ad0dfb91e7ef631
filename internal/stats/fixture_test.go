package stats_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"ruhu/internal/stats"
	"ruhu/internal/stats/statstest"
)

// expected is a file of figures made by R.
type expected struct {
	Tolerance struct{ Estimate, SE, CI float64 }
	Level     float64
	Results   []json.RawMessage
}

// result is one of them; each kind fills its own part.
type result struct {
	ID, Kind, Variable, Design, Lonely, Domain, Method, Dataset string
	Optional                                                    bool
	Numerator, Denominator                                      string
	Estimate                                                    json.RawMessage
	SE                                                          json.RawMessage
	DF                                                          *float64
	N                                                           *int
	CI                                                          json.RawMessage
	NEff                                                        *float64 `json:"n_eff"`
	Deff                                                        *float64 `json:"deff_vs_srs_wr"`
	UpperLogit                                                  *float64 `json:"upper95_onesided_logit"`
	DeffDefault                                                 float64  `json:"R_deff_default"`
	DeffReplace                                                 float64  `json:"R_deff_replace"`
	Collapsed                                                   []string
	Probs                                                       []float64
	Levels                                                      []string
	Known                                                       map[string]float64
	KnownPoor                                                   float64 `json:"known_poor_persons"`
	KnownRural                                                  float64 `json:"known_rural_persons"`
	KnownUnregistered                                           float64 `json:"known_unregistered_persons"`
	KnownExited                                                 float64 `json:"known_exited_persons"`
	PSUFiltered                                                 int     `json:"psu_in_filtered"`
	PSU, Strata                                                 int
	NComplete                                                   int     `json:"n_complete"`
	NSelected                                                   int     `json:"n_selected"`
	SumBase                                                     float64 `json:"sum_w_base_selected"`
	SumComplete                                                 float64 `json:"sum_w_complete"`
	Lonely1                                                     int     `json:"lonely_stage1"`
	Lonely2                                                     int     `json:"lonely_stage2"`
	ApproveShare                                                float64 `json:"approve_share"`
	WrongExitRate                                               float64 `json:"wrong_exit_rate"`
	MissedRate                                                  float64 `json:"missed_rate"`
	CompositeRate                                               float64 `json:"composite_rate"`
	F, NDF, DDF, P                                              float64
}

func (r result) estimate(t *testing.T) float64 { return number(t, r.Estimate) }
func (r result) se(t *testing.T) float64       { return number(t, r.SE) }

func number(t *testing.T, raw json.RawMessage) float64 {
	t.Helper()
	var x float64
	if err := json.Unmarshal(raw, &x); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return x
}

func readExpected(t *testing.T, file string) (expected, []result) {
	t.Helper()
	var e expected
	statstest.JSON(t, file, &e)
	if e.Level == 0 {
		e.Level = 0.95
	}
	out := make([]result, len(e.Results))
	for i, raw := range e.Results {
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no figure", file)
	}
	return e, out
}

// survey is a sample in the layout of sampling/*/sample.csv.
type survey struct {
	tab statstest.Table // complete rows only
	all statstest.Table
}

func readSurvey(t *testing.T, dir string) survey {
	t.Helper()
	all := statstest.CSV(t, filepath.Join(dir, "sample.csv"))
	tab := all
	tab.Rows = nil
	for i := range all.Rows {
		if all.Text(i, "response") == "complete" {
			tab.Rows = append(tab.Rows, all.Rows[i])
		}
	}
	return survey{tab, all}
}

func (s survey) design(t *testing.T, kind string, opt stats.Options) *stats.Design {
	t.Helper()
	rows := make([]stats.Row, len(s.tab.Rows))
	for i := range rows {
		r := stats.Row{
			Stratum: s.tab.Text(i, "township"), PSU: s.tab.Text(i, "village"), N: s.tab.Number(i, "N_h"),
			Stratum2: s.tab.Text(i, "stratum2"), M: s.tab.Number(i, "M_c"), Weight: s.tab.Number(i, "w"),
		}
		if kind == "ultimate_cluster_fpc1" || kind == "ultimate_cluster_wr" {
			r.M = 0
		}
		if kind == "ultimate_cluster_wr" {
			r.N = 0
		}
		rows[i] = r
	}
	d, err := stats.NewDesign(rows, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// domain reads the last part of a figure's id: all, class_poor, key_1, township_9901…, domain_<stratum2>, or a class.
func (s survey) domain(name string) []bool {
	column, value := "", name
	switch {
	case name == "all":
		return nil
	case strings.HasPrefix(name, "class_"):
		column, value = "hclass", name[6:]
	case strings.HasPrefix(name, "domain_"):
		column, value = "stratum2", name[7:]
	case strings.HasPrefix(name, "key_"):
		column, value = "key", name[4:]
	case strings.HasPrefix(name, "township_"):
		column, value = "township", name[9:]
	default:
		column = "hclass"
	}
	return s.tab.Mask(func(i int) bool { return s.tab.Text(i, column) == value })
}

// values reads a variable: a column, households or one (a 1 for each), or name=a*b.
func (s survey) values(name string) []float64 {
	if _, product, ok := strings.Cut(name, "="); ok {
		a, b, _ := strings.Cut(product, "*")
		x, y := s.tab.Numbers(a), s.tab.Numbers(b)
		for i := range x {
			x[i] *= y[i]
		}
		return x
	}
	if name == "households" || name == "one" {
		x := make([]float64, len(s.tab.Rows))
		for i := range x {
			x[i] = 1
		}
		return x
	}
	return s.tab.Numbers(name)
}

func TestFixtureTwoStageFiguresAgreeWithR(t *testing.T) {
	t.Parallel()
	for _, plan := range statstest.Glob(t, "sampling/*/plan.json") {
		dir := filepath.Dir(plan)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			e, results := readExpected(t, filepath.Join(dir, "expected.json"))
			s := readSurvey(t, dir)
			d := s.design(t, "two_stage_fpc", stats.Options{})
			known := map[string]float64{}
			for _, r := range results {
				if len(r.Known) > 0 {
					known = r.Known
				}
			}
			for _, r := range results {
				if r.Kind == "administrative" {
					s.checkPlain(t, r, known, e.Tolerance.Estimate)
					continue
				}
				t.Run(r.ID, func(t *testing.T) { s.check(t, d, e, r) })
			}
		})
	}
}

// check computes one figure and compares all that the file says about it.
func (s survey) check(t *testing.T, d *stats.Design, e expected, r result) {
	tol := e.Tolerance
	part := strings.Split(r.ID, ".")
	last := part[len(part)-1]
	switch r.Kind {
	case "design":
		s.checkDesign(t, d, r, tol.Estimate)
		return
	case "counter_example":
		s.checkCounterExample(t, d, r, tol.SE)
		return
	case "deff":
		y := s.values(last)
		f := d.Mean(y, nil)
		statstest.Near(t, "deff", f.Deff(y, false), r.DeffDefault, tol.SE)
		statstest.Near(t, "deff, with replacement", f.Deff(y, true), r.DeffReplace, tol.SE)
		return
	case "quantile":
		var want []float64
		if err := json.Unmarshal(r.Estimate, &want); err != nil {
			t.Fatal(err)
		}
		for i, p := range r.Probs {
			statstest.Near(t, "quantile", d.Quantile(s.values(part[1]), nil, p), want[i], tol.Estimate)
		}
		return
	case "test":
		s.checkRaoScott(t, d, r, part[1], tol.SE)
		return
	}
	f := s.figure(t, d, r, part)
	statstest.Near(t, "estimate", f.Estimate, r.estimate(t), tol.Estimate)
	statstest.Near(t, "standard error", f.SE, r.se(t), tol.SE)
	if r.N != nil && f.N != *r.N {
		t.Errorf("n = %d, want %d", f.N, *r.N)
	}
	if r.DF != nil && f.DF != int(*r.DF) {
		t.Errorf("df = %d, want %v", f.DF, *r.DF)
	}
	if r.NEff != nil {
		statstest.Near(t, "effective n", f.EffectiveN(), *r.NEff, tol.CI)
	}
	if r.Deff != nil {
		statstest.Near(t, "deff", float64(f.N)/f.EffectiveN(), *r.Deff, tol.CI)
	}
	if r.UpperLogit != nil {
		statstest.Near(t, "upper bound", f.UpperLogit(e.Level), *r.UpperLogit, tol.CI)
	}
	checkIntervals(t, f, r.CI, e.Level, tol.CI)
}

// figure builds the figure that the id names.
func (s survey) figure(t *testing.T, d *stats.Design, r result, part []string) stats.Figure {
	last := part[len(part)-1]
	switch r.Kind {
	case "mean":
		if r.Design != "" || r.Lonely != "" {
			d = s.design(t, r.Design, stats.Options{Lonely: stats.Lonely(r.Lonely)})
		}
		if len(r.Collapsed) > 0 {
			to := map[string]string{}
			for _, c := range r.Collapsed[1:] {
				to[c] = r.Collapsed[0]
			}
			d = s.design(t, "two_stage_fpc", stats.Options{Collapse: to})
		}
		name := r.Variable
		if name == "" {
			name = strings.TrimSuffix(part[1], "_household")
		}
		return d.Mean(s.values(name), nil)
	case "proportion", "domain_mean":
		return d.Mean(s.values(r.Variable), s.domain(last))
	case "total":
		var in []bool
		if len(part) > 2 {
			in = s.domain(last)
		}
		return d.Total(s.values(part[1]), in)
	case "ratio":
		var in []bool
		if len(part) > 2 {
			in = s.domain(last)
		}
		return d.Ratio(s.values(r.Numerator), s.values(r.Denominator), in)
	case "total_over_known":
		name := strings.TrimSuffix(part[0], "_rate") + "_persons"
		return stats.Linear(0, stats.Term{Factor: 1 / (r.KnownUnregistered + r.KnownExited), Figure: d.Total(s.values(name), nil)})
	case "known_constant_plus_total":
		k := 1 / r.KnownRural
		return stats.Linear(r.KnownPoor*k,
			stats.Term{Factor: k, Figure: d.Total(s.values("missed_persons"), nil)},
			stats.Term{Factor: k, Figure: d.Total(s.values("wrong_exit_persons"), nil)})
	case "known_constant_plus_ratio_times_known":
		k, persons := 1/r.Known["rural"], s.values("persons")
		return stats.Linear(r.Known["poor"]*k,
			stats.Term{Factor: k * r.Known["unregistered"], Figure: d.Ratio(s.values("missed_persons"), persons, s.domain("unregistered"))},
			stats.Term{Factor: k * r.Known["exited"], Figure: d.Ratio(s.values("wrong_exit_persons"), persons, s.domain("exited"))})
	case "difference":
		y := s.values(part[1])
		a, b, _ := strings.Cut(last, "_minus_")
		under := func(name string) []bool { return s.domain("key_" + strings.TrimPrefix(name, "key")) }
		return stats.Linear(0, stats.Term{Factor: 1, Figure: d.Mean(y, under(a))}, stats.Term{Factor: -1, Figure: d.Mean(y, under(b))})
	}
	if r.Optional {
		t.Skipf("optional, not done: %s", r.Kind)
	}
	t.Fatalf("a figure of an unknown kind: %s", r.Kind)
	return stats.Figure{}
}

func checkIntervals(t *testing.T, f stats.Figure, raw json.RawMessage, level, tol float64) {
	t.Helper()
	if raw == nil {
		return
	}
	var cis map[string][]*float64
	if err := json.Unmarshal(raw, &cis); err != nil {
		t.Fatal(err)
	}
	for method, want := range cis {
		var got stats.Interval
		switch method {
		case "wald_normal":
			got = f.WaldZ(level)
		case "wald_t":
			got = f.WaldT(level)
		case "logit_t":
			got = f.Logit(level)
		case "korn_graubard", "korn_graubard_n_households":
			got = f.KornGraubard(level, false)
		case "korn_graubard_capped_at_n":
			got = f.KornGraubard(level, true)
		case "wilson_neff_t":
			got = f.Wilson(level)
		default:
			if strings.HasPrefix(method, "R_svyciprop_") {
				continue // R's own, for reference: docs/sampling.md says where they differ
			}
			t.Errorf("an interval of an unknown kind: %s", method)
			continue
		}
		if len(want) != 2 || want[0] == nil || want[1] == nil {
			continue
		}
		statstest.Near(t, method+" low", got.Lo, *want[0], tol)
		statstest.Near(t, method+" high", got.Hi, *want[1], tol)
	}
}

func (s survey) checkDesign(t *testing.T, d *stats.Design, r result, tol float64) {
	base := 0.0
	for _, w := range s.all.Numbers("w_base") {
		base += w
	}
	l1, l2 := d.LonelyStrata()
	type counts struct{ complete, selected, psu, strata, lonely1, lonely2 int }
	got := counts{d.Len(), len(s.all.Rows), d.PSUs(), d.Strata(), l1, l2}
	want := counts{r.NComplete, r.NSelected, r.PSU, r.Strata, r.Lonely1, r.Lonely2}
	if got != want || d.DF(nil) != int(*r.DF) {
		t.Errorf("got %+v df %d, want %+v df %v", got, d.DF(nil), want, *r.DF)
	}
	statstest.Near(t, "sum of base weights", base, r.SumBase, tol)
	statstest.Near(t, "sum of weights", d.SumWeights(), r.SumComplete, tol)
}

// checkPlain: the administrative rates are counts over counts.
func (s survey) checkPlain(t *testing.T, r result, known map[string]float64, tol float64) {
	sum := func(name string, in []bool) float64 {
		x := 0.0
		for i, v := range s.values(name) {
			if in == nil || in[i] {
				x += v
			}
		}
		return x
	}
	missed, wrong := sum("missed_persons", nil), sum("wrong_exit_persons", nil)
	statstest.Near(t, "approval", sum("approve", nil)/float64(len(s.tab.Rows)), r.ApproveShare, tol)
	statstest.Near(t, "wrongly exited", wrong/sum("persons", s.domain("exited")), r.WrongExitRate, tol)
	statstest.Near(t, "missed", missed/sum("persons", s.domain("unregistered")), r.MissedRate, tol)
	if k := known; len(k) > 0 { // the manuals' formula on plain counts
		rate := (k["poor"] + r.MissedRate*k["unregistered"] + r.WrongExitRate*k["exited"]) / k["rural"]
		statstest.Near(t, "composite", rate, r.CompositeRate, tol)
	}
}

// checkCounterExample: rows filtered before the design is made lose villages, and the standard error with them.
func (s survey) checkCounterExample(t *testing.T, d *stats.Design, r result, tol float64) {
	if !strings.HasPrefix(r.ID, "WRONG.filtered_design.") || r.PSUFiltered == d.PSUs() {
		return // nothing of ours prints it
	}
	part := strings.Split(r.ID, ".")
	f := d.Mean(s.values(part[2]), s.domain(part[3]))
	statstest.Near(t, "estimate", f.Estimate, r.estimate(t), 1e-9)
	if math.Abs(f.SE-r.se(t)) <= tol {
		t.Errorf("the standard error is that of a filtered design: %v", f.SE)
	}
}
