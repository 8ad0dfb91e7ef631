package draw_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
)

// surveys is how often the coverage simulation draws: 200 in the normal tests, more by -surveys for the figures of docs/sampling.md.
var surveys = flag.Int("surveys", 200, "surveys of the coverage simulation")

// population is a made-up county in small: eleven townships, 105 villages, some 6,000 households, with answers that differ by village.
type population struct {
	frame draw.Frame
	y     map[string]map[string]float64 // variable → household → value
}

func county() population {
	r := rand.New(rand.NewPCG(20261125, 7))
	p := population{y: map[string]map[string]float64{}}
	put := func(name, hh string, x float64) {
		if p.y[name] == nil {
			p.y[name] = map[string]float64{}
		}
		p.y[name][hh] = x
	}
	yes := func(chance float64) float64 {
		if r.Float64() < chance {
			return 1
		}
		return 0
	}
	for town := range 11 {
		group := "other"
		if town < 6 {
			group = "key"
		}
		for v := range 8 + r.IntN(5) {
			village := draw.Village{Township: fmt.Sprintf("T%02d", town), Group: group, Code: fmt.Sprintf("T%02dV%02d", town, v)}
			p.frame.Villages = append(p.frame.Villages, village)
			mood := r.NormFloat64() * 0.5
			for h := range 40 + r.IntN(40) {
				hh := draw.Household{Village: village.Code, Code: fmt.Sprintf("%sH%03d", village.Code, h), Persons: 1 + r.IntN(6)}
				switch x := r.Float64(); {
				case x < 0.14:
					hh.Class = "poor"
				case x < 0.44:
					hh.Class = "exited"
				case x < 0.48:
					hh.Class = "marginal"
				case x < 0.70:
					hh.Class, hh.Tags = "ordinary", []string{"低保"}
				default:
					hh.Class = "ordinary"
				}
				p.frame.Households = append(p.frame.Households, hh)
				put("approve", hh.Code, yes(1/(1+math.Exp(-2.2-mood))))
				put("water", hh.Code, yes(1/(1+math.Exp(-0.8-mood))))
				put("persons", hh.Code, float64(hh.Persons))
				put("income", hh.Code, 9000*math.Exp(0.15*mood+0.45*r.NormFloat64()))
				wrong, missed := 0.0, 0.0
				if hh.Class == "exited" && yes(0.02) == 1 {
					wrong = 1
				}
				if hh.Class == "ordinary" && yes(0.012) == 1 {
					missed = 1
				}
				put("wrong", hh.Code, wrong*float64(hh.Persons))
				put("missed", hh.Code, missed*float64(hh.Persons))
			}
		}
	}
	return p
}

// target is a figure whose truth is known.
type target struct {
	name  string
	share bool
	truth float64
	of    func(d *stats.Design, at func(string) []float64, in func(...string) []bool) stats.Figure
}

