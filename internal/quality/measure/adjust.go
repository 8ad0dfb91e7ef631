package measure

import "sort"

// Holm adjusts p-values so that the chance of one false alarm among all stays at the level.
func Holm(p []float64) []float64 {
	order := byValue(p)
	out := make([]float64, len(p))
	run := 0.0
	for i, at := range order {
		run = max(run, p[at]*float64(len(p)-i))
		out[at] = min(1, run)
	}
	return out
}

// BenjaminiHochberg adjusts p-values so that the share of false alarms among the alarms stays at the level.
func BenjaminiHochberg(p []float64) []float64 {
	order := byValue(p)
	out := make([]float64, len(p))
	run := 1.0
	for i := len(order) - 1; i >= 0; i-- {
		run = min(run, p[order[i]]*float64(len(p))/float64(i+1))
		out[order[i]] = run
	}
	return out
}

func byValue(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] < p[order[b]] })
	return order
}
