package stats

import (
	"ruhu/internal/errs"
)

// postGroup is a class whose total is known from outside.
type postGroup struct {
	rows []int
	old  []float64 // weights before
}

// PostStratify makes a design whose weights add up to known totals in each group (one name per row). Standard errors then measure how
// rows differ inside the groups only. Returns Invalid "stats.poststrata" for a group without a known total, with a total that is not
// over 0, or for a known total without rows.
func (d *Design) PostStratify(groups []string, totals map[string]float64) (*Design, error) {
	index := map[string]int{}
	var gs []postGroup
	for i, g := range groups {
		at, ok := index[g]
		if !ok {
			at = len(gs)
			index[g] = at
			gs = append(gs, postGroup{})
		}
		gs[at].rows = append(gs[at].rows, i)
		gs[at].old = append(gs[at].old, d.w[i])
	}
	out := *d
	out.w = append([]float64(nil), d.w...)
	for name, at := range index {
		sum := 0.0
		for _, w := range gs[at].old {
			sum += w
		}
		total := totals[name]
		if !(total > 0) || sum == 0 {
			return nil, errs.Invalid.New("stats.poststrata", "group", name)
		}
		for _, i := range gs[at].rows {
			out.w[i] *= total / sum
		}
	}
	for name := range totals {
		if _, ok := index[name]; !ok {
			return nil, errs.Invalid.New("stats.poststrata", "group", name)
		}
	}
	out.post = gs
	return &out, nil
}

// residuals takes from z what the known totals explain: the mean of its group.
func (d *Design) residuals(z []float64) []float64 {
	for _, g := range d.post {
		sum, sw := 0.0, 0.0
		for j, i := range g.rows {
			if d.w[i] > 0 {
				sum += z[i] / d.w[i] * g.old[j]
				sw += g.old[j]
			}
		}
		for _, i := range g.rows {
			z[i] -= sum / sw * d.w[i]
		}
	}
	return z
}
