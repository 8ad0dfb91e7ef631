package measure

import (
	"math"
	"slices"
)

// QuantileType names the definition of a quantile, as Hyndman and Fan number them; programs differ in silence (R and pandas 7, Stata's
// egen 2, SPSS 6).
type QuantileType int

const (
	Type2 QuantileType = 2 // inverse of the distribution function, averaged at jumps
	Type6 QuantileType = 6 // (n+1)p
	Type7 QuantileType = 7 // (n−1)p+1: the default here
)

// Quantile of values, which it does not change; NaN without any. Values that are NaN are left out.
func Quantile(x []float64, p float64, t QuantileType) float64 { return quantile(sorted(x), p, t) }

// Median is the middle value.
func Median(x []float64) float64 { return Quantile(x, 0.5, Type7) }

func sorted(x []float64) []float64 {
	out := make([]float64, 0, len(x))
	for _, v := range x {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

func quantile(s []float64, p float64, t QuantileType) float64 {
	n := len(s)
	if n == 0 {
		return math.NaN()
	}
	const fuzz = 4 * 2.220446049250313e-16 // 0.1·30 is 3, whatever binary fractions say
	at := func(i int) float64 { return s[min(max(i, 1), n)-1] }
	var h float64
	switch t {
	case Type2:
		h = float64(n) * p
		j := math.Floor(h + fuzz)
		if math.Abs(h-j) < fuzz*max(1, h) {
			return (at(int(j)) + at(int(j)+1)) / 2
		}
		return at(int(j) + 1)
	case Type6:
		h = float64(n+1) * p
	default:
		h = float64(n-1)*p + 1
	}
	j := math.Floor(h + fuzz)
	g := h - j
	if math.Abs(g) < fuzz*max(1, h) {
		g = 0
	}
	lo, hi := at(int(j)), at(int(j)+1)
	if g == 0 {
		return lo
	}
	return lo + g*(hi-lo)
}

// Mean and SD (n − 1) of values; NaN without enough of them.
func Mean(x []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// Variance with n − 1; NaN for fewer than two values.
func Variance(x []float64) float64 {
	m, sum, n := Mean(x), 0.0, 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += (v - m) * (v - m)
			n++
		}
	}
	if n < 2 {
		return math.NaN()
	}
	return sum / float64(n-1)
}

// SD is the standard deviation with n − 1.
func SD(x []float64) float64 { return math.Sqrt(Variance(x)) }
