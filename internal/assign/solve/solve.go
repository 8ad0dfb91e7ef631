package solve

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Solve gives a plan, or says why there is none.
func (p Problem) Solve() Result {
	s, rank := p.find()
	if s.short() > 0 {
		return Result{Shortages: p.explain(s)}
	}
	s.level()
	s.tidy(rank)
	return Result{Visits: s.visits()}
}

// find gives a plan that holds the rules; with short() > 0 when none was found.
func (p Problem) find() (s *state, rank []int) {
	tour := p.tour()
	rank = make([]int, len(p.Villages))
	for i, v := range tour {
		rank[v] = i
	}
	closed := p.closed()
	if p.Reciprocal {
		return p.withoutSwaps(closed, tour), rank
	}
	return p.attempt(closed, tour, false), rank
}

func (p Problem) closed() [][]bool {
	closed := make([][]bool, len(p.Villages))
	for v := range closed {
		closed[v] = make([]bool, len(p.Teams))
		for t, team := range p.Teams {
			closed[v][t] = team.Closed[v] != 0
		}
	}
	return closed
}

// attempt plans with what is closed; free leaves VillagesPerDay out of account, and is exact.
func (p Problem) attempt(closed [][]bool, tour []int, free bool) *state {
	s := newState(p, closed)
	s.free = free
	s.line(tour)
	s.augment()
	if s.short() == 0 || free || p.VillagesPerDay == 0 {
		return s
	}
	for {
		before := s.short()
		s.evict()
		s.augment()
		if s.short() == 0 || s.short() == before {
			break
		}
	}
	if s.short() == 0 {
		return s
	}
	for seed := range tries {
		if t := p.wholeDays(closed, tour, seed); t.short() < s.short() {
			s = t
		}
		if s.short() == 0 {
			return s
		}
	}
	if t, all := p.exhaust(closed); t != nil {
		return t
	} else if all && !p.Reciprocal {
		s.proven = true
	}
	return s
}

// tries is how many beginnings are tried where VillagesPerDay stands in the way.
const tries = 24

// wholeDays begins with a day of one team for each full day's work of a village, so that what is left is small, and goes on from there. Seeds
// give different orders of villages and team-days.
func (p Problem) wholeDays(closed [][]bool, tour []int, seed int) *state {
	s := newState(p, closed)
	r := rand.New(rand.NewPCG(uint64(seed), 0)) //nolint:gosec // not a secret: the same problem gives the same plan
	nodes, groups := r.Perm(len(s.here)), r.Perm(len(s.groups))
	if seed == 0 {
		slices.Sort(nodes)
		rank := make([]int, len(tour))
		for i, v := range tour {
			rank[v] = i
		}
		slices.SortFunc(groups, func(a, b int) int {
			return cmp.Or(cmp.Compare(rank[s.groups[a].village], rank[s.groups[b].village]), cmp.Compare(a, b))
		})
	}
	if seed%3 != 2 { // agreed days can't move: first, but not always
		slices.SortStableFunc(groups, func(a, b int) int { return cmp.Compare(min(0, -1-s.groups[a].day), min(0, -1-s.groups[b].day)) })
	}
	for full := p.PerDay; full > 0; full-- { // big pieces first: they are the hardest to place
		for _, g := range groups {
			s.pieceOf(g, full, nodes)
		}
	}
	s.augment()
	s.evict()
	s.augment()
	return s
}

// pieceOf puts pieces of a size on days that they fill best.
func (s *state) pieceOf(g, size int, nodes []int) {
	for s.left[g] >= size {
		best := -1
		for _, node := range nodes {
			if s.space[node] < size || !s.fits(g, node) {
				continue
			}
			if best < 0 || s.space[node] < s.space[best] {
				best = node
			}
		}
		if best < 0 {
			return
		}
		s.add(best, g, size)
	}
}
