package measure_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/quality/measure"
	"ruhu/internal/stats"
	"ruhu/internal/stats/statstest"
)

const (
	exact = 1e-9 // of estimates
	pTol  = 1e-7 // of p-values
)

// near compares relatively; P-values near zero absolutely.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.Abs(got-want) > tol*max(1e-300, math.Abs(want)) && math.Abs(got-want) > tol*1e-3 {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// fixture calls f with the part of expected.json that is named, for every folder of cases.
func fixture[T any](t *testing.T, part string, f func(t *testing.T, dir string, want T)) {
	t.Helper()
	t.Parallel()
	for _, file := range statstest.Glob(t, "quality*/expected.json") {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			var all map[string]json.RawMessage
			statstest.JSON(t, file, &all)
			raw, ok := all[part]
			if !ok {
				t.Skipf("no %s here", part)
			}
			var want T
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			f(t, filepath.Dir(file), want)
		})
	}
}

// interviews is interviews.csv.
type interviews struct {
	statstest.Table
	keys, who []string
}

func readInterviews(t *testing.T, dir string) interviews {
	tab := statstest.CSV(t, filepath.Join(dir, "interviews.csv"))
	in := interviews{Table: tab}
	for i := range tab.Rows {
		in.keys = append(in.keys, tab.Text(i, "key"))
		in.who = append(in.who, tab.Text(i, "enumerator"))
	}
	return in
}

func (in interviews) named(at []int) []string {
	out := []string{}
	for _, i := range at {
		out = append(out, in.keys[i])
	}
	return out
}

// items are the columns prefix1, prefix2 … in order.
func (in interviews) items(prefix string, digits int) measure.Answers {
	out := make(measure.Answers, len(in.Rows))
	for n := 1; ; n++ {
		name := strconv.Itoa(n)
		name = prefix + strings.Repeat("0", max(0, digits-len(name))) + name
		if !in.Has(name) {
			return out
		}
		for i := range in.Rows {
			out[i] = append(out[i], in.Text(i, name))
		}
	}
}

// by is the rows of every enumerator, in the order of their names.
func (in interviews) by() ([]string, map[string][]int) {
	m := map[string][]int{}
	for i, w := range in.who {
		m[w] = append(m[w], i)
	}
	names := make([]string, 0, len(m))
	for w := range m {
		names = append(names, w)
	}
	slices.Sort(names)
	return names, m
}

func pick(x []float64, at []int) []float64 {
	out := make([]float64, 0, len(at))
	for _, i := range at {
		out = append(out, x[i])
	}
	return out
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// strs is a list in R's JSON: one name alone may come without brackets.
type strs []string

func (s *strs) UnmarshalJSON(raw []byte) error {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		*s = append(strs{}, list...)
		return nil
	}
	var one string
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*s = strs{one}
	return nil
}

type fence struct {
	Type                 int
	K, Q1, Q3            float64
	Lower, Upper         float64
	Mean, SD             float64
	Median, MAD          float64
	Threshold            float64
	Flagged              strs
	ModifiedZ            []float64 `json:"modified_z_first5"`
	R, Lambda            []float64
	Data                 []float64
	Alpha                float64
	Removed              []string
	Outliers             int `json:"n_outliers"`
	H, DF, P             float64
	Enumerator           string
	N                    int
	Min, Max             float64
	Count                int
	MeanMax, Share, Rate float64
}

