package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a two-sided confidence interval. Without degrees of freedom nothing is known: 0 to 1 for a proportion, unbounded for
// other figures.
type Interval struct{ Lo, Hi float64 }

// Width is Hi − Lo.
func (i Interval) Width() float64 { return i.Hi - i.Lo }

var unknownShare = Interval{0, 1}

func quantileZ(level float64) float64 { return distuv.UnitNormal.Quantile(0.5 + level/2) }

// quantileT is t at (1+level)/2; +Inf without degrees of freedom.
func quantileT(level, df float64) float64 {
	if df <= 0 {
		return math.Inf(1)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(0.5 + level/2)
}

func (f Figure) around(q float64) Interval {
	if math.IsInf(q, 1) && f.SE == 0 {
		return Interval{math.Inf(-1), math.Inf(1)}
	}
	return Interval{f.Estimate - q*f.SE, f.Estimate + q*f.SE}
}

// WaldZ is estimate ± z·SE: what most programs print for means and totals.
func (f Figure) WaldZ(level float64) Interval { return f.around(quantileZ(level)) }

// WaldT is estimate ± t·SE with the design's degrees of freedom: for means and totals.
func (f Figure) WaldT(level float64) Interval { return f.around(quantileT(level, float64(f.DF))) }

// Logit is the interval on the scale of log odds, for a share strictly between 0 and 1; otherwise it is Wilson's.
func (f Figure) Logit(level float64) Interval {
	p := f.Estimate
	if f.DF <= 0 {
		return unknownShare
	}
	if p <= 0 || p >= 1 || f.SE == 0 {
		return f.Wilson(level)
	}
	l, h := math.Log(p/(1-p)), quantileT(level, float64(f.DF))*f.SE/(p*(1-p))
	return Interval{expit(l - h), expit(l + h)}
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Asin is the interval on the arcsine square-root scale.
func (f Figure) Asin(level float64) Interval {
	p := f.Estimate
	if f.DF <= 0 {
		return unknownShare
	}
	if p <= 0 || p >= 1 {
		return f.Wilson(level)
	}
	a, h := math.Asin(math.Sqrt(p)), quantileT(level, float64(f.DF))*f.SE/(2*math.Sqrt(p*(1-p)))
	lo, hi := math.Sin(max(0, a-h)), math.Sin(min(math.Pi/2, a+h))
	return Interval{lo * lo, hi * hi}
}

// Wilson is the score interval on the effective sample size, capped at the number of households, with the design's t: the rule for
// proportions and rates here, because it alone kept its promise for rates of 1 % (docs/sampling.md).
func (f Figure) Wilson(level float64) Interval {
	if f.DF <= 0 || f.N == 0 || math.IsNaN(f.Estimate) {
		return unknownShare
	}
	return wilson(f.Estimate, min(float64(f.N), f.EffectiveN()), quantileT(level, float64(f.DF)))
}

func wilson(p, n, t float64) Interval {
	tt := t * t / n
	mid, half := (p+tt/2)/(1+tt), t/(1+tt)*math.Sqrt(max(0, p*(1-p)/n)+tt/(4*n))
	i := Interval{max(0, mid-half), min(1, mid+half)}
	if p <= 0 {
		i.Lo = 0 // the two terms are equal; rounding must not show
	}
	if p >= 1 {
		i.Hi = 1
	}
	return i
}

// KornGraubard is Clopper and Pearson's interval on the effective sample size with Korn and Graubard's correction for few degrees of
// freedom. With capped, that size is at most the number of households: the conservative choice.
func (f Figure) KornGraubard(level float64, capped bool) Interval {
	if f.DF <= 0 || f.N < 2 || math.IsNaN(f.Estimate) {
		return unknownShare
	}
	n := float64(f.N)
	adj := quantileT(level, n-1) / quantileT(level, float64(f.DF))
	eff := f.EffectiveN() * adj * adj
	if capped {
		eff = min(eff, n)
	}
	x := eff * f.Estimate
	a := (1 - level) / 2
	i := Interval{0, 1}
	if x > 0 {
		i.Lo = distuv.Beta{Alpha: x, Beta: eff - x + 1}.Quantile(a)
	}
	if eff-x > 1e-12*eff {
		i.Hi = distuv.Beta{Alpha: x + 1, Beta: eff - x}.Quantile(1 - a)
	}
	return i
}

// UpperLogit is the one-sided upper bound on the log-odds scale: "with 95 % confidence not more than". For a share strictly between 0
// and 1; otherwise the exact bound on the effective sample size.
func (f Figure) UpperLogit(level float64) float64 {
	p := f.Estimate
	if f.DF <= 0 {
		return 1
	}
	if p <= 0 || p >= 1 || f.SE == 0 {
		if p >= 1 {
			return 1
		}
		return ZeroBound(float64(f.N), level)
	}
	t := quantileT(2*level-1, float64(f.DF))
	return expit(math.Log(p/(1-p)) + t*f.SE/(p*(1-p)))
}

// Likelihood holds the shares whose scaled log-likelihood ratio stays within t²: 2·n_eff·KL(p̂, p) ≤ t² (Rao and Scott's scaling of the
// binomial likelihood; R's method likelihood interpolates the same curve). For a share strictly between 0 and 1; otherwise Wilson's.
func (f Figure) Likelihood(level float64) Interval {
	p := f.Estimate
	if f.DF <= 0 {
		return unknownShare
	}
	if p <= 0 || p >= 1 || f.SE == 0 {
		return f.Wilson(level)
	}
	t := quantileT(level, float64(f.DF))
	limit := t * t / (2 * f.EffectiveN())
	far := func(q float64) bool { return p*math.Log(p/q)+(1-p)*math.Log((1-p)/(1-q)) > limit }
	edge := func(in, out float64) float64 { // far holds at out, not at in
		for range 100 {
			if m := (in + out) / 2; far(m) {
				out = m
			} else {
				in = m
			}
		}
		return in
	}
	return Interval{edge(p, 0), edge(p, 1)}
}
