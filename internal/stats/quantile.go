package stats

import (
	"math"
	"sort"
)

// Quantile is the smallest y with F(y) ≥ p, F the weighted share of rows of the domain at or below y; NaN for an empty domain. It comes
// without a standard error.
func (d *Design) Quantile(y []float64, in []bool, p float64) float64 {
	in = present(in, y)
	var rows []int
	total := 0.0
	for i, w := range d.w {
		if w > 0 && (in == nil || in[i]) {
			rows = append(rows, i)
			total += w
		}
	}
	if len(rows) == 0 {
		return math.NaN()
	}
	sort.SliceStable(rows, func(a, b int) bool { return y[rows[a]] < y[rows[b]] })
	sum := 0.0
	for _, i := range rows {
		if sum += d.w[i]; sum >= p*total*(1-1e-12) {
			return y[i]
		}
	}
	return y[rows[len(rows)-1]]
}
