package solve

import (
	"cmp"
	"slices"
)

// line cuts the string of jobs into pieces, one per team, and fills the pieces into days.
func (s *state) line(tour []int) {
	rank := make([]int, len(s.Villages))
	for i, v := range tour {
		rank[v] = i
	}
	order := make([]int, len(s.groups)) // groups along the tour
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(rank[s.groups[a].village], rank[s.groups[b].village])
	})
	want := slices.Clone(s.left)
	give := make([][]chunk, len(s.Teams)) // by team: what it is given, along the tour
	for _, piece := range s.pieces() {
		t := s.chooseTeam(order, want, piece)
		if t < 0 {
			continue
		}
		n := piece.size[t]
		for _, g := range order {
			if k := min(n, want[g]); k > 0 && s.may(g, t) {
				give[t] = append(give[t], chunk{g, k})
				want[g] -= k
				n -= k
			}
			if n == 0 {
				break
			}
		}
		piece.done[t] = true
	}
	for t := range s.Teams {
		s.fill(t, give[t])
	}
}

// piece is one round of cutting: how many jobs each team would take, and who has had its piece in this round.
type piece struct {
	size []int
	done []bool
}

// pieces gives one piece per team so that loads become even, or, with a grain, as few pieces as possible to the teams with the least to do.
func (s *state) pieces() []piece {
	total := s.short()
	free := make([]int, len(s.Teams))
	for t := range s.Teams {
		for d := range s.Days {
			free[t] += s.space[t*s.Days+d]
		}
	}
	size := make([]int, len(s.Teams))
	load := slices.Clone(s.load)
	for total > 0 {
		least := -1
		for t := range s.Teams {
			if free[t] > 0 && (least < 0 || load[t] < load[least]) {
				least = t
			}
		}
		if least < 0 {
			break
		}
		n := min(s.grain(), total, free[least])
		size[least] += n
		load[least] += n
		free[least] -= n
		total -= n
	}
	shared := piece{size: size, done: make([]bool, len(s.Teams))}
	var out []piece
	for t := range s.Teams {
		if size[t] > 0 {
			out = append(out, shared)
		}
	}
	return out
}

// chooseTeam picks who takes the next piece of the line: the team that is let go to most of it; among equals the one that is already there,
// then the one that is kept from most villages, because it is the hardest to place later.
func (s *state) chooseTeam(order, want []int, p piece) int {
	best, bestKey := -1, [3]int{}
	for t := range s.Teams {
		if p.done[t] || p.size[t] == 0 {
			continue
		}
		n, may, there, seen := p.size[t], 0, 0, 0
		for _, g := range order {
			if want[g] == 0 {
				continue
			}
			k := min(n-seen, want[g])
			seen += k
			if s.may(g, t) {
				may += k
				if s.isThere(t, s.groups[g].village) {
					there += k
				}
			}
			if seen == n {
				break
			}
		}
		kept := 0
		for v := range s.Villages {
			if s.closed[v][t] {
				kept++
			}
		}
		if key := [3]int{may * 1000 / max(1, seen), there, kept}; best < 0 || slices.Compare(key[:], bestKey[:]) > 0 {
			best, bestKey = t, key
		}
	}
	return best
}

func (s *state) isThere(team, village int) bool {
	for _, u := range s.Teams[team].Used {
		if slices.Contains(u.Villages, village) {
			return true
		}
	}
	return false
}

// fill puts chunks into a team's days: agreed days first, the others one after the other. What does not fit is left.
func (s *state) fill(team int, give []chunk) {
	for _, c := range give {
		if d := s.groups[c.group].day; d >= 0 {
			s.put(team*s.Days+d, c.group, c.n)
		}
	}
	day := 0
	for _, c := range give {
		if s.groups[c.group].day >= 0 {
			continue
		}
		n := c.n
		// First where the team goes anyway: days that were there before, days of appointments.
		for d := 0; d < s.Days && n > 0; d++ {
			if node := team*s.Days + d; d != day && !s.groups[c.group].remote && s.goes(node, s.groups[c.group].village) {
				n -= s.put(node, c.group, n)
			}
		}
		for d := day; d < s.Days && n > 0; d++ {
			if k := s.put(team*s.Days+d, c.group, n); k > 0 {
				n -= k
				day = d
			}
		}
		for d := 0; d < day && n > 0; d++ {
			n -= s.put(team*s.Days+d, c.group, n)
		}
	}
}

// put places as many of n jobs of a group as a node takes and gives their number.
func (s *state) put(node, g, n int) int {
	n = min(n, s.space[node])
	if n <= 0 || !s.fits(g, node) {
		return 0
	}
	s.add(node, g, n)
	return n
}
