package solve

import "math"

// Costs of ways whose coordinates are not known, in kilometres: enough to keep a team in one place.
const (
	nextVillage  = 3
	nextTownship = 12
)

func (a Point) to(b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// between is the way from one village to another in kilometres.
func (p Problem) between(v, w int) float64 {
	a, b := p.Villages[v], p.Villages[w]
	switch {
	case v == w:
		return 0
	case a.Where != nil && b.Where != nil:
		return a.Where.to(*b.Where)
	case a.Seat != nil && a.Seat == b.Seat:
		return nextVillage
	}
	return nextTownship
}

// fromSeat is the way from the seat of its township to a village.
func (p Problem) fromSeat(v int) float64 {
	if a := p.Villages[v]; a.Where != nil && a.Seat != nil {
		return a.Seat.to(*a.Where)
	}
	return nextVillage
}

// DayWay is the way of one day in kilometres: from the seat of the first village's township through the villages in the order given, back to
// the seat of the last one's.
func (p Problem) DayWay(villages []int) float64 {
	if len(villages) == 0 {
		return 0
	}
	km := p.fromSeat(villages[0]) + p.fromSeat(villages[len(villages)-1])
	for i := 1; i < len(villages); i++ {
		km += p.between(villages[i-1], villages[i])
	}
	return km
}

// tour strings the villages: to the nearest next one, then mended by turning stretches round as long as that is shorter (2-opt; Croes,
// Operations Research 6, 1958).
func (p Problem) tour() []int {
	n := len(p.Villages)
	out, used := make([]int, 0, n), make([]bool, n)
	for len(out) < n {
		best := -1
		for v := range n {
			if used[v] {
				continue
			}
			if best < 0 || len(out) > 0 && p.between(out[len(out)-1], v) < p.between(out[len(out)-1], best) {
				best = v
			}
		}
		used[best] = true
		out = append(out, best)
	}
	for better, rounds := true, 0; better && rounds < 30; rounds++ {
		better = false
		for i := 0; i < n-2; i++ {
			for j := i + 2; j < n; j++ {
				now, then := p.between(out[i], out[i+1]), p.between(out[i], out[j])
				if j+1 < n {
					now += p.between(out[j], out[j+1])
					then += p.between(out[i+1], out[j+1])
				}
				if then < now-1e-9 {
					for a, b := i+1, j; a < b; a, b = a+1, b-1 {
						out[a], out[b] = out[b], out[a]
					}
					better = true
				}
			}
		}
	}
	return out
}
