package stats

import "math"

// Figure is an estimate with its standard error. Figures of one Design can be put together by Linear.
type Figure struct {
	Estimate float64
	SE       float64
	DF       int // degrees of freedom: of the whole design for totals, of the domain for ratios
	N        int // households of the domain that answered

	d    *Design
	z    []float64 // linearised, weighted
	in   []bool    // rows that count for DF; nil is all
	mask []bool    // rows that count for N
}

func (d *Design) figure(estimate float64, z []float64, in, mask []bool) Figure {
	z = d.residuals(z)
	f := Figure{Estimate: estimate, DF: d.DF(in), d: d, z: z, in: in, mask: mask}
	for i := range z {
		if mask == nil || mask[i] {
			f.N++
		}
	}
	f.SE = math.Sqrt(max(0, d.variance(z, in)))
	return f
}

// Total estimates Σy over the rows of in; nil is all. y has one value per row; a missing one (NaN) leaves its row out.
func (d *Design) Total(y []float64, in []bool) Figure {
	in = present(in, y)
	z, sum := make([]float64, len(d.w)), 0.0
	for i, w := range d.w {
		if in == nil || in[i] {
			z[i] = w * y[i]
			sum += z[i]
		}
	}
	return d.figure(sum, z, nil, in)
}

// Ratio estimates Σy / Σx in a domain, linearised: z = w(y − R x)/X. The estimate is NaN when Σx is 0.
func (d *Design) Ratio(y, x []float64, in []bool) Figure {
	in = present(present(in, y), x)
	sy, sx := 0.0, 0.0
	for i, w := range d.w {
		if in == nil || in[i] {
			sy += w * y[i]
			sx += w * x[i]
		}
	}
	r := sy / sx
	z := make([]float64, len(d.w))
	for i, w := range d.w {
		if in == nil || in[i] {
			z[i] = w * (y[i] - r*x[i]) / sx
		}
	}
	return d.figure(r, z, in, in)
}

// Mean estimates the mean of y in a domain: the ratio of Σy to the number of households. For a y of 0 and 1 it is a proportion.
func (d *Design) Mean(y []float64, in []bool) Figure {
	one := make([]float64, len(d.w))
	for i := range one {
		one[i] = 1
	}
	return d.Ratio(y, one, in)
}

// Term is a figure with a factor.
type Term struct {
	Factor float64
	Figure Figure
}

// Linear puts figures together: constant + Σ factor·figure, with the joint linearisation, so that what the figures share is counted. A
// contrast of two domains is Linear(0, {1, a}, {-1, b}); a total over a known number X is Linear(0, {1/X, total}); the composite
// poverty rate is (K + Σ figures)/X. It panics for figures of different designs.
func Linear(constant float64, terms ...Term) Figure {
	d := terms[0].Figure.d
	z := make([]float64, len(d.w))
	in, mask := make([]bool, len(d.w)), make([]bool, len(d.w))
	for _, t := range terms {
		if t.Figure.d != d {
			panic("stats: figures of different designs")
		}
		constant += t.Factor * t.Figure.Estimate
		for i := range z {
			z[i] += t.Factor * t.Figure.z[i]
			in[i] = in[i] || t.Figure.in == nil || t.Figure.in[i]
			mask[i] = mask[i] || t.Figure.mask == nil || t.Figure.mask[i]
		}
	}
	f := Figure{Estimate: constant, DF: d.DF(in), d: d, z: z, in: in, mask: mask}
	for _, m := range mask {
		if m {
			f.N++
		}
	}
	f.SE = math.Sqrt(max(0, d.variance(z, in)))
	return f
}

// present leaves out the rows whose value is missing.
func present(in []bool, y []float64) []bool {
	copied := false
	for i, v := range y {
		if !math.IsNaN(v) || in != nil && !in[i] {
			continue
		}
		if !copied {
			next := make([]bool, len(y))
			for j := range next {
				next[j] = in == nil || in[j]
			}
			in, copied = next, true
		}
		in[i] = false
	}
	return in
}

// KishDeff is what unequal weights cost: n·Σw²/(Σw)² (Kish 1992), 1 for equal ones. NaN without weights.
func KishDeff(w []float64) float64 {
	n, s, ss := 0.0, 0.0, 0.0
	for _, x := range w {
		if x > 0 {
			n++
			s += x
			ss += x * x
		}
	}
	return n * ss / (s * s)
}

// Deff compares the figure's variance with that of a simple random sample of as many households, drawn without replacement from
// Σw households, or with replacement. For a mean only.
func (f Figure) Deff(y []float64, replacement bool) float64 {
	n, sw, ss := 0.0, 0.0, 0.0
	for i, w := range f.d.w {
		if w > 0 && (f.mask == nil || f.mask[i]) {
			n++
			sw += w
			ss += w * (y[i] - f.Estimate) * (y[i] - f.Estimate)
		}
	}
	srs := ss / sw * n / (n - 1) / n
	if !replacement {
		srs *= (sw - n) / sw
	}
	return f.SE * f.SE / srs
}

// EffectiveN is the size of the simple random sample with the same variance, p(1−p)/V, not capped. Where the variance can't be seen
// (p is 0 or 1, or V is 0) it is the number of households.
func (f Figure) EffectiveN() float64 {
	p := f.Estimate
	if v := f.SE * f.SE; p > 0 && p < 1 && v > 0 {
		return p * (1 - p) / v
	}
	return float64(f.N)
}
