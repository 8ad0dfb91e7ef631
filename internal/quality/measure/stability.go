package measure

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Stability of a measure that is asked twice: is there a shift, and how much of the spread is noise. Pairs with a NaN are left out.
type Stability struct {
	N              int
	Mean1, Mean2   float64
	T, DF, P       float64 // paired t of first − second
	DiffLo, DiffHi float64 // 95 %
	SumPos, SumNeg float64 // signed ranks, zeros ranked and then dropped (Pratt)
	Zeros          int
	PrattZ, PrattP float64
	WilcoxonV      float64 // zeros dropped first (R)
	WilcoxonP      float64 // normal, with continuity correction
	SRV            float64 // simple response variance: var(first − second)/2
	Var2           float64
	Reliability    float64 // 1 − SRV/var(second)
	MeanSquare     float64 // mean d²: the gross difference of a continuous item
	SE             float64 // of the mean difference
	IOI            float64 // 100·mean d²/(var1 + var2)
}

// StabilityOf compares two measurements of the same things.
func StabilityOf(first, second []float64) Stability {
	var a, b, d []float64
	for i := range first {
		if !math.IsNaN(first[i]) && !math.IsNaN(second[i]) {
			a, b, d = append(a, first[i]), append(b, second[i]), append(d, first[i]-second[i])
		}
	}
	s := Stability{N: len(d), Mean1: Mean(a), Mean2: Mean(b), DF: float64(len(d) - 1)}
	v := Variance(d)
	s.SE = math.Sqrt(v / float64(s.N))
	s.T = Mean(d) / s.SE
	t := distuv.StudentsT{Sigma: 1, Nu: s.DF}
	s.P = 2 * t.Survival(math.Abs(s.T))
	q := t.Quantile(0.975)
	s.DiffLo, s.DiffHi = Mean(d)-q*s.SE, Mean(d)+q*s.SE
	s.SRV, s.Var2 = v/2, Variance(b)
	s.Reliability = 1 - s.SRV/s.Var2
	for _, x := range d {
		s.MeanSquare += x * x / float64(s.N)
	}
	s.IOI = 100 * s.MeanSquare / (Variance(a) + s.Var2)
	s.pratt(d)
	s.wilcoxon(d)
	return s
}

func abs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Abs(v)
	}
	return out
}

func (s *Stability) pratt(d []float64) {
	ranks, _ := Ranks(abs(d))
	squares := 0.0
	for i, x := range d {
		switch {
		case x == 0:
			s.Zeros++
			continue
		case x > 0:
			s.SumPos += ranks[i]
		default:
			s.SumNeg += ranks[i]
		}
		squares += ranks[i] * ranks[i]
	}
	if squares == 0 {
		s.PrattP = 1
		return
	}
	s.PrattZ = (s.SumPos - (s.SumPos+s.SumNeg)/2) / math.Sqrt(squares/4)
	s.PrattP = normalP(s.PrattZ)
}

func (s *Stability) wilcoxon(d []float64) {
	var keep []float64
	for _, x := range d {
		if x != 0 {
			keep = append(keep, x)
		}
	}
	ranks, ties := Ranks(abs(keep))
	for i, x := range keep {
		if x > 0 {
			s.WilcoxonV += ranks[i]
		}
	}
	n := float64(len(keep))
	z := s.WilcoxonV - n*(n+1)/4
	sigma := math.Sqrt(n*(n+1)*(2*n+1)/24 - ties/48)
	s.WilcoxonP = 1
	if sigma > 0 {
		s.WilcoxonP = normalP(max(0, math.Abs(z)-0.5) / sigma)
	}
}

func normalP(z float64) float64 { return min(1, math.Erfc(math.Abs(z)/math.Sqrt2)) }

// TwoShares compares a yes/no item that is asked twice of the same households.
type TwoShares struct {
	N                int
	P1, P2           float64
	PooledZ, PooledP float64 // two samples, as if they were not paired: what other programs print
	NoYes, YesNo     int     // changed from no to yes, from yes to no
	McNemarP         float64 // exact: the test to use
}

// CompareShares takes 0 and 1; pairs with a NaN are left out.
func CompareShares(first, second []float64) TwoShares {
	var t TwoShares
	x1, x2 := 0, 0
	for i := range first {
		a, b := first[i], second[i]
		if math.IsNaN(a) || math.IsNaN(b) {
			continue
		}
		t.N++
		if a == 1 {
			x1++
		}
		if b == 1 {
			x2++
		}
		switch {
		case a == 0 && b == 1:
			t.NoYes++
		case a == 1 && b == 0:
			t.YesNo++
		}
	}
	n := float64(t.N)
	t.P1, t.P2 = float64(x1)/n, float64(x2)/n
	p := float64(x1+x2) / (2 * n)
	t.PooledP = 1
	if p > 0 && p < 1 {
		t.PooledZ = (t.P1 - t.P2) / math.Sqrt(p*(1-p)*2/n)
		t.PooledP = normalP(t.PooledZ)
	}
	t.McNemarP = Share{t.NoYes, t.NoYes + t.YesNo}.BinomialP(0.5)
	return t
}
