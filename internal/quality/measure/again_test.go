package measure_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruhu/internal/quality/measure"
	"ruhu/internal/stats/statstest"
)

type tally struct {
	Type                                    int
	Variable, Enumerator, BackChecker, Team string
	N, D                                    int
	Rate                                    float64
}

func sameTally(t *testing.T, what string, got []measure.Tally, want []tally, key func(tally) string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
		return
	}
	by := map[string]measure.Share{}
	for _, g := range got {
		by[g.Key] = g.Share
	}
	for _, w := range want {
		g := by[key(w)]
		if g.N != w.N || g.X != w.D {
			t.Errorf("%s %s: %d of %d, want %d of %d", what, key(w), g.X, g.N, w.D, w.N)
		}
		near(t, what, g.Rate(), w.Rate, exact)
	}
}

func TestFixtureBackCheck(t *testing.T) {
	fixture(t, "backcheck", func(t *testing.T, dir string, want struct {
		Rules struct {
			Type1, Type2, Type3 []string
			Exclude             json.Number
			OKRange             map[string]struct {
				Type   string
				Lo, Hi json.Number
			}
		}
		Matched      int     `json:"matched_ids"`
		Only         strs    `json:"bc_only"`
		ByType       []tally `json:"by_type"`
		ByVariable   []tally `json:"by_variable"`
		Enumerator1  []tally `json:"by_enumerator_type1"`
		Enumerator2  []tally `json:"by_enumerator_type2"`
		Enumerator12 []tally `json:"by_enumerator_type12"`
		Checker12    []tally `json:"by_backchecker_type12"`
		Team12       []tally `json:"by_team_type12"`
		Show         strs    `json:"showid_ge_30"`
		Flagged      strs    `json:"flagged_enumerators_type1_gt_10pct"`
		RawIncome    float64 `json:"raw_error_rate_income_without_okrange"`
		Stability    map[string]json.RawMessage
	},
	) {
		var vars []measure.Variable
		for i, names := range [][]string{want.Rules.Type1, want.Rules.Type2, want.Rules.Type3} {
			for _, name := range names {
				v := measure.Variable{Name: name, Type: i + 1}
				if r, ok := want.Rules.OKRange[name]; ok {
					v.Range = &measure.OKRange{Relative: r.Type == "relative", Lo: r.Lo.String(), Hi: r.Hi.String()}
				}
				vars = append(vars, v)
			}
		}
		first, second := statstest.CSV(t, filepath.Join(dir, "backcheck_survey.csv")), statstest.CSV(t, filepath.Join(dir, "backcheck_bc.csv"))
		p := measure.Pairing{First: records(first, vars), Second: records(second, vars), Exclude: []string{want.Rules.Exclude.String()}}
		enumerator, team := column(first, "enumerator"), column(first, "team")
		checker := column(second, "backchecker")
		checks, only := measure.BackCheck(p, vars)
		same(t, "only", only, []string(want.Only))
		same(t, "matched", len(p.Second)-len(only), want.Matched)
		all := func(key func(c measure.Check) string, types ...int) []measure.Tally {
			return measure.TallyBy(checks, func(c measure.Check) string {
				for _, x := range types {
					if x == c.Type {
						return key(c)
					}
				}
				return ""
			})
		}
		who := func(c measure.Check) string { return enumerator[c.ID] }
		sameTally(t, "type", all(func(c measure.Check) string { return strconv.Itoa(c.Type) }, 1, 2, 3), want.ByType, func(w tally) string { return strconv.Itoa(w.Type) })
		sameTally(t, "variable", all(func(c measure.Check) string { return c.Variable }, 1, 2, 3), want.ByVariable, func(w tally) string { return w.Variable })
		byWho := func(w tally) string { return w.Enumerator }
		sameTally(t, "enumerator 1", all(who, 1), want.Enumerator1, byWho)
		sameTally(t, "enumerator 2", all(who, 2), want.Enumerator2, byWho)
		sameTally(t, "enumerator 1, 2", all(who, 1, 2), want.Enumerator12, byWho)
		sameTally(t, "checker", all(func(c measure.Check) string { return checker[c.ID] }, 1, 2), want.Checker12, func(w tally) string { return w.BackChecker })
		sameTally(t, "team", all(func(c measure.Check) string { return team[c.ID] }, 1, 2), want.Team12, func(w tally) string { return w.Team })
		show, flagged := []string{}, []string{}
		for _, x := range all(func(c measure.Check) string { return c.ID }, 1) {
			if x.Rate() >= 0.3 {
				show = append(show, x.Key)
			}
		}
		for _, x := range all(who, 1) {
			if x.Rate() > 0.1 {
				flagged = append(flagged, x.Key)
			}
		}
		same(t, "show", show, []string(want.Show))
		same(t, "flagged", flagged, []string(want.Flagged))
		for name, raw := range want.Stability {
			variable := strings.TrimPrefix(name, "prtest_")
			a, b := pairs(p, variable, want.Rules.Exclude.String())
			if variable != name {
				checkShares(t, raw, measure.CompareShares(a, b))
			} else {
				checkStability(t, name, raw, measure.StabilityOf(a, b))
			}
		}
	})
}

