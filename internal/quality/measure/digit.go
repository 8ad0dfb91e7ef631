package measure

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Digits is a test of equal frequencies of last digits.
type Digits struct {
	N          int
	Counts     [10]int
	ChiSquare  float64
	P          float64
	Share05    float64 // ending in 0 or 5
	MonteCarlo bool    // fewer than five expected per digit: use MonteCarloP instead of P
}

// LastDigits counts the last digits of whole numbers; others are left out.
func LastDigits(x []float64) Digits {
	var d Digits
	for _, v := range x {
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			continue // NaN too
		}
		d.N++
		d.Counts[int(math.Mod(math.Abs(v), 10))]++
	}
	if d.N == 0 {
		d.P = 1
		return d
	}
	d.ChiSquare = chiEven(d.Counts[:], d.N)
	d.P = distuv.ChiSquared{K: 9}.Survival(d.ChiSquare)
	d.Share05 = float64(d.Counts[0]+d.Counts[5]) / float64(d.N)
	d.MonteCarlo = d.N < 50
	return d
}

func chiEven(counts []int, n int) float64 {
	e, sum := float64(n)/float64(len(counts)), 0.0
	for _, c := range counts {
		sum += (float64(c) - e) * (float64(c) - e) / e
	}
	return sum
}

// MonteCarloP is the share of random sets of the same size that are at least as uneven, (1 + hits)/(1 + runs).
func (d Digits) MonteCarloP(runs int, seed uint64) float64 {
	if d.N == 0 {
		return 1
	}
	r := rand.New(rand.NewPCG(seed, uint64(d.N)))
	hits := 1
	for range runs {
		var c [10]int
		for range d.N {
			c[r.IntN(10)]++
		}
		if chiEven(c[:], d.N) >= d.ChiSquare*(1-1e-12) {
			hits++
		}
	}
	return float64(hits) / float64(runs+1)
}

// MultiplesOf is the share of values that are multiples of n.
func MultiplesOf(x []float64, n float64) float64 {
	hit, all := 0, 0
	for _, v := range x {
		if math.IsNaN(v) {
			continue
		}
		all++
		if math.Mod(v, n) == 0 {
			hit++
		}
	}
	return float64(hit) / float64(all)
}

// Whipple's index of heaping on 0 and 5: 100 is none, 500 is all. n is the number of persons of 23 to 62.
func Whipple(ages []float64) (index float64, n int) {
	hit := 0
	for _, a := range ages {
		if a >= 23 && a < 63 {
			n++
			if math.Mod(math.Floor(a), 5) == 0 {
				hit++
			}
		}
	}
	return 500 * float64(hit) / float64(n), n
}

// WhippleBand is the UN's word for an index.
func WhippleBand(index float64) string {
	switch {
	case index < 105:
		return "very_accurate"
	case index < 110:
		return "accurate"
	case index < 125:
		return "approximate"
	case index <= 175:
		return "rough"
	}
	return "very_rough"
}

// Myers' blended percentages of last digits of ages 10–79 and 20–89, and half the sum of their distances from 10.
func Myers(ages []float64) (percent [10]float64, index float64) {
	var blended [10]float64
	total := 0.0
	for _, v := range ages {
		if math.IsNaN(v) {
			continue
		}
		a := int(math.Floor(v))
		d := a % 10
		w := 0.0
		if a >= 10 && a <= 79 {
			w += float64(d + 1)
		}
		if a >= 20 && a <= 89 {
			w += float64(9 - d)
		}
		if w > 0 {
			blended[d] += w
			total += w
		}
	}
	for d := range blended {
		percent[d] = 100 * blended[d] / total
		index += math.Abs(percent[d]-10) / 2
	}
	return percent, index
}

// Benford is a test of first digits against Benford's law. It is only for quantities over several orders of magnitude; household incomes
// fail it by nature, so no rule uses it unless a playbook says so.
type Benford struct {
	N         int
	Counts    [9]int
	ChiSquare float64
	P         float64
	MAD       float64 // mean |share − expected share|
}

// FirstDigits counts the first digits of values other than 0.
func FirstDigits(x []float64) Benford {
	var b Benford
	for _, v := range x {
		v = math.Abs(v)
		if !(v > 0) || math.IsInf(v, 0) {
			continue
		}
		for v >= 10 {
			v /= 10
		}
		for v < 1 {
			v *= 10
		}
		b.N++
		b.Counts[int(v)-1]++
	}
	for i, c := range b.Counts {
		p := math.Log10(1 + 1/float64(i+1))
		e := p * float64(b.N)
		b.ChiSquare += (float64(c) - e) * (float64(c) - e) / e
		b.MAD += math.Abs(float64(c)/float64(b.N)-p) / 9
	}
	b.P = distuv.ChiSquared{K: 8}.Survival(b.ChiSquare)
	return b
}
