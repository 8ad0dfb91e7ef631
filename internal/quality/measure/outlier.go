package measure

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// MinValues is how many values a group needs before single ones are called outliers.
const MinValues = 20

// Fence is an interval outside of which values are outliers.
type Fence struct{ Q1, Q3, Lower, Upper float64 }

// Out lists the indices of values outside, in order; NaN is never outside.
func (f Fence) Out(x []float64) []int {
	var out []int
	for i, v := range x {
		if v < f.Lower || v > f.Upper {
			out = append(out, i)
		}
	}
	return out
}

// Tukey is q1 − k·IQR … q3 + k·IQR; k 1.5 for outliers, 3 for far ones.
func Tukey(x []float64, k float64, t QuantileType) Fence {
	s := sorted(x)
	q1, q3 := quantile(s, 0.25, t), quantile(s, 0.75, t)
	return Fence{q1, q3, q1 - k*(q3-q1), q3 + k*(q3-q1)}
}

// AroundMean is mean ± k standard deviations.
func AroundMean(x []float64, k float64) Fence {
	m, s := Mean(x), SD(x)
	return Fence{Lower: m - k*s, Upper: m + k*s}
}

// Logs takes natural logarithms; what has none becomes NaN.
func Logs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.NaN()
		if v > 0 {
			out[i] = math.Log(v)
		}
	}
	return out
}

// MADConstant and MADThreshold are Iglewicz and Hoaglin's.
const (
	MADConstant  = 0.6745
	MADThreshold = 3.5
	meanADFactor = 1.253314
)

// Modified is a set of modified z scores.
type Modified struct {
	Median, MAD float64
	Z           []float64
	MeanAD      bool // the MAD was 0; the mean absolute deviation stood in for it
}

// ModifiedZ is 0.6745·(x − median)/MAD. Where more than half of the values are equal the MAD is 0 and 1.253314·(mean absolute deviation)
// is used; where all are equal, every z is 0.
func ModifiedZ(x []float64) Modified {
	m := Modified{Median: Median(x), Z: make([]float64, len(x))}
	dev := make([]float64, len(x))
	for i, v := range x {
		dev[i] = math.Abs(v - m.Median)
	}
	m.MAD = Median(dev)
	scale := m.MAD / MADConstant
	if m.MAD == 0 {
		m.MeanAD = true
		scale = meanADFactor * Mean(dev)
	}
	for i, v := range x {
		switch {
		case math.IsNaN(v):
			m.Z[i] = math.NaN()
		case scale > 0:
			m.Z[i] = (v - m.Median) / scale
		}
	}
	return m
}

// Out lists the indices with |z| over the threshold.
func (m Modified) Out(threshold float64) []int {
	var out []int
	for i, z := range m.Z {
		if math.Abs(z) > threshold {
			out = append(out, i)
		}
	}
	return out
}

// ESD is Rosner's generalised extreme Studentised deviate test for up to k outliers.
type ESD struct {
	R, Lambda []float64
	Removed   []int // indices, in the order of removal; the first Outliers of them are outliers
	Outliers  int
}

// GeneralisedESD tests for at most k outliers at level alpha. Masking does not fool it: the largest i with R over λ counts, not the first
// with R under λ.
func GeneralisedESD(x []float64, k int, alpha float64) ESD {
	var rest []int
	for i, v := range x {
		if !math.IsNaN(v) {
			rest = append(rest, i)
		}
	}
	n := len(rest)
	var e ESD
	for i := 1; i <= min(k, n-2); i++ {
		values := make([]float64, len(rest))
		for j, at := range rest {
			values[j] = x[at]
		}
		m, s := Mean(values), SD(values)
		far := 0
		for j, v := range values {
			if math.Abs(v-m) > math.Abs(values[far]-m) {
				far = j
			}
		}
		r := 0.0
		if s > 0 {
			r = math.Abs(values[far]-m) / s
		}
		df := float64(n - i - 1)
		t := distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(1 - alpha/(2*float64(n-i+1)))
		e.R = append(e.R, r)
		e.Lambda = append(e.Lambda, float64(n-i)*t/math.Sqrt((df+t*t)*float64(n-i+1)))
		e.Removed = append(e.Removed, rest[far])
		rest = append(rest[:far:far], rest[far+1:]...)
		if r > e.Lambda[i-1] {
			e.Outliers = i
		}
	}
	return e
}

// Below lists the values under a share of the median: who is twice as fast as half of the others.
func Below(x []float64, share float64) []int {
	limit := share * Median(x)
	var out []int
	for i, v := range x {
		if v < limit {
			out = append(out, i)
		}
	}
	return out
}