func records(tab statstest.Table, vars []measure.Variable) map[string]map[string]string {
	out := map[string]map[string]string{}
	for i := range tab.Rows {
		r := map[string]string{}
		for _, v := range vars {
			r[v.Name] = tab.Text(i, v.Name)
		}
		out[tab.Text(i, "id")] = r
	}
	return out
}

func column(tab statstest.Table, name string) map[string]string {
	out := map[string]string{}
	for i := range tab.Rows {
		out[tab.Text(i, "id")] = tab.Text(i, name)
	}
	return out
}

func pairs(p measure.Pairing, variable, exclude string) (a, b []float64) {
	value := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || s == exclude {
			return math.NaN()
		}
		return x
	}
	for id, second := range p.Second {
		if first, ok := p.First[id]; ok {
			a, b = append(a, value(first[variable])), append(b, value(second[variable]))
		}
	}
	return a, b
}

func checkStability(t *testing.T, name string, raw json.RawMessage, s measure.Stability) {
	t.Helper()
	var w struct {
		N           int
		Mean1       float64 `json:"mean_survey"`
		Mean2       float64 `json:"mean_bc"`
		T, DF, P    float64
		CI          []float64 `json:"diff_ci"`
		PrattZ      float64   `json:"pratt_z"`
		PrattP      float64   `json:"pratt_p"`
		SumPos      float64   `json:"sum_pos"`
		SumNeg      float64   `json:"sum_neg"`
		Zeros       int       `json:"n_zero"`
		V           float64   `json:"wilcox_V"`
		WilcoxP     float64   `json:"wilcox_p_normal_cc"`
		SRV         float64
		VarBC       float64 `json:"var_bc"`
		Reliability float64 `json:"reliability_ratio"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		t.Fatal(err)
	}
	same(t, name+" n", []int{s.N, s.Zeros}, []int{w.N, w.Zeros})
	for what, pair := range map[string][2]float64{
		"mean 1": {s.Mean1, w.Mean1}, "mean 2": {s.Mean2, w.Mean2}, "t": {s.T, w.T}, "df": {s.DF, w.DF}, "pratt z": {s.PrattZ, w.PrattZ},
		"positive": {s.SumPos, w.SumPos}, "negative": {s.SumNeg, w.SumNeg}, "V": {s.WilcoxonV, w.V}, "srv": {s.SRV, w.SRV}, "var": {s.Var2, w.VarBC}, "reliability": {s.Reliability, w.Reliability},
	} {
		near(t, name+" "+what, pair[0], pair[1], exact)
	}
	for what, pair := range map[string][2]float64{"p": {s.P, w.P}, "lower": {s.DiffLo, w.CI[0]}, "upper": {s.DiffHi, w.CI[1]}, "pratt p": {s.PrattP, w.PrattP}, "wilcoxon p": {s.WilcoxonP, w.WilcoxP}} {
		near(t, name+" "+what, pair[0], pair[1], pTol)
	}
}

func checkShares(t *testing.T, raw json.RawMessage, s measure.TwoShares) {
	t.Helper()
	var w struct {
		N         int
		P1, P2    float64
		Z         float64 `json:"z_pooled_unpaired"`
		P         float64
		M01       int     `json:"mcnemar_01"`
		M10       int     `json:"mcnemar_10"`
		McNemarP  float64 `json:"mcnemar_exact_p"`
		WilcoxonV float64
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		t.Fatal(err)
	}
	same(t, "shares", []int{s.N, s.NoYes, s.YesNo}, []int{w.N, w.M01, w.M10})
	near(t, "p1", s.P1, w.P1, exact)
	near(t, "p2", s.P2, w.P2, exact)
	near(t, "z", s.PooledZ, w.Z, exact)
	near(t, "p", s.PooledP, w.P, pTol)
	near(t, "McNemar", s.McNemarP, w.McNemarP, pTol)
}

func TestFixtureReinterview(t *testing.T) {
	type category struct {
		Category json.Number
		First    float64 `json:"n_first"`
		Second   float64 `json:"n_second"`
		Both     float64 `json:"n_both"`
		GDR, NDR float64
		IOI      float64
		SE       float64 `json:"ndr_se_srs"`
	}
	fixture(t, "reinterview", func(t *testing.T, dir string, want map[string]json.RawMessage) {
		tab := statstest.CSV(t, filepath.Join(dir, "reinterview.csv"))
		for name, raw := range want {
			base, weighted := strings.CutSuffix(name, "_weighted")
			base, sample := strings.CutSuffix(base, "_design_based")
			if base == "income" {
				checkIncome(t, raw, measure.StabilityOf(tab.Numbers("income_1"), tab.Numbers("income_2")))
				continue
			}
			var twice []measure.Twice
			for i := range tab.Rows {
				w := 1.0
				if weighted || sample {
					w = tab.Number(i, "weight")
				}
				twice = append(twice, measure.Twice{First: tab.Text(i, base+"_1"), Second: tab.Text(i, base+"_2"), Weight: w, Stratum: tab.Text(i, "stratum"), PSU: tab.Text(i, "cluster")})
			}
			if sample {
				var w struct {
					GDR, NDR, DF float64
					GDRSE        float64 `json:"gdr_se"`
					NDRSE        float64 `json:"ndr_se"`
				}
				if err := json.Unmarshal(raw, &w); err != nil {
					t.Fatal(err)
				}
				g, n, err := measure.CompareInSample(twice, "1")
				if err != nil {
					t.Fatal(err)
				}
				near(t, name+" gdr", g.Estimate, w.GDR, exact)
				near(t, name+" gdr se", g.SE, w.GDRSE, exact)
				near(t, name+" ndr", math.Abs(n.Estimate), math.Abs(w.NDR), exact)
				near(t, name+" ndr se", n.SE, w.NDRSE, exact)
				same(t, name+" df", float64(n.DF), w.DF)
				continue
			}
			var w struct {
				N, Agreement, GDR, Kappa float64
				IOI                      float64 `json:"aggregate_ioi"`
				Categories               []category
			}
			if err := json.Unmarshal(raw, &w); err != nil {
				t.Fatal(err)
			}
			r := measure.Compare(twice)
			for what, pair := range map[string][2]float64{"n": {r.N, w.N}, "agreement": {r.Agreement, w.Agreement}, "gdr": {r.GDR, w.GDR}, "ioi": {r.IOI, w.IOI}, "kappa": {r.Kappa, w.Kappa}} {
				near(t, name+" "+what, pair[0], pair[1], exact)
			}
			if len(r.Categories) != len(w.Categories) {
				t.Fatalf("%s: %d categories, want %d", name, len(r.Categories), len(w.Categories))
			}
			for i, c := range w.Categories {
				g := r.Categories[i]
				same(t, name, g.Code, c.Category.String())
				for what, pair := range map[string][2]float64{"first": {g.First, c.First}, "second": {g.Second, c.Second}, "both": {g.Both, c.Both}, "gdr": {g.GDR, c.GDR}, "ndr": {g.NDR, c.NDR}, "ioi": {g.IOI, c.IOI}, "se": {g.NDRSE, c.SE}} {
					near(t, name+" "+what, pair[0], pair[1], exact)
				}
			}
		}
	})
}

func checkIncome(t *testing.T, raw json.RawMessage, s measure.Stability) {
	t.Helper()
	var w struct {
		N            int
		Mean1        float64 `json:"mean_1"`
		Mean2        float64 `json:"mean_2"`
		NDR          float64 `json:"ndr_mean_difference"`
		SE, SRV, IOI float64
		Continuous   float64 `json:"ioi_continuous"`
		GDR          float64 `json:"gdr_mean_square"`
		Reliability  float64 `json:"reliability_ratio"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]float64{
		"mean 1": {s.Mean1, w.Mean1}, "mean 2": {s.Mean2, w.Mean2}, "ndr": {s.Mean1 - s.Mean2, w.NDR}, "se": {s.SE, w.SE}, "gdr": {s.MeanSquare, w.GDR}, "srv": {s.SRV, w.SRV},
		"ioi": {s.IOI, w.Continuous}, "reliability": {s.Reliability, w.Reliability},
	} {
		near(t, "income "+what, pair[0], pair[1], exact)
	}
}

