package draw

import (
	"slices"

	"ruhu/internal/stats"
)

// Rows makes the rows of a stats.Design from a sample and who answered. Households that are gone are left out; their replacements carry
// the stratum of their own. A village taken with unequal probability (pps) has no finite population correction: the usual conservative
// approximation; systematic draws and the rule both are treated as simple random ones (docs/sampling.md). codes gives the household of
// each row, merges the cells of non-response that were put together.
func Rows(p Plan, s Sample, uses []Use, answered map[string]bool) (rows []stats.Row, codes []string, merges []Merge) {
	units := inUse(s, uses)
	township, group, frame := map[string]string{}, map[string]string{}, map[string]DrawnVillage{}
	for _, v := range s.Villages {
		township[v.Village], group[v.Township], frame[v.Village] = v.Township, v.Group, v
	}
	have := map[[2]string]int{}
	for _, x := range s.Strata {
		have[[2]string{x.Village, x.Stratum}] = x.Have
	}
	answers := make([]Answer, len(units))
	for i, u := range units {
		t := township[u.Village]
		if p.Design == OneStage {
			t = u.Stratum
		}
		answers[i] = Answer{Township: t, Group: group[t], Class: u.Quota, Base: u.Weight.Float(), Complete: answered[u.Household]}
	}
	factors, merges := NonResponse(answers)
	for i, u := range units {
		if !answers[i].Complete {
			continue
		}
		r := stats.Row{Weight: answers[i].Base * factors[i]}
		if p.Design == OneStage {
			v := frame[u.Stratum]
			r.Stratum, r.PSU, r.N = u.Stratum, u.Household, float64(v.Of)
		} else {
			v := frame[u.Village]
			r.Stratum, r.PSU, r.N = v.Stratum, u.Village, float64(v.Of)
			r.Stratum2, r.M = u.Stratum, float64(have[[2]string{u.Village, u.Stratum}])
		}
		if p.Method == PPS {
			r.N, r.M = 0, 0
		}
		rows, codes = append(rows, r), append(codes, u.Household)
	}
	return rows, codes, merges
}

// inUse lists the households that are visited: the selected ones without those that are gone, and the replacements.
func inUse(s Sample, uses []Use) []Unit {
	gone, with := map[string]bool{}, map[string]bool{}
	for _, u := range uses {
		gone[u.Household] = true
		with[u.With] = true
	}
	var out []Unit
	for _, u := range s.Units {
		if !gone[u.Household] {
			out = append(out, u)
		}
	}
	for _, u := range s.Reserve {
		if with[u.Household] && !gone[u.Household] {
			out = append(out, u)
		}
	}
	return out
}

// Neighbours names, for the rule collapse, the stratum that each single-village stratum is put together with: the next of the same group by
// code, after the last the one before it. It is known as soon as the frame is, before any answer. Strata without a neighbour are left out:
// for them the rule adjust is the fallback.
func Neighbours(s Sample) map[string]string {
	byGroup, drawn, of := map[string][]string{}, map[string]int{}, map[string]int{}
	for _, v := range s.Villages {
		if drawn[v.Stratum] == 0 {
			byGroup[v.Group] = append(byGroup[v.Group], v.Stratum)
		}
		drawn[v.Stratum], of[v.Stratum] = v.Drawn, v.Of
	}
	out := map[string]string{}
	for _, strata := range byGroup {
		slices.Sort(strata)
		for i, x := range strata {
			if drawn[x] > 1 || of[x] == 1 || len(strata) == 1 {
				continue
			}
			next := i + 1
			if next == len(strata) {
				next = i - 1
			}
			if to := strata[next]; out[to] != x { // two single ones that name each other: one way is enough
				out[x] = to
			}
		}
	}
	return out
}