func TestFixtureDurations(t *testing.T) {
	fixture(t, "duration", func(t *testing.T, dir string, want struct {
		Tukey        []fence
		TukeyLog     fence `json:"tukey_log"`
		SD3          fence
		MAD          fence
		MADLog       fence   `json:"mad_log"`
		ESDLog       fence   `json:"gesd_log"`
		ESDNist      fence   `json:"gesd_nist_rosner"`
		HalfMedian   fence   `json:"half_median"`
		ByEnumerator []fence `json:"by_enumerator"`
		Kruskal      fence
	},
	) {
		in := readInterviews(t, dir)
		x := in.Numbers("duration_min")
		logs := measure.Logs(x)
		compare := func(what string, f measure.Fence, x []float64, w fence) {
			near(t, what+" q1", f.Q1, w.Q1, exact)
			near(t, what+" q3", f.Q3, w.Q3, exact)
			near(t, what+" lower", f.Lower, w.Lower, exact)
			near(t, what+" upper", f.Upper, w.Upper, exact)
			same(t, what, in.named(f.Out(x)), []string(w.Flagged))
		}
		for _, w := range want.Tukey {
			compare("tukey "+strconv.Itoa(w.Type), measure.Tukey(x, w.K, measure.QuantileType(w.Type)), x, w)
		}
		w := want.TukeyLog
		compare("tukey of logs", measure.Tukey(logs, w.K, measure.QuantileType(w.Type)), logs, w)
		sd := measure.AroundMean(x, 3)
		near(t, "mean", measure.Mean(x), want.SD3.Mean, exact)
		near(t, "sd", measure.SD(x), want.SD3.SD, exact)
		same(t, "three sd", in.named(sd.Out(x)), []string(want.SD3.Flagged))
		for what, c := range map[string]struct {
			x []float64
			w fence
		}{"mad": {x, want.MAD}, "mad of logs": {logs, want.MADLog}} {
			m := measure.ModifiedZ(c.x)
			near(t, what+" median", m.Median, c.w.Median, exact)
			near(t, what, m.MAD, c.w.MAD, exact)
			for i, z := range c.w.ModifiedZ {
				near(t, what+" z", m.Z[i], z, exact)
			}
			same(t, what, in.named(m.Out(measure.MADThreshold)), []string(c.w.Flagged))
		}
		esd := func(what string, x []float64, w fence, name func(i int) string) {
			e := measure.GeneralisedESD(x, int(w.K), w.Alpha)
			var removed []string
			for i, at := range e.Removed {
				removed = append(removed, name(at))
				near(t, what+" R", e.R[i], w.R[i], exact)
				near(t, what+" lambda", e.Lambda[i], w.Lambda[i], pTol)
			}
			same(t, what+" removed", removed, w.Removed)
			same(t, what+" outliers", e.Outliers, w.Outliers)
		}
		esd("esd of logs", logs, want.ESDLog, func(i int) string { return in.keys[i] })
		nist := want.ESDNist.Data
		esd("esd", nist, want.ESDNist, func(i int) string { return strconv.FormatFloat(nist[i], 'f', -1, 64) })
		same(t, "half of the median", in.named(measure.Below(x, 0.5)), []string(want.HalfMedian.Flagged))
		names, rows := in.by()
		for i, w := range want.ByEnumerator {
			v := pick(x, rows[names[i]])
			same(t, "enumerator", names[i], w.Enumerator)
			near(t, "median", measure.Median(v), w.Median, exact)
			near(t, "mean", measure.Mean(v), w.Mean, exact)
			near(t, "min", slices.Min(v), w.Min, exact)
			near(t, "max", slices.Max(v), w.Max, exact)
		}
		h, df, p := measure.KruskalWallis(x, in.who)
		near(t, "H", h, want.Kruskal.H, exact)
		near(t, "df", df, want.Kruskal.DF, exact)
		near(t, "p", p, want.Kruskal.P, pTol)
	})
}

func TestFixturePercentMatch(t *testing.T) {
	fixture(t, "percentmatch", func(t *testing.T, dir string, want struct {
		Items        int
		Threshold    float64
		PerInterview []struct {
			Key       string
			MaxD1     *float64 `json:"max_d1"`
			PartnerD1 *string  `json:"partner_d1"`
			Within    *float64 `json:"max_within_enumerator_d1"`
			MaxD2     float64  `json:"max_d2"`
			MaxD3     float64  `json:"max_d3"`
		} `json:"per_interview"`
		Share        float64 `json:"share_ge_85"`
		MeanMax      float64 `json:"mean_max"`
		Pairs        int     `json:"pairs_ge_85"`
		Excluded     int     `json:"excluded_pairs"`
		ByEnumerator []struct {
			Enumerator string
			MeanMax    float64 `json:"mean_max"`
			Share      float64 `json:"share_ge_85"`
		} `json:"by_enumerator"`
	},
	) {
		in := readInterviews(t, dir)
		a := in.items("q", 2)
		if len(a[0]) != want.Items {
			t.Fatalf("%d items, want %d", len(a[0]), want.Items)
		}
		s := measure.PercentMatch(a, measure.MatchOptions{Group: in.who, Threshold: want.Threshold})
		var all []float64
		over := 0.0
		max1 := make([]float64, len(a))
		for i, w := range want.PerInterview {
			m := s.Of[i]
			same(t, "key", in.keys[i], w.Key)
			if (w.MaxD1 == nil) != (m.Partner < 0) {
				t.Errorf("%s: %+v", w.Key, m)
				continue
			}
			max1[i] = math.NaN()
			if w.MaxD1 != nil {
				near(t, w.Key+" d1", m.Max, *w.MaxD1, exact)
				same(t, w.Key+" partner", in.keys[m.Partner], *w.PartnerD1)
				all = append(all, m.Max)
				max1[i] = m.Max
				if m.Max >= want.Threshold {
					over++
				}
			}
			if w.Within != nil {
				near(t, w.Key+" within", m.MaxWithin, *w.Within, exact)
			}
			near(t, w.Key+" d2", m.MaxAll, w.MaxD2, exact)
			near(t, w.Key+" d3", m.MaxOwn, w.MaxD3, exact)
		}
		near(t, "share", over/float64(len(all)), want.Share, exact)
		near(t, "mean", measure.Mean(all), want.MeanMax, exact)
		same(t, "pairs", s.Pairs, want.Pairs)
		same(t, "excluded", s.Excluded, want.Excluded)
		names, rows := in.by()
		for i, w := range want.ByEnumerator {
			near(t, names[i], measure.Mean(pick(max1, rows[names[i]])), w.MeanMax, exact)
		}
	})
}