// TestIntervalsKeepTheirPromise draws many surveys of a made-up county by the plan of S2.8 (28 villages, 5+5+5 households and all marginal
// ones, at least two untagged) and counts how often each interval holds the truth.
func TestIntervalsKeepTheirPromise(t *testing.T) {
	t.Parallel()
	p := county()
	plan := draw.Plan{
		Design: draw.TwoStage, Method: draw.SRS, Groups: []draw.Group{{Code: "key", Villages: 3}, {Code: "other", Villages: 2}},
		Quotas: []draw.Quota{
			{Code: "poor", Households: 5, Classes: []string{"poor"}},
			{Code: "exited", Households: 5, Classes: []string{"exited"}},
			{Code: "unregistered", Households: 5, Classes: []string{"ordinary"}, Priority: &draw.Priority{Stratum: "tagged", Other: "untagged", Tags: []string{"低保"}, MinOther: 2}},
		},
		Certainty:      []draw.Certainty{{Code: "marginal", Quota: "unregistered", Classes: []string{"marginal"}}},
		ShortfallOrder: []string{"exited", "unregistered", "poor"},
	}
	quota := map[string]string{"poor": "poor", "exited": "exited", "ordinary": "unregistered", "marginal": "unregistered"}
	class := map[string]string{}
	for _, h := range p.frame.Households {
		class[h.Code] = quota[h.Class]
	}
	ratio := func(name, y, x string, share bool, domain ...string) target {
		sy, sx := 0.0, 0.0
		for hh, c := range class {
			if len(domain) == 0 || slices.Contains(domain, c) {
				sy += p.y[y][hh]
				if x == "" {
					sx++
				} else {
					sx += p.y[x][hh]
				}
			}
		}
		return target{name, share, sy / sx, func(d *stats.Design, at func(string) []float64, in func(...string) []bool) stats.Figure {
			if x == "" {
				return d.Mean(at(y), in(domain...))
			}
			return d.Ratio(at(y), at(x), in(domain...))
		}}
	}
	total := 0.0
	for _, x := range p.y["persons"] {
		total += x
	}
	targets := []target{
		ratio("approval, all", "approve", "", true),
		ratio("approval, exited", "approve", "", true, "exited"),
		ratio("water, all", "water", "", true),
		ratio("wrongly exited, persons", "wrong", "persons", true, "exited"),
		ratio("missed, persons", "missed", "persons", true, "unregistered"),
		ratio("income, household mean", "income", "", false),
		{"persons, total", false, total, func(d *stats.Design, at func(string) []float64, in func(...string) []bool) stats.Figure {
			return d.Total(at("persons"), in())
		}},
	}
	methods := []string{"Wald z", "Wald t", "logit", "Korn-Graubard", "capped", "Wilson"}
	hits, bias, se := make([][]int, len(targets)), make([]float64, len(targets)), make([]float64, len(targets))
	var est [][]float64
	for i := range targets {
		hits[i] = make([]int, len(methods))
		est = append(est, nil)
	}
	answered := map[string]bool{}
	for hh := range class {
		answered[hh] = true
	}
	for k := range *surveys {
		s, err := draw.Draw(plan, p.frame, fmt.Sprint("survey ", k))
		if err != nil {
			t.Fatal(err)
		}
		rows, codes, _ := draw.Rows(plan, s, nil, answered)
		d, err := stats.NewDesign(rows, stats.Options{})
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) []float64 {
			out := make([]float64, len(codes))
			for i, c := range codes {
				out[i] = p.y[name][c]
			}
			return out
		}
		in := func(domain ...string) []bool {
			out := make([]bool, len(codes))
			for i, c := range codes {
				out[i] = len(domain) == 0 || slices.Contains(domain, class[c])
			}
			return out
		}
		for i, x := range targets {
			f := x.of(d, at, in)
			bias[i] += (f.Estimate - x.truth) / float64(*surveys)
			se[i] += f.SE / float64(*surveys)
			est[i] = append(est[i], f.Estimate)
			cis := []stats.Interval{f.WaldZ(.95), f.WaldT(.95)}
			if x.share {
				cis = append(cis, f.Logit(.95), f.KornGraubard(.95, false), f.KornGraubard(.95, true), f.Wilson(.95))
			}
			for m, ci := range cis {
				if ci.Lo <= x.truth && x.truth <= ci.Hi {
					hits[i][m]++
				}
			}
		}
	}
	n := float64(*surveys)
	t.Logf("| target | truth | bias | true SE | mean SE | %s |", joined(methods))
	// A coverage of 95 % that is counted on n surveys: three standard errors of the count are granted on either side of 92 % and 98 %.
	slack := 3 * math.Sqrt(0.95*0.05/n)
	if n >= 2000 {
		slack = 0
	}
	for i, x := range targets {
		line := fmt.Sprintf("| %s | %.4g | %+.2g | %.3g | %.3g |", x.name, x.truth, bias[i], deviation(est[i]), se[i])
		for m := range methods {
			if x.share || m < 2 {
				line += fmt.Sprintf(" %.1f %% |", 100*float64(hits[i][m])/n)
			} else {
				line += " |"
			}
		}
		t.Log(line)
		if c := float64(hits[i][len(methods)-1]) / n; x.share && (c < 0.92-slack || c > 0.98+slack) {
			t.Errorf("%s: Wilson holds the truth in %.1f %% of %v surveys", x.name, 100*c, n)
		}
		if se := deviation(est[i]); math.Abs(bias[i]) > 4*se/math.Sqrt(n)+1e-3*math.Abs(x.truth)+0.05*se {
			t.Errorf("%s: biased by %v (standard error %v)", x.name, bias[i], se)
		}
	}
}

func joined(list []string) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += " | "
		}
		out += s
	}
	return out
}

func deviation(xs []float64) float64 {
	mean, ss := 0.0, 0.0
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	return math.Sqrt(ss / float64(len(xs)-1))
}
