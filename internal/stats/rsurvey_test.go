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

// rDesign makes the design that R's documentation uses for a data set.
func rDesign(t *testing.T, tab statstest.Table, dataset, how string) *stats.Design {
	t.Helper()
	rows := make([]stats.Row, len(tab.Rows))
	for i := range rows {
		switch dataset {
		case "apistrat":
			rows[i] = stats.Row{Stratum: tab.Text(i, "stype"), PSU: tab.Text(i, "cds"), N: tab.Number(i, "fpc"), Weight: tab.Number(i, "pw")}
		case "apiclus1":
			rows[i] = stats.Row{PSU: tab.Text(i, "dnum"), N: tab.Number(i, "fpc"), Weight: tab.Number(i, "pw")}
		case "apiclus2":
			rows[i] = stats.Row{PSU: tab.Text(i, "dnum"), N: tab.Number(i, "fpc1"), Stratum2: "", M: tab.Number(i, "fpc2")}
		case "lohr_fpc":
			rows[i] = stats.Row{Stratum: tab.Text(i, "stratid"), PSU: tab.Text(i, "psuid"), N: tab.Number(i, "Nh"), Weight: tab.Number(i, "weight")}
		default:
			t.Fatalf("an unknown data set: %s", dataset)
		}
		if strings.Contains(how, "no fpc") || strings.Contains(how, "nofpc") {
			rows[i].N, rows[i].M = 0, 0
		}
	}
	if dataset == "apiclus2" { // weights = (N/n)(M/m)
		psus, units := map[string]bool{}, map[string]float64{}
		for _, r := range rows {
			psus[r.PSU] = true
			units[r.PSU]++
		}
		for i, r := range rows {
			rows[i].Weight = r.N / float64(len(psus)) * r.M / units[r.PSU]
		}
	}
	d, err := stats.NewDesign(rows, stats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// indicator is 1 where a column has the value and 0 elsewhere.
func indicator(tab statstest.Table, column, value string) []float64 {
	out := make([]float64, len(tab.Rows))
	for i := range out {
		if tab.Text(i, column) == value {
			out[i] = 1
		}
	}
	return out
}

// level splits sch.wideYes or sch.wide_Yes into column and value.
func level(tab statstest.Table, name string) (column, value string) {
	for i := range name {
		if tab.Has(name[:i]) {
			column, value = name[:i], strings.TrimPrefix(name[i:], "_")
		}
	}
	return column, value
}

func TestFixtureRSurveyDataSetsAgree(t *testing.T) {
	t.Parallel()
	for _, file := range statstest.Glob(t, "sampling/r_survey*/expected.json") {
		e, results := readExpected(t, file)
		for _, r := range results {
			t.Run(r.ID, func(t *testing.T) {
				t.Parallel()
				tab := statstest.CSV(t, filepath.Join(filepath.Dir(file), r.Dataset+".csv"))
				d := rDesign(t, tab, r.Dataset, r.Design)
				checkR(t, tab, d, e, r)
			})
		}
	}
}

func checkR(t *testing.T, tab statstest.Table, d *stats.Design, e expected, r result) {
	tol := e.Tolerance
	var f stats.Figure
	switch r.Kind {
	case "mean":
		f = d.Mean(tab.Numbers(r.Variable), nil)
	case "total":
		f = d.Total(tab.Numbers(r.Variable), nil)
	case "ratio":
		f = d.Ratio(tab.Numbers(r.Numerator), tab.Numbers(r.Denominator), nil)
	case "domain_mean":
		column, value, _ := strings.Cut(r.Domain, "==")
		f = d.Mean(tab.Numbers(r.Variable), tab.Mask(func(i int) bool { return tab.Text(i, column) == value }))
	case "proportions":
		var est, se []float64
		if json.Unmarshal(r.Estimate, &est) != nil || json.Unmarshal(r.SE, &se) != nil {
			t.Fatal("not two lists of numbers")
		}
		for i, name := range r.Levels {
			column, value := level(tab, name)
			f := d.Mean(indicator(tab, column, value), nil)
			statstest.Near(t, name, f.Estimate, est[i], tol.Estimate)
			statstest.Near(t, name+" standard error", f.SE, se[i], tol.SE)
		}
		return
	case "svyciprop":
		column, value := level(tab, strings.Split(strings.TrimPrefix(r.ID, r.Dataset+".ciprop."), "."+r.Method)[0])
		checkProportion(t, d.Mean(indicator(tab, column, value), nil), e, r)
		return
	case "deff":
		y := tab.Numbers(r.ID[strings.LastIndex(r.ID, ".")+1:])
		statstest.Near(t, "deff", d.Mean(y, nil).Deff(y, false), r.estimate(t), tol.SE)
		return
	case "poststratified_total", "poststratified_mean":
		groups := make([]string, len(tab.Rows))
		for i := range groups {
			groups[i] = tab.Text(i, "stype")
		}
		p, err := d.PostStratify(groups, map[string]float64{"E": 4421, "H": 755, "M": 1018})
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind == "poststratified_total" {
			f = p.Total(tab.Numbers(r.Variable), nil)
		} else {
			f = p.Mean(tab.Numbers(r.Variable), nil)
		}
	default:
		if r.Optional {
			t.Skipf("optional, not done: %s", r.Kind)
		}
		t.Fatalf("a figure of an unknown kind: %s", r.Kind)
	}
	statstest.Near(t, "estimate", f.Estimate, r.estimate(t), tol.Estimate)
	statstest.Near(t, "standard error", f.SE, r.se(t), tol.SE)
	if r.DF != nil && f.DF != int(*r.DF) {
		t.Errorf("df = %d, want %v", f.DF, *r.DF)
	}
}

// checkProportion compares with R's svyciprop by method.
func checkProportion(t *testing.T, f stats.Figure, e expected, r result) {
	statstest.Near(t, "estimate", f.Estimate, r.estimate(t), e.Tolerance.Estimate)
	var want []float64
	if err := json.Unmarshal(r.CI, &want); err != nil || len(want) != 2 {
		t.Fatalf("no interval: %v", err)
	}
	var got stats.Interval
	switch r.Method {
	case "logit", "xlogit":
		got = f.Logit(e.Level)
	case "asin":
		got = f.Asin(e.Level)
	case "beta":
		got = f.KornGraubard(e.Level, false)
	case "mean":
		got = f.WaldT(e.Level)
	case "likelihood":
		got = f.Likelihood(e.Level)
		if math.Abs(got.Lo-want[0]) > 1e-3 || math.Abs(got.Hi-want[1]) > 1e-3 {
			t.Errorf("got %v, want about %v", got, want)
		}
		t.Logf("R interpolates the profile: ours differs by %.1g and %.1g", got.Lo-want[0], got.Hi-want[1])
		return
	default:
		t.Fatalf("an unknown method: %s", r.Method)
	}
	statstest.Near(t, "low", got.Lo, want[0], e.Tolerance.CI)
	statstest.Near(t, "high", got.Hi, want[1], e.Tolerance.CI)
}
