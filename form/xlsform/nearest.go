package xlsform

import "strings"

// nearest returns the known name with the smallest edit distance to got, or "" when none is near: at most a third of
// the letters may differ.
func nearest(got string, known []string) string {
	best, bestD := "", len(got)/3+1
	g := strings.ToLower(got)
	for _, k := range known {
		if d := distance(g, strings.ToLower(k), bestD); d < bestD || (d == bestD && best == "" && d <= len(got)/3) {
			best, bestD = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, drop, change or swap with the neighbour, cut off at limit+1.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(y)]
}

// Nearest returns the known name that got was probably meant to be, or "".
func Nearest(got string, known []string) string { return nearest(got, known) }
