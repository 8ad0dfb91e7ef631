package draw_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"ruhu/internal/sampling/draw"
)

// twoTownships is a small frame: two townships with five and six villages of about twelve households.
func twoTownships() draw.Frame {
	var f draw.Frame
	classes := []string{"poor", "poor", "exited", "exited", "exited", "ordinary", "ordinary", "ordinary", "ill", "ill", "ill", "marginal"}
	for town, n := range []int{5, 6} {
		for v := range n {
			village := draw.Village{Township: fmt.Sprint("T", town), Group: []string{"key", "other"}[town], Code: fmt.Sprint("T", town, "V", v), Type: []string{"poor_village", "other_village", "other_village"}[v%3]}
			f.Villages = append(f.Villages, village)
			for h := range 8 + (v*7)%9 {
				f.Households = append(f.Households, draw.Household{Village: village.Code, Code: fmt.Sprintf("%sH%02d", village.Code, h), Class: classes[h%len(classes)], Persons: 1 + h%5})
			}
		}
	}
	return f
}

const draws = 2000

// counts draws the frame many times and counts how often each village and household came out.
func counts(t *testing.T, p draw.Plan, f draw.Frame, draws int) map[string]float64 {
	t.Helper()
	hit := map[string]float64{}
	for i := range draws {
		s, err := draw.Draw(p, f, fmt.Sprint("coverage-", i))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range s.Villages {
			hit[v.Village]++
		}
		for _, u := range s.Units {
			hit[u.Household]++
		}
	}
	return hit
}

func TestInclusionFrequenciesAgreeWithTheStoredProbabilities(t *testing.T) {
	t.Parallel()
	p, f := s28(1), twoTownships()
	hit := counts(t, p, f, draws)
	chances, err := draw.Chances(p, f)
	if err != nil {
		t.Fatal(err)
	}
	// n of N drawn r times: (N−1)/N · Σ(hits − rπ)²/(rπ(1−π)) is chi-square with N−1 degrees of freedom. Villages inside their township,
	// then households inside village and stratum, given how often the village was drawn; the parts are independent.
	x2, df := 0.0, 0.0
	add := func(r float64, n float64, of []string) {
		k := float64(len(of))
		pi := n / k
		if pi == 1 {
			for _, u := range of {
				if hit[u] != r {
					t.Errorf("%s is certain and was drawn %v of %v times", u, hit[u], r)
				}
			}
			return
		}
		for _, u := range of {
			x2 += (k - 1) / k * (hit[u] - r*pi) * (hit[u] - r*pi) / (r * pi * (1 - pi))
		}
		df += k - 1
	}
	villages, strata := map[string][]string{}, map[string][]string{}
	for _, v := range f.Villages {
		villages[v.Township] = append(villages[v.Township], v.Code)
	}
	add(draws, 3, villages["T0"])
	add(draws, 2, villages["T1"])
	pv := map[byte]float64{'0': 3.0 / 5, '1': 2.0 / 6}
	for _, h := range f.Households { // strata of a village are told apart by class here, and by their stored probability
		key := h.Village + h.Class
		strata[key] = append(strata[key], h.Code)
	}
	for key, units := range strata {
		village := key[:4]
		p2 := chances[units[0]].Float() / pv[key[1]]
		if n := p2 * float64(len(units)); n > 1e-9 {
			add(hit[village], n, units)
		} else {
			for _, u := range units {
				if hit[u] != 0 {
					t.Errorf("%s can't be drawn and was, %v times", u, hit[u])
				}
			}
		}
	}
	low, high := distuv.ChiSquared{K: df}.Quantile(0.001), distuv.ChiSquared{K: df}.Quantile(0.999)
	t.Logf("chi-square %.1f with %v degrees of freedom; between %.1f and %.1f", x2, df, low, high)
	if x2 < low || x2 > high {
		t.Errorf("chi-square %.1f is not between %.1f and %.1f", x2, low, high)
	}
}

func TestEveryMethodKeepsItsProbabilities(t *testing.T) {
	t.Parallel()
	one := s28(1)
	one.Design, one.Certainty, one.Groups = draw.OneStage, nil, []draw.Group{{Code: "key", Households: 9}, {Code: "other", Households: 20}}
	oneSystematic := one
	oneSystematic.Method = draw.Systematic
	with := func(method, rule string) draw.Plan {
		p := s28(1)
		p.Method, p.TypeRule = method, rule
		if rule != "" {
			p.Types = []draw.Type{{Code: "poor_village", Share: 1}, {Code: "other_village"}}
		}
		return p
	}
	for name, p := range map[string]draw.Plan{
		"systematic": with(draw.Systematic, ""), "pps": with(draw.PPS, ""), "both types": with(draw.SRS, draw.Both), "allocated": with(draw.SRS, draw.Allocate),
		"one stage": one, "one stage, systematic": oneSystematic,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := twoTownships()
			const draws = 500
			hit := counts(t, p, f, draws)
			chances, err := draw.Chances(p, f)
			if err != nil {
				t.Fatal(err)
			}
			worst, n := 0.0, 0
			for h, c := range chances {
				pi := c.Float()
				if pi == 0 || pi == 1 {
					if hit[h] != pi*draws {
						t.Errorf("%s: probability %v, drawn %v times", h, pi, hit[h])
					}
					continue
				}
				worst = max(worst, math.Abs(hit[h]-draws*pi)/math.Sqrt(draws*pi*(1-pi)))
				n++
			}
			limit := distuv.UnitNormal.Quantile(1 - 0.0005/float64(n)) // Bonferroni: one false alarm in a thousand
			t.Logf("worst of %d households: %.2f standard deviations, allowed %.2f", n, worst, limit)
			if worst > limit || n == 0 {
				t.Errorf("worst of %d households: %.2f standard deviations, allowed %.2f", n, worst, limit)
			}
		})
	}
}

func TestTheFixedOrderOfKeysIsWhatSha256sumGives(t *testing.T) {
	t.Parallel()
	// printf '%s' 'demo|V|990101101|990101101203' | sha256sum
	const want = "2bd8caa53c36a6ccab506368f589cb7214813281b73abcf67a1acc486f9b6401"
	if got := draw.Key("demo", "V", "990101101", "990101101203"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := draw.Key("公开抽签 31", "H", "990101101203:exited", "户1"); strings.ToLower(got) != got || len(got) != 64 {
		t.Errorf("got %s", got)
	}
}
