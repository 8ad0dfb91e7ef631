package solve

import "slices"

// areas is how many areas there are.
func (p Problem) areas() int {
	n := 0
	for _, v := range p.Villages {
		n = max(n, v.Area+1)
	}
	for _, t := range p.Teams {
		for _, a := range t.From {
			n = max(n, a+1)
		}
	}
	for _, v := range p.Visited {
		n = max(n, v.Area+1)
	}
	return n
}

// traffic counts the jobs that teams from one area do in another: [from][to].
func (s *state) traffic() [][]int {
	n := s.areas()
	out := make([][]int, n)
	for a := range out {
		out[a] = make([]int, n)
	}
	count := func(team, area, jobs int) {
		for _, a := range s.Teams[team].From {
			if a != area {
				out[a][area] += jobs
			}
		}
	}
	for _, v := range s.Visited {
		count(v.Team, v.Area, 1)
	}
	for node, cs := range s.here {
		for _, c := range cs {
			count(node/s.Days, s.Villages[s.groups[c.group].village].Area, c.n)
		}
	}
	return out
}

// Swapped lists the pairs of areas that send teams to each other.
func (s *state) swapped() (out [][2]int) {
	m := s.traffic()
	for a := range m {
		for b := range a {
			if m[a][b] > 0 && m[b][a] > 0 {
				out = append(out, [2]int{a, b})
			}
		}
	}
	return out
}

// close closes every village of area to to the teams from area from.
func (p Problem) close(closed [][]bool, from, to int) [][]bool {
	out := make([][]bool, len(closed))
	for v := range closed {
		out[v] = closed[v]
		if p.Villages[v].Area != to {
			continue
		}
		out[v] = append([]bool(nil), closed[v]...)
		for t, team := range p.Teams {
			for _, a := range team.From {
				if a == from {
					out[v][t] = true
				}
			}
		}
	}
	return out
}

// budget is how many plans are tried for Reciprocal before the search gives up.
const budget = 60

// withoutSwaps looks for a plan in which no two areas send teams to each other. It plans freely and, pair by pair, closes the direction that
// is used less (and, if that leads nowhere, the other one). It also lets each area go to the next ones round the tour only, which can never be
// a swap, and takes the plan with the evenest load.
func (p Problem) withoutSwaps(closed [][]bool, tour []int) *state {
	fixed := newState(p, closed)
	m := fixed.traffic()
	for a := range m {
		for b := range m {
			if m[a][b] > 0 && m[b][a] == 0 { // what is there already decides for its pair
				closed = p.close(closed, b, a)
			}
		}
	}
	left := budget
	best := p.orient(closed, tour, &left)
	best.proven = best.short() > 0 && left > 0 && p.VillagesPerDay == 0
	if best.proven {
		return best
	}
	for _, forward := range []bool{true, false} {
		s := p.attempt(p.round(closed, m, tour, forward), tour, false)
		if s.short() > 0 {
			continue
		}
		s.level()
		best.level()
		if best.short() > 0 || s.spread() < best.spread() {
			best = s
		}
	}
	return best
}

// round closes what does not go the way round.
func (p Problem) round(closed [][]bool, there [][]int, tour []int, forward bool) [][]bool {
	place := make([]int, p.areas())
	for i := range place {
		place[i] = -1
	}
	n := 0
	for _, v := range tour {
		if a := p.Villages[v].Area; place[a] < 0 {
			place[a] = n
			n++
		}
	}
	for a, at := range place { // areas that only send teams
		if at < 0 {
			place[a] = n
			n++
		}
	}
	for a := range place {
		for b := range place {
			far := (place[b] - place[a] + n) % n
			if a == b || there[a][b] > 0 || there[b][a] > 0 || (far <= n/2 && (2*far != n || place[a] < place[b])) == forward {
				continue
			}
			closed = p.close(closed, a, b)
		}
	}
	return closed
}

// orient gives a plan without swaps; with short() > 0 when there is none or the budget is used up.
func (p Problem) orient(closed [][]bool, tour []int, left *int) *state {
	s := p.attempt(closed, tour, false)
	*left--
	if s.short() > 0 || *left <= 0 {
		s.dropSwaps()
		return s
	}
	pairs := s.swapped()
	if len(pairs) == 0 {
		s.settle()
		return s
	}
	m := s.traffic()
	all := closed
	for _, p2 := range pairs {
		a, b := less(m, p2)
		all = p.close(all, a, b)
	}
	if len(pairs) > 1 {
		if t := p.orient(all, tour, left); t.short() == 0 || *left <= 0 {
			return t
		}
	}
	a, b := less(m, pairs[0])
	t := p.orient(p.close(closed, a, b), tour, left)
	if t.short() == 0 || *left <= 0 {
		return t
	}
	return p.orient(p.close(closed, b, a), tour, left)
}

// settle closes one direction of every pair, the one that is not used, so that levelling can't make a swap.
func (s *state) settle() {
	m := s.traffic()
	for a := range m {
		for b := range a {
			if m[a][b] > 0 {
				s.closed = s.close(s.closed, b, a)
			} else {
				s.closed = s.close(s.closed, a, b)
			}
		}
	}
}

// dropSwaps takes the jobs of the less used direction of every swap off the plan: what is left holds the rule.
func (s *state) dropSwaps() {
	for _, pair := range s.swapped() {
		from, to := less(s.traffic(), pair)
		for node := range s.here {
			if !slices.Contains(s.Teams[node/s.Days].From, from) {
				continue
			}
			for _, c := range slices.Clone(s.here[node]) {
				if s.Villages[s.groups[c.group].village].Area == to {
					s.add(node, c.group, -c.n)
				}
			}
		}
	}
}

// less gives the direction with less traffic.
func less(m [][]int, pair [2]int) (from, to int) {
	if m[pair[0]][pair[1]] <= m[pair[1]][pair[0]] {
		return pair[0], pair[1]
	}
	return pair[1], pair[0]
}
