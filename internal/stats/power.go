package stats

import "math"

// ZeroBound is the exact one-sided upper bound for a share of which n households showed no case: 1 − (1−level)^(1/n).
func ZeroBound(n, level float64) float64 {
	if n <= 0 {
		return 1
	}
	return 1 - math.Pow(1-level, 1/n)
}

// Showable says whether a limit can be shown at all by a sample in the best case: no case at all of what must stay below, or every
// household in favour.
type Showable struct {
	N          int     `json:"n"`    // households expected in the sample
	Deff       float64 `json:"deff"` // design effect that was assumed
	DF         int     `json:"df"`
	Bound      float64 `json:"bound"`              // one-sided bound in the best case, simple random sampling
	BoundDeff  float64 `json:"bound_deff"`         // the same on N/Deff households
	Interval   float64 `json:"interval"`           // the verdict's own bound (Wilson, t) on N/Deff households
	NeededSRS  int     `json:"needed_srs"`         // least number of households, simple random sampling
	Needed     int     `json:"needed"`             // the same times Deff
	NeededFor  int     `json:"needed_for_verdict"` // least number for the verdict's interval, times Deff; 0 without degrees of freedom
	CanShowSRS bool    `json:"can_show_srs"`
	CanShow    bool    `json:"can_show"`  // with Deff
	CanJudge   bool    `json:"can_judge"` // the verdict can be "met"
	Census     bool    `json:"census"`    // every household of the population is in the sample: nothing is left to chance
}

// Show computes what a sample of n households with that design effect and those degrees of freedom can show about a limit in the best
// case (SAMPLING §3.4: 140 households and a limit of 2 % can not: the bound is 2.1 %, 149 are needed, 224 with a deff of 1.5).
// population is how many there are; n = population is a census.
func (l Limit) Show(n, population int, deff float64, df int, level float64) Showable {
	deff = max(1, deff)
	gap := l.Threshold // distance from the best case
	if l.AtLeast {
		gap = 1 - l.Threshold
	}
	s := Showable{N: n, Deff: deff, DF: df, Census: n > 0 && n >= population}
	side := func(x float64) float64 {
		if l.AtLeast {
			return 1 - x
		}
		return x
	}
	fits := func(bound float64) bool { return l.fits(bound, gap) }
	b, bd := ZeroBound(float64(n), level), ZeroBound(float64(n)/deff, level)
	t := quantileT(level, float64(df))
	w := 1.0
	if !math.IsInf(t, 1) && n > 0 {
		w = t * t / (t*t + float64(n)/deff)
	}
	s.Bound, s.BoundDeff, s.Interval = side(b), side(bd), side(w)
	if gap > 0 && gap < 1 {
		s.NeededSRS = l.least(math.Log(1-level)/math.Log(1-gap), func(n int) bool { return fits(ZeroBound(float64(n), level)) })
		s.Needed = int(math.Ceil(float64(s.NeededSRS)*deff - 1e-9))
		if !math.IsInf(t, 1) {
			least := l.least(t*t*(1-gap)/gap, func(n int) bool { return fits(t * t / (t*t + float64(n))) })
			s.NeededFor = int(math.Ceil(float64(least)*deff - 1e-9))
		}
	}
	s.CanShowSRS = s.Census || fits(b)
	s.CanShow, s.CanJudge = s.Census || fits(bd), s.Census || fits(w)
	return s
}

// fits: below the limit, or for AtLeast not over the gap.
func (l Limit) fits(bound, gap float64) bool {
	if l.AtLeast {
		return bound <= gap
	}
	return bound < gap
}

// least is the smallest whole number from about x on for which ok holds.
func (l Limit) least(x float64, ok func(int) bool) int {
	n := max(1, int(math.Floor(x))-1)
	for !ok(n) {
		n++
	}
	return n
}