func TestFixtureDigits(t *testing.T) {
	type digits struct {
		N          int
		Counts     []int
		ChiSq      float64
		P          float64
		Share05    float64 `json:"share_0_or_5"`
		MonteCarlo bool    `json:"monte_carlo_needed"`
		Holm       float64 `json:"p_holm"`
		BH         float64 `json:"p_bh"`
		Enumerator string
		MAD        float64
	}
	fixture(t, "digits", func(t *testing.T, dir string, want struct {
		Age      digits `json:"age_last_digit"`
		Income   digits `json:"income_last_digit"`
		Hundreds struct {
			Of100  float64 `json:"share_multiple_of_100"`
			Of1000 float64 `json:"share_multiple_of_1000"`
		} `json:"income_hundreds"`
		ByEnumerator []digits `json:"age_by_enumerator"`
		Whipple      struct {
			N     int
			Index float64
		}
		Myers struct {
			Percent []float64 `json:"blended_percent"`
			Index   float64
		}
		Benford digits `json:"benford_income_first_digit"`
	},
	) {
		in := readInterviews(t, dir)
		age, income := in.Numbers("age"), in.Numbers("income")
		compare := func(what string, d measure.Digits, w digits) {
			same(t, what+" n", d.N, w.N)
			if w.Counts != nil {
				same(t, what, d.Counts[:], w.Counts)
			}
			near(t, what+" chi", d.ChiSquare, w.ChiSq, exact)
			near(t, what+" p", d.P, w.P, pTol)
			near(t, what+" share", d.Share05, w.Share05, exact)
		}
		compare("age", measure.LastDigits(age), want.Age)
		compare("income", measure.LastDigits(income), want.Income)
		near(t, "of 100", measure.MultiplesOf(income, 100), want.Hundreds.Of100, exact)
		near(t, "of 1000", measure.MultiplesOf(income, 1000), want.Hundreds.Of1000, exact)
		names, rows := in.by()
		var p []float64
		for i, w := range want.ByEnumerator {
			d := measure.LastDigits(pick(age, rows[names[i]]))
			compare(names[i], d, w)
			same(t, names[i]+" needs Monte Carlo", d.MonteCarlo, w.MonteCarlo)
			p = append(p, d.P)
			if mc := d.MonteCarloP(20000, 1); math.Abs(mc-w.P) > 0.04 { // the limit is only near for 35 values
				t.Errorf("%s: by Monte Carlo %v, by the limit %v", names[i], mc, w.P)
			}
		}
		holm, bh := measure.Holm(p), measure.BenjaminiHochberg(p)
		for i, w := range want.ByEnumerator {
			near(t, "Holm", holm[i], w.Holm, pTol)
			near(t, "BH", bh[i], w.BH, pTol)
		}
		index, n := measure.Whipple(age)
		near(t, "Whipple", index, want.Whipple.Index, exact)
		same(t, "Whipple n", n, want.Whipple.N)
		percent, myers := measure.Myers(age)
		for i, w := range want.Myers.Percent {
			near(t, "Myers percent", percent[i], w, exact)
		}
		near(t, "Myers", myers, want.Myers.Index, exact)
		b := measure.FirstDigits(income)
		same(t, "first digits", b.Counts[:], want.Benford.Counts)
		near(t, "Benford chi", b.ChiSquare, want.Benford.ChiSq, exact)
		near(t, "Benford p", b.P, want.Benford.P, pTol)
		near(t, "Benford MAD", b.MAD, want.Benford.MAD, exact)
	})
}

