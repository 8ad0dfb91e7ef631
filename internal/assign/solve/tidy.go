package solve

import "slices"

// load of one team: what it has of each group, along the tour.
func (s *state) given(team int, rank []int) []chunk {
	n := map[int]int{}
	var order []int
	for node := team * s.Days; node < (team+1)*s.Days; node++ {
		for _, c := range s.here[node] {
			if n[c.group] == 0 {
				order = append(order, c.group)
			}
			n[c.group] += c.n
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		if d := rank[s.groups[a].village] - rank[s.groups[b].village]; d != 0 {
			return d
		}
		return a - b
	})
	out := make([]chunk, len(order))
	for i, g := range order {
		out[i] = chunk{g, n[g]}
	}
	return out
}

// empty takes everything off a team's days and gives what was there, for restore.
func (s *state) empty(team int) [][]chunk {
	old := make([][]chunk, s.Days)
	for d := range s.Days {
		node := team*s.Days + d
		old[d] = slices.Clone(s.here[node])
		for _, c := range old[d] {
			s.add(node, c.group, -c.n)
		}
	}
	return old
}

func (s *state) restore(team int, old [][]chunk) {
	s.empty(team)
	for d, cs := range old {
		for _, c := range cs {
			s.add(team*s.Days+d, c.group, c.n)
		}
	}
}

// refill puts give into a team's empty days and reports whether all of it found a place there.
func (s *state) refill(team int, give []chunk) bool {
	before := s.short()
	s.fill(team, give)
	for _, c := range give {
		before -= c.n
	}
	return s.short() == before
}

// keepTogether is what a village more costs a team, in kilometres: people get to know a village.
const keepTogether = 4

// cost of a team: its ways, and its villages.
func (s *state) cost(team int) float64 {
	km := 0.0
	var all []int
	for d := range s.Days {
		day := s.dayVillages(team*s.Days + d)
		km += s.DayWay(day)
		for _, v := range day {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	return km + keepTogether*float64(len(all))
}

// dayVillages lists the villages that a node has a way to.
func (s *state) dayVillages(node int) []int {
	out := slices.Clone(s.Teams[node/s.Days].Used[node%s.Days].Villages)
	for _, c := range s.here[node] {
		if v := s.groups[c.group].village; !s.groups[c.group].remote && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// tidy shortens ways without changing loads: it fills the days of each team anew, and lets pairs of teams exchange as many jobs of one
// village for jobs of another as they can, when both teams together are better off.
func (s *state) tidy(rank []int) {
	for t := range s.Teams {
		s.refit(rank, []int{t}, nil)
	}
	const rounds = 3
	for range rounds {
		better := false
		for t := range s.Teams {
			for u := t + 1; u < len(s.Teams); u++ {
				for s.exchange(rank, t, u) {
					better = true
				}
			}
		}
		if !better {
			return
		}
	}
}

// refit fills teams anew with what they have, changed by change, and keeps the result if it is cheaper.
func (s *state) refit(rank, teams []int, change func(give [][]chunk)) bool {
	before, after := 0.0, 0.0
	give, old := make([][]chunk, len(teams)), make([][][]chunk, len(teams))
	for i, t := range teams {
		before += s.cost(t)
		give[i] = s.given(t, rank)
	}
	if change != nil {
		change(give)
	}
	for i, t := range teams {
		old[i] = s.empty(t)
	}
	ok := true
	for i, t := range teams {
		ok = ok && s.refill(t, give[i])
	}
	for _, t := range teams {
		after += s.cost(t)
	}
	if ok && after < before-1e-9 {
		return true
	}
	for i, t := range teams {
		s.restore(t, old[i])
	}
	return false
}

// exchange lets two teams swap; true when they did and are better off.
func (s *state) exchange(rank []int, t, u int) bool {
	a, b := s.given(t, rank), s.given(u, rank)
	for _, x := range a {
		for _, y := range b {
			gx, gy := s.groups[x.group], s.groups[y.group]
			if gx.village == gy.village || gx.remote || gy.remote || gx.day >= 0 || gy.day >= 0 || !s.may(x.group, u) || !s.may(y.group, t) {
				continue
			}
			n := min(x.n, y.n)
			// Worth a trial only if somebody is rid of a village, or both get what they have already.
			if n < x.n && n < y.n || !holds(s, a, gy.village) && !holds(s, b, gx.village) && s.between(gx.village, gy.village) == 0 {
				continue
			}
			if !holds(s, a, gy.village) && !holds(s, b, gx.village) {
				continue
			}
			if s.refit(rank, []int{t, u}, func(give [][]chunk) {
				give[0] = shiftChunk(shiftChunk(give[0], x.group, -n), y.group, n)
				give[1] = shiftChunk(shiftChunk(give[1], y.group, -n), x.group, n)
				s.alongTour(give[0], rank)
				s.alongTour(give[1], rank)
			}) {
				return true
			}
		}
	}
	return false
}

func (s *state) alongTour(give []chunk, rank []int) {
	slices.SortStableFunc(give, func(a, b chunk) int { return rank[s.groups[a.group].village] - rank[s.groups[b.group].village] })
}

func holds(s *state, give []chunk, village int) bool {
	return slices.ContainsFunc(give, func(c chunk) bool { return s.groups[c.group].village == village })
}

func shiftChunk(give []chunk, g, n int) []chunk {
	i := slices.IndexFunc(give, func(c chunk) bool { return c.group == g })
	if i < 0 {
		return append(give, chunk{g, n})
	}
	if give[i].n += n; give[i].n == 0 {
		give = slices.Delete(give, i, i+1)
	}
	return give
}

// evict makes room where VillagesPerDay stands in the way: it moves all jobs of one village from a team's day to other days so that a village
// without a place can come. It stops when nothing helps.
func (s *state) evict() {
	for g := range s.groups {
		for s.left[g] > 0 && s.evictFor(g) {
		}
	}
}

func (s *state) evictFor(g int) bool {
	for node := range s.here {
		gr := s.groups[g]
		if gr.day >= 0 && gr.day != node%s.Days || !s.may(g, node/s.Days) || s.Teams[node/s.Days].Used[node%s.Days].Off {
			continue
		}
		for _, v := range s.dayVillages(node) {
			if v == gr.village {
				continue
			}
			if s.tryEvict(g, node, v) {
				return true
			}
		}
	}
	return false
}

// tryEvict moves village v away from node; true when jobs of g then found a place there and none lost theirs.
func (s *state) tryEvict(g, node, v int) bool {
	short := s.short()
	space, load, left := slices.Clone(s.space), slices.Clone(s.load), slices.Clone(s.left)
	here := make([][]chunk, len(s.here))
	for i := range here {
		here[i] = slices.Clone(s.here[i])
	}
	var out []chunk
	for _, c := range here[node] {
		if s.groups[c.group].village == v && !s.groups[c.group].remote {
			s.add(node, c.group, -c.n)
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		s.put(node, g, s.left[g])
		for _, c := range out {
			n := c.n
			for other := 0; other < len(s.here) && n > 0; other++ {
				n -= s.put(other, c.group, n)
			}
		}
		if s.short() < short {
			return true
		}
	}
	s.space, s.load, s.left, s.here = space, load, left, here
	return false
}
