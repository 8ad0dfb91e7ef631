package stats

// variance is the two-stage variance of Σz (Särndal and others 1992, 4.3.21, estimated):
//
//	V = Σ_h (1−n/N)·n/(n−1)·Σ_i (Z_i − Z̄)² + Σ_h n/N Σ_i Σ_c (1−m/M)·m/(m−1)·Σ_k (z_k − z̄)²
//
// z is already weighted and is 0 outside the domain in. PSUs without members of the domain count as 0 and stay in n; strata
// without any are left out, which matters to the rule Average only.
func (d *Design) variance(z []float64, in []bool) float64 {
	_, used := d.holders(in)
	sums := make([]float64, len(d.inner))
	for i, x := range z {
		sums[d.psuOf[i]] += x
	}
	first := tally{rule: d.lonely}
	second := 0.0
	for s, g := range d.strata {
		if !used[s] {
			continue
		}
		first.add(g, sums)
		if g.size == 0 {
			continue // with replacement: the first stage holds everything
		}
		for _, p := range g.units {
			inside := tally{rule: d.lonely}
			for _, c := range d.inner[p] {
				if c.size > 0 && anyOf(in, c.units) {
					inside.add(c, z)
				}
			}
			second += inside.sum() * float64(g.drawn) / g.size
		}
	}
	return first.sum() + second
}

func anyOf(in []bool, rows []int) bool {
	if in == nil {
		return true
	}
	for _, i := range rows {
		if in[i] {
			return true
		}
	}
	return false
}

// tally adds up the strata of a stage and knows the rule for the lonely ones.
type tally struct {
	rule      Lonely
	v         float64
	seen, bad int
}

func (t *tally) add(g group, z []float64) {
	t.seen++
	free := g.free()
	if free == 0 {
		return
	}
	n := float64(g.drawn)
	if g.drawn == 1 {
		switch t.rule {
		case Adjust:
			t.v += free * z[g.units[0]] * z[g.units[0]]
		case Average:
			t.bad++
		}
		return
	}
	mean, ss := 0.0, 0.0
	for _, i := range g.units {
		mean += z[i]
	}
	mean /= n
	for _, i := range g.units {
		ss += (z[i] - mean) * (z[i] - mean)
	}
	t.v += free * n / (n - 1) * ss
}

// sum is the total; under Average the lonely strata get the mean of the others.
func (t *tally) sum() float64 {
	if t.bad == 0 || t.bad == t.seen {
		return t.v // all lonely: there is nothing to take a mean of
	}
	return t.v * float64(t.seen) / float64(t.seen-t.bad)
}
