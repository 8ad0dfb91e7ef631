package measure

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"

	"ruhu/internal/stats"
)

// ICC is the part of a value's variance that lies between groups (enumerators), by one-way analysis of variance. Where households are given
// to enumerators by village, part of it is the place and not the person: compare within a village.
type ICC struct {
	MSB, MSW, N0, ICC, F, P float64
	Deff                    float64 // 1 + (mean size − 1)·ICC, at least 1
}

// IntraClass needs two groups and more values than groups; NaN otherwise.
func IntraClass(x []float64, group []string) ICC {
	by, n := grouped(x, group)
	k := len(by)
	if k < 2 || n <= k {
		nan := math.NaN()
		return ICC{nan, nan, nan, nan, nan, nan, nan}
	}
	grand := Mean(x)
	ssb, ssw, squares := 0.0, 0.0, 0.0
	for _, g := range by {
		m := Mean(g)
		ssb += float64(len(g)) * (m - grand) * (m - grand)
		for _, v := range g {
			ssw += (v - m) * (v - m)
		}
		squares += float64(len(g)) * float64(len(g))
	}
	var c ICC
	c.MSB, c.MSW = ssb/float64(k-1), ssw/float64(n-k)
	c.N0 = (float64(n) - squares/float64(n)) / float64(k-1)
	c.ICC = (c.MSB - c.MSW) / (c.MSB + (c.N0-1)*c.MSW)
	c.F = c.MSB / c.MSW
	c.P = distuv.F{D1: float64(k - 1), D2: float64(n - k)}.Survival(c.F)
	c.Deff = 1 + (float64(n)/float64(k)-1)*max(0, c.ICC)
	return c
}

// grouped gathers values that are not NaN, in order of first appearance.
func grouped(x []float64, group []string) ([][]float64, int) {
	at := map[string]int{}
	var by [][]float64
	n := 0
	for i, v := range x {
		if math.IsNaN(v) {
			continue
		}
		k, ok := at[group[i]]
		if !ok {
			k = len(by)
			at[group[i]] = k
			by = append(by, nil)
		}
		by[k] = append(by[k], v)
		n++
	}
	return by, n
}

// KruskalWallis compares groups by ranks, corrected for ties.
func KruskalWallis(x []float64, group []string) (h, df, p float64) {
	var keep []float64
	var names []string
	for i, v := range x {
		if !math.IsNaN(v) {
			keep = append(keep, v)
			names = append(names, group[i])
		}
	}
	r, ties := Ranks(keep)
	by, n := grouped(r, names)
	sum := 0.0
	for _, g := range by {
		s := 0.0
		for _, v := range g {
			s += v
		}
		sum += s * s / float64(len(g))
	}
	fn := float64(n)
	h = (12*sum/(fn*(fn+1)) - 3*(fn+1)) / (1 - ties/(fn*fn*fn-fn))
	df = float64(len(by) - 1)
	return h, df, distuv.ChiSquared{K: df}.Survival(h)
}

// Ranks from 1, the mean for ties; ties is Σ(t³ − t).
func Ranks(x []float64) (ranks []float64, ties float64) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return x[order[a]] < x[order[b]] })
	ranks = make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		t := float64(j - i)
		ties += t*t*t - t
		for k := i; k < j; k++ {
			ranks[order[k]] = float64(i+1+j) / 2
		}
		i = j
	}
	return ranks, ties
}

// Share is a count out of a number.
type Share struct{ X, N int }

// Rate is X/N.
func (s Share) Rate() float64 { return float64(s.X) / float64(s.N) }

// Exact is Clopper and Pearson's interval: never too narrow, for rates of few cases.
func (s Share) Exact(level float64) stats.Interval {
	a, x, n := (1-level)/2, float64(s.X), float64(s.N)
	i := stats.Interval{Lo: 0, Hi: 1}
	if s.N == 0 {
		return i
	}
	if s.X > 0 {
		i.Lo = distuv.Beta{Alpha: x, Beta: n - x + 1}.Quantile(a)
	}
	if s.X < s.N {
		i.Hi = distuv.Beta{Alpha: x + 1, Beta: n - x}.Quantile(1 - a)
	}
	return i
}

// BinomialP is the two-sided exact test of a share against p0: the chance of all counts that are no likelier than this one.
func (s Share) BinomialP(p0 float64) float64 {
	if s.N == 0 || p0 <= 0 || p0 >= 1 {
		if s.N == 0 || p0 <= 0 && s.X == 0 || p0 >= 1 && s.X == s.N {
			return 1
		}
		return 0
	}
	b := distuv.Binomial{N: float64(s.N), P: p0}
	d, sum := b.Prob(float64(s.X))*(1+1e-7), 0.0
	for k := range s.N + 1 {
		if q := b.Prob(float64(k)); q <= d {
			sum += q
		}
	}
	return min(1, sum)
}

// FunnelRow is one enumerator's share against that of all.
type FunnelRow struct {
	Share
	Interval stats.Interval
	P        float64 // exact, two-sided
	Adjusted float64 // Benjamini-Hochberg over all rows: what alarms go by
	Z        float64
}

// Funnel compares shares with the overall one.
func Funnel(shares []Share) (p0 float64, rows []FunnelRow) {
	var all Share
	for _, s := range shares {
		all.X += s.X
		all.N += s.N
	}
	p0 = all.Rate()
	p := make([]float64, len(shares))
	for i, s := range shares {
		p[i] = s.BinomialP(p0)
		rows = append(rows, FunnelRow{Share: s, Interval: s.Exact(0.95), P: p[i], Z: (s.Rate() - p0) / math.Sqrt(p0*(1-p0)/float64(s.N))})
	}
	for i, q := range BenjaminiHochberg(p) {
		rows[i].Adjusted = q
	}
	return p0, rows
}