func TestFixtureStraightLines(t *testing.T) {
	fixture(t, "straightline", func(t *testing.T, dir string, want struct {
		Share        float64  `json:"share_all_equal"`
		Mean         float64  `json:"mean_longest_run"`
		Keys         []string `json:"keys_all_equal"`
		ByEnumerator []struct {
			Enumerator string
			Share      float64 `json:"share_all_equal"`
			Mean       float64 `json:"mean_longest_run"`
			SD         float64 `json:"mean_sd"`
		} `json:"by_enumerator"`
		First []int `json:"longest_run_first10"`
	},
	) {
		in := readInterviews(t, dir)
		battery := in.items("b", 1)
		var runs, equal, sds []float64
		var keys []string
		for i, row := range battery {
			l := measure.StraightLine(row)
			runs, sds = append(runs, float64(l.LongestRun)), append(sds, l.SD)
			e := 0.0
			if l.AllEqual {
				e = 1
				keys = append(keys, in.keys[i])
			}
			equal = append(equal, e)
			if i < len(want.First) {
				same(t, in.keys[i], l.LongestRun, want.First[i])
			}
		}
		same(t, "keys", keys, want.Keys)
		near(t, "share", measure.Mean(equal), want.Share, exact)
		near(t, "runs", measure.Mean(runs), want.Mean, exact)
		names, rows := in.by()
		for i, w := range want.ByEnumerator {
			near(t, "share", measure.Mean(pick(equal, rows[names[i]])), w.Share, exact)
			near(t, "runs", measure.Mean(pick(runs, rows[names[i]])), w.Mean, exact)
			near(t, "sd", measure.Mean(pick(sds, rows[names[i]])), w.SD, exact)
		}
	})
}

func TestFixtureEnumerators(t *testing.T) {
	type icc struct{ MSB, MSW, N0, ICC, F, P, Deff float64 }
	type iccs struct {
		MSB, MSW, N0, ICC, F, P float64
		Deff                    float64 `json:"deff_int"`
	}
	fixture(t, "enumerator", func(t *testing.T, dir string, want struct {
		LogDuration iccs `json:"icc_log_duration"`
		Age         iccs `json:"icc_age"`
		Approve     iccs `json:"icc_approve"`
		Funnel      struct {
			P0   float64
			Rows []struct {
				Enumerator string
				N, Approve int
				Share      float64
				Lower      float64 `json:"cp_lower"`
				Upper      float64 `json:"cp_upper"`
				P          float64 `json:"p_two_sided"`
				Z          float64
				BH         float64 `json:"p_bh"`
			}
		} `json:"approve_funnel"`
		DontKnow []struct {
			Enumerator             string
			Rate, Refused, Consent float64
			Interviews, Days       int
		} `json:"dont_know_rate"`
	},
	) {
		in := readInterviews(t, dir)
		for what, c := range map[string]struct {
			x []float64
			w iccs
		}{
			"log duration": {measure.Logs(in.Numbers("duration_min")), want.LogDuration}, "age": {in.Numbers("age"), want.Age}, "approve": {in.Numbers("approve"), want.Approve},
		} {
			got := icc(measure.IntraClass(c.x, in.who))
			for name, pair := range map[string][2]float64{"msb": {got.MSB, c.w.MSB}, "msw": {got.MSW, c.w.MSW}, "n0": {got.N0, c.w.N0}, "icc": {got.ICC, c.w.ICC}, "F": {got.F, c.w.F}, "deff": {got.Deff, c.w.Deff}} {
				near(t, what+" "+name, pair[0], pair[1], exact)
			}
			near(t, what+" p", got.P, c.w.P, pTol)
		}
		names, rows := in.by()
		approve := in.Numbers("approve")
		var shares []measure.Share
		for _, who := range names {
			var s measure.Share
			for _, v := range pick(approve, rows[who]) {
				if !math.IsNaN(v) {
					s.N++
					s.X += int(v)
				}
			}
			shares = append(shares, s)
		}
		p0, funnel := measure.Funnel(shares)
		near(t, "p0", p0, want.Funnel.P0, exact)
		for i, w := range want.Funnel.Rows {
			f := funnel[i]
			same(t, names[i], []int{f.X, f.N}, []int{w.Approve, w.N})
			near(t, "lower", f.Interval.Lo, w.Lower, pTol)
			near(t, "upper", f.Interval.Hi, w.Upper, pTol)
			near(t, "p", f.P, w.P, pTol)
			near(t, "adjusted", f.Adjusted, w.BH, pTol)
			near(t, "z", f.Z, w.Z, exact)
		}
		dont, refused, asked := in.Numbers("dont_know"), in.Numbers("refused"), in.Numbers("n_questions")
		for i, w := range want.DontKnow {
			sum := func(x []float64) float64 { return measure.Mean(pick(x, rows[names[i]])) * float64(len(rows[names[i]])) }
			near(t, "don't know", sum(dont)/sum(asked), w.Rate, exact)
			near(t, "refused", sum(refused)/sum(asked), w.Refused, exact)
		}
	})
}