func TestFixtureCoverage(t *testing.T) {
	fixture(t, "pes", func(t *testing.T, dir string, want struct {
		Strata []struct {
			Stratum                                 string
			Census, Np, M, Ne, CE, DSE              float64
			Net                                     float64 `json:"net_coverage_error"`
			Rate                                    float64 `json:"net_undercoverage_rate"`
			Erroneous, Omissions                    float64
			Gross                                   float64 `json:"gross_coverage_error"`
			MatchRate, CorrectRate, GrossOfDSE, Sum float64
		}
		Total struct {
			Census, DSE float64
			Rate        float64 `json:"net_undercoverage_rate"`
			SE          float64 `json:"jkn_se_dse"`
			Gross       float64
			GrossRate   float64 `json:"gross_rate_of_dse"`
		}
	},
	) {
		var counted []measure.Counted
		tab := statstest.CSV(t, filepath.Join(dir, "pes_census_counts.csv"))
		for i := range tab.Rows {
			counted = append(counted, measure.Counted{Stratum: tab.Text(i, "stratum"), Count: tab.Number(i, "census_count"), Wrote: tab.Number(i, "imputed")})
		}
		var p []measure.PRecord
		tab = statstest.CSV(t, filepath.Join(dir, "pes_psample.csv"))
		for i := range tab.Rows {
			p = append(p, measure.PRecord{Stratum: tab.Text(i, "stratum"), Cluster: tab.Text(i, "cluster"), Weight: tab.Number(i, "weight"), Mover: tab.Text(i, "mover"), Matched: tab.Text(i, "status") == "matched"})
		}
		var e []measure.ERecord
		tab = statstest.CSV(t, filepath.Join(dir, "pes_esample.csv"))
		for i := range tab.Rows {
			e = append(e, measure.ERecord{Stratum: tab.Text(i, "stratum"), Cluster: tab.Text(i, "cluster"), Weight: tab.Number(i, "weight"), Correct: tab.Text(i, "status") == "correct"})
		}
		d := measure.EstimateCoverage(counted, p, e)
		for i, w := range want.Strata {
			g := d.Strata[i]
			same(t, "stratum", g.Stratum, w.Stratum)
			for what, pair := range map[string][2]float64{
				"census": {g.Count, w.Census}, "Np": {g.Np, w.Np}, "M": {g.M, w.M}, "Ne": {g.Ne, w.Ne}, "CE": {g.CE, w.CE}, "DSE": {g.DSE, w.DSE}, "net": {g.NetError, w.Net},
				"rate": {g.NetUndercoverage, w.Rate}, "erroneous": {g.Erroneous, w.Erroneous}, "omissions": {g.Omissions, w.Omissions}, "gross": {g.Gross, w.Gross},
			} {
				near(t, g.Stratum+" "+what, pair[0], pair[1], exact)
			}
		}
		for what, pair := range map[string][2]float64{
			"census": {d.Count, want.Total.Census}, "DSE": {d.DSE, want.Total.DSE}, "SE": {d.SE, want.Total.SE}, "rate": {d.NetUndercoverage, want.Total.Rate},
			"gross": {d.Gross, want.Total.Gross}, "gross rate": {d.GrossRate, want.Total.GrossRate},
		} {
			near(t, "total "+what, pair[0], pair[1], exact)
		}
	})
}

