package scheme

import (
	"fmt"
	"math"
	"math/big"
)

// Robustness is how far ranks depend on the way indicators are put together. Nothing of it enters a score.
type Robustness struct {
	Constant   []int        // indicators that do not differ between units: left out
	MinMax     [][]*big.Rat // per indicator, per unit; nil for a constant one
	Linear     []*big.Rat
	Equal      []*big.Rat
	Geometric  []float64 // values mapped to 0.01 … 1
	RankLinear []int     // competition ranks, 1 is best
	RankEqual  []int
	RankGeo    []int
	ShiftEqual *big.Rat // mean of |rank − rank by linear|
	ShiftGeo   *big.Rat
	Swings     []Swing // each weight alone a quarter smaller or larger
}

// Swing is the ranking with one weight changed and the others scaled.
type Swing struct {
	Indicator int
	Factor    Decimal
	Ranks     []int
}

// geometricFloor is what the worst value is mapped to: a product forgives no zero.
const geometricFloor = 0.01

// CheckRobustness normalises indicators (data[unit][indicator]; direction −1 where small is good) and ranks units by several ways.
func CheckRobustness(data [][]Decimal, direction []int, weights []Decimal) (Robustness, error) {
	var r Robustness
	if len(direction) != len(weights) {
		return r, fmt.Errorf("%d directions for %d weights", len(direction), len(weights))
	}
	w := make([]*big.Rat, len(weights))
	for j := range weights {
		col := make([]*big.Rat, len(data))
		for i, row := range data {
			if len(row) != len(weights) {
				return r, fmt.Errorf("unit %d has %d values for %d weights", i+1, len(row), len(weights))
			}
			x, err := row[j].Rat()
			if err != nil {
				return r, fmt.Errorf("unit %d: %w", i+1, err)
			}
			col[i] = x
		}
		x, err := weights[j].Rat()
		if err != nil {
			return r, err
		}
		w[j] = x
		scaled := minMax(col, direction[j])
		if scaled == nil {
			r.Constant = append(r.Constant, j)
			w[j] = nil
		}
		r.MinMax = append(r.MinMax, scaled)
	}
	equal := make([]*big.Rat, len(w))
	for j := range w {
		if w[j] != nil {
			equal[j] = big.NewRat(1, 1)
		}
	}
	r.Linear, r.Equal = weighted(r.MinMax, w, len(data)), weighted(r.MinMax, equal, len(data))
	r.Geometric = geometric(r.MinMax, w, len(data))
	r.RankLinear, r.RankEqual = ranksOf(r.Linear), ranksOf(r.Equal)
	geo := make([]*big.Rat, len(r.Geometric))
	for i, g := range r.Geometric {
		geo[i] = new(big.Rat).SetFloat64(g)
	}
	r.RankGeo = ranksOf(geo)
	r.ShiftEqual, r.ShiftGeo = shift(r.RankEqual, r.RankLinear), shift(r.RankGeo, r.RankLinear)
	for j := range w {
		for _, f := range []Decimal{"0.75", "1.25"} {
			if w[j] == nil {
				continue
			}
			changed := append([]*big.Rat(nil), w...)
			changed[j] = new(big.Rat).Mul(w[j], f.or("1"))
			r.Swings = append(r.Swings, Swing{j, f, ranksOf(weighted(r.MinMax, changed, len(data)))})
		}
	}
	return r, nil
}

// minMax maps to 0 … 1, 1 is best; nil where all are equal.
func minMax(col []*big.Rat, direction int) []*big.Rat {
	if len(col) == 0 {
		return nil
	}
	lo, hi := col[0], col[0]
	for _, x := range col {
		if x.Cmp(lo) < 0 {
			lo = x
		}
		if x.Cmp(hi) > 0 {
			hi = x
		}
	}
	width := new(big.Rat).Sub(hi, lo)
	if width.Sign() == 0 {
		return nil
	}
	out := make([]*big.Rat, len(col))
	for i, x := range col {
		d := new(big.Rat).Sub(x, lo)
		if direction < 0 {
			d.Sub(hi, x)
		}
		out[i] = d.Quo(d, width)
	}
	return out
}

// weighted is the weighted mean over indicators that have a weight.
func weighted(scaled [][]*big.Rat, w []*big.Rat, n int) []*big.Rat {
	total := new(big.Rat)
	out := make([]*big.Rat, n)
	for i := range out {
		out[i] = new(big.Rat)
	}
	for j, x := range w {
		if x == nil {
			continue
		}
		total.Add(total, x)
		for i := range out {
			out[i].Add(out[i], new(big.Rat).Mul(x, scaled[j][i]))
		}
	}
	if total.Sign() > 0 {
		for i := range out {
			out[i].Quo(out[i], total)
		}
	}
	return out
}

func geometric(scaled [][]*big.Rat, w []*big.Rat, n int) []float64 {
	total := 0.0
	out := make([]float64, n)
	for j, x := range w {
		if x == nil {
			continue
		}
		f, _ := x.Float64()
		total += f
		for i := range out {
			g, _ := scaled[j][i].Float64()
			g = geometricFloor + (1-geometricFloor)*g
			out[i] += f * math.Log(g)
		}
	}
	for i := range out {
		if total > 0 {
			out[i] = math.Exp(out[i] / total)
		}
	}
	return out
}

func ranksOf(x []*big.Rat) []int {
	out := make([]int, len(x))
	for i := range x {
		out[i] = 1
		for j := range x {
			if x[j].Cmp(x[i]) > 0 {
				out[i]++
			}
		}
	}
	return out
}

func shift(a, b []int) *big.Rat {
	sum := int64(0)
	for i := range a {
		sum += int64(max(a[i]-b[i], b[i]-a[i]))
	}
	return big.NewRat(sum, int64(max(1, len(a))))
}