func TestFixturePlaces(t *testing.T) {
	fixture(t, "gps", func(t *testing.T, dir string, want struct {
		Radius   float64   `json:"earth_radius_m"`
		First5   []float64 `json:"distance_to_village_m_first5"`
		Far      strs      `json:"flag_gt_3000m"`
		Max      float64   `json:"max_distance_m"`
		Median   float64   `json:"median_distance_m"`
		Accuracy int       `json:"accuracy_gt_20m"`
		Within   []struct {
			Enumerator string
			Share      float64
		} `json:"within20m_same_enumerator"`
		Overlap strs `json:"overlapping_interviews"`
		Speed   strs `json:"speed_gt_60kmh"`
		Tukey   struct {
			Q1, Q3  float64
			Flagged strs
		} `json:"tukey_distance_type7"`
	},
	) {
		in := readInterviews(t, dir)
		near(t, "radius", measure.EarthRadius, want.Radius, exact)
		tab := statstest.CSV(t, filepath.Join(dir, "villages.csv"))
		village := map[string]measure.Place{}
		for i := range tab.Rows {
			village[tab.Text(i, "village")] = measure.Place{Lat: tab.Number(i, "lat"), Lon: tab.Number(i, "lon")}
		}
		var visits []measure.Visit
		var far []float64
		bad := 0
		farOut := []string{}
		for i := range in.Rows {
			at := measure.Place{Lat: in.Number(i, "lat"), Lon: in.Number(i, "lon")}
			start := time.Unix(int64(in.Number(i, "start")), 0)
			visits = append(visits, measure.Visit{
				Who: in.who[i], At: at, Start: start, End: start.Add(time.Duration(in.Number(i, "duration_min") * float64(time.Minute))),
			})
			d := measure.Distance(at, village[in.Text(i, "village")])
			far = append(far, d)
			if i < len(want.First5) {
				near(t, "distance", d, want.First5[i], exact)
			}
			if d > 3000 {
				farOut = append(farOut, in.keys[i])
			}
			if in.Number(i, "gps_accuracy") > 20 {
				bad++
			}
		}
		same(t, "far", farOut, []string(want.Far))
		near(t, "median", measure.Median(far), want.Median, exact)
		same(t, "inaccurate", bad, want.Accuracy)
		f := measure.Tukey(far, 1.5, measure.Type7)
		near(t, "q1", f.Q1, want.Tukey.Q1, exact)
		near(t, "q3", f.Q3, want.Tukey.Q3, exact)
		same(t, "tukey", in.named(f.Out(far)), []string(want.Tukey.Flagged))
		near20, over, speed := measure.Near(visits, 20), measure.Overlaps(visits), measure.Speed(visits)
		names, rows := in.by()
		for i, w := range want.Within {
			n := 0.0
			for _, at := range rows[names[i]] {
				if near20[at] {
					n++
				}
			}
			near(t, names[i], n/float64(len(rows[names[i]])), w.Share, exact)
		}
		var overlap, fast []int
		for i := range over {
			if over[i] {
				overlap = append(overlap, i)
			}
			if speed[i] > 60 {
				fast = append(fast, i)
			}
		}
		same(t, "overlaps", in.named(overlap), []string(want.Overlap))
		same(t, "fast", in.named(fast), []string(want.Speed))
	})
}

func TestFixtureAcceptance(t *testing.T) {
	fixture(t, "acceptance", func(t *testing.T, _ string, want struct {
		Cases []struct {
			N, D int
			M    int `json:"n"`
			C    int
			P    float64 `json:"p_accept"`
		}
		Sizes []struct {
			N, D       int
			Confidence float64
			M          int `json:"n"`
		} `json:"sample_size_zero_accept"`
		Three struct {
			N     int
			Upper float64 `json:"upper95_exact"`
		} `json:"rule_of_three"`
	},
	) {
		for _, c := range want.Cases {
			near(t, "accept", measure.Accept(c.N, c.D, c.M, c.C), c.P, exact)
		}
		for _, c := range want.Sizes {
			same(t, "size", measure.ZeroAcceptSize(c.N, c.D, c.Confidence), c.M)
		}
		near(t, "three", stats.ZeroBound(float64(want.Three.N), 0.95), want.Three.Upper, exact)
	})
}