func TestFixtureTwoLists(t *testing.T) {
	fixture(t, "capture_recapture", func(t *testing.T, _ string, want []struct {
		N1, N2, M         float64
		Petersen, Chapman float64
		SE                float64 `json:"chapman_se"`
		Net               float64 `json:"net_error_of_first"`
		Coverage          float64 `json:"coverage_of_first"`
	},
	) {
		for _, w := range want {
			g := measure.CompareLists(w.N1, w.N2, w.M)
			for what, pair := range map[string][2]float64{"petersen": {g.Petersen, w.Petersen}, "chapman": {g.Chapman, w.Chapman}, "se": {g.SE, w.SE}, "net": {g.NetErrorOfFirst, w.Net}, "coverage": {g.CoverageOfFirst, w.Coverage}} {
				near(t, what, pair[0], pair[1], exact)
			}
		}
	})
}

func TestFixtureActiveTime(t *testing.T) {
	t.Parallel()
	for _, file := range statstest.Glob(t, "quality*/paradata_expected.json") {
		var want struct {
			Interviews []struct {
				Interview  string
				Answers    int
				Variables  int     `json:"answered_variables"`
				Changed    int     `json:"changed_answers"`
				Removed    int     `json:"removed"`
				Pauses     int     `json:"pauses"`
				Active     float64 `json:"active_minutes"`
				Capped     int     `json:"gaps_capped"`
				Elapsed    float64 `json:"elapsed_minutes_first_answer_to_first_completion"`
				Night      int     `json:"night_answers_22_to_6_local"`
				Rejections int
			}
		}
		statstest.JSON(t, file, &want)
		tab := statstest.CSV(t, filepath.Join(filepath.Dir(file), "paradata.csv"))
		events := map[string][]measure.Event{}
		for i := range tab.Rows {
			at, err := time.Parse("2006-01-02T15:04:05.000", tab.Text(i, "timestamp_utc"))
			if err != nil {
				t.Fatal(err)
			}
			offset, negative := strings.CutPrefix(tab.Text(i, "tz_offset"), "-")
			clock, err := time.Parse("15:04:05", strings.TrimPrefix(offset, "+"))
			if err != nil {
				t.Fatal(err)
			}
			seconds := clock.Hour()*3600 + clock.Minute()*60
			if negative {
				seconds = -seconds
			}
			e := measure.Event{Kind: tab.Text(i, "event"), At: at.In(time.FixedZone("", seconds))}
			if part := strings.Split(tab.Text(i, "parameters"), "||"); len(part) > 1 {
				e.Variable, e.Value = part[0], part[1]
			}
			id := tab.Text(i, "interview")
			events[id] = append(events[id], e)
		}
		if len(want.Interviews) == 0 {
			t.Fatal("no interview")
		}
		for _, w := range want.Interviews {
			g := measure.WorkOf(events[w.Interview])
			same(t, w.Interview, []int{g.Answers, g.Variables, g.Changed, g.Removed, g.Pauses, g.Capped, g.Night, g.Rejections},
				[]int{w.Answers, w.Variables, w.Changed, w.Removed, w.Pauses, w.Capped, w.Night, w.Rejections})
			if math.Abs(g.Active.Minutes()-w.Active) > 1e-6 || math.Abs(g.Elapsed.Minutes()-w.Elapsed) > 1e-6 {
				t.Errorf("%s: %v and %v minutes, want %v and %v", w.Interview, g.Active.Minutes(), g.Elapsed.Minutes(), w.Active, w.Elapsed)
			}
		}
	}
}

