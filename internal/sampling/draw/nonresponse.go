package draw

import (
	"slices"
)

// Answer is a household of the sample that exists (or its replacement) and whether it answered.
type Answer struct {
	Township string
	Group    string // of townships
	Class    string // the quota it counts to
	Base     float64
	Complete bool
}

// Merge says that the households of a class in a township were weighted together with those of the next township of the group, because
// none of them answered.
type Merge struct {
	Class, Township, With string
	Lost                  bool // no township of the group has an answer of this class: nobody stands for these households
}

// NonResponse gives each household's factor: in its cell (township × class) Σ base weights of all / Σ base weights of those that
// answered. A cell without answers is put together with the next township of the same group, by code, after the last the first. The
// weight of a household is base × factor when it answered, 0 otherwise (SAMPLING §2).
func NonResponse(answers []Answer) (factors []float64, merges []Merge) {
	type cell struct{ township, class string }
	type sums struct{ all, complete float64 }
	cells, group, towns := map[cell]*sums{}, map[string]string{}, map[string][]string{}
	var order []cell
	for _, a := range answers {
		c := cell{a.Township, a.Class}
		if cells[c] == nil {
			cells[c] = &sums{}
			order = append(order, c)
		}
		cells[c].all += a.Base
		if a.Complete {
			cells[c].complete += a.Base
		}
		if _, ok := group[a.Township]; !ok {
			group[a.Township] = a.Group
			towns[a.Group] = append(towns[a.Group], a.Township)
		}
	}
	for _, ts := range towns {
		slices.Sort(ts)
	}
	slices.SortFunc(order, func(a, b cell) int {
		if a.class != b.class {
			return map[bool]int{true: -1, false: 1}[a.class < b.class]
		}
		return map[bool]int{true: -1, false: 1}[a.township < b.township]
	})
	joined := map[cell]cell{} // cell → the one it is weighted in
	for _, c := range order {
		if cells[c].complete > 0 {
			continue
		}
		ts := towns[group[c.township]]
		at := slices.Index(ts, c.township)
		m := Merge{Class: c.class, Township: c.township, Lost: true}
		for k := 1; k < len(ts); k++ {
			next := cell{ts[(at+k)%len(ts)], c.class}
			if s := cells[next]; s != nil && s.complete > 0 {
				joined[c] = next
				m.With, m.Lost = next.township, false
				break
			}
		}
		merges = append(merges, m)
	}
	for from, to := range joined {
		cells[to].all += cells[from].all
	}
	factors = make([]float64, len(answers))
	for i, a := range answers {
		c := cell{a.Township, a.Class}
		if to, ok := joined[c]; ok {
			c = to
		}
		if s := cells[c]; s.complete > 0 {
			factors[i] = s.all / s.complete
		}
	}
	return factors, merges
}