func TestFixtureExampleOfThePackage(t *testing.T) {
	t.Parallel()
	for _, file := range statstest.Glob(t, "quality*/bcstats_example/expected.json") {
		var want struct {
			Results struct {
				Inclusive map[string]map[string]struct {
					Differences, Total int
				}
			}
		}
		statstest.JSON(t, file, &want)
		dir := filepath.Dir(file)
		vars := []measure.Variable{
			{Name: "gender", Type: 1},
			{Name: "gameresult", Type: 2, Range: &measure.OKRange{Lo: "-1", Hi: "1"}},
			{Name: "itemssold", Type: 3, Range: &measure.OKRange{Relative: true, Lo: "-0.05", Hi: "0.05"}},
		}
		first, second := statstest.CSV(t, filepath.Join(dir, "bcstats_survey.csv")), statstest.CSV(t, filepath.Join(dir, "bcstats_bc.csv"))
		checks, _ := measure.BackCheck(measure.Pairing{First: records(first, vars), Second: records(second, vars)}, vars)
		enum, team, checker := column(first, "enum"), column(first, "enumteam"), column(second, "bcer")
		for table, rows := range want.Results.Inclusive {
			for key, w := range rows {
				got := measure.TallyBy(checks, func(c measure.Check) string {
					if i := strings.LastIndex(table, "_type"); i >= 0 && table[i+5:] != strconv.Itoa(c.Type) {
						return ""
					}
					switch {
					case table == "by_variable":
						return c.Variable
					case strings.HasPrefix(table, "by_enumerator"):
						return enum[c.ID]
					case strings.HasPrefix(table, "by_team"):
						return team[c.ID]
					}
					return checker[c.ID]
				})
				found := false
				for _, g := range got {
					if g.Key == key {
						found = true
						same(t, table+" "+key, []int{g.X, g.N}, []int{w.Differences, w.Total})
					}
				}
				if !found {
					t.Errorf("%s: nothing for %s", table, key)
				}
			}
		}
	}
}
