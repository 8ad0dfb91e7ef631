package solve

import (
	"cmp"
	"slices"
)

// search walks from jobs to the team-days that they may come to, to the jobs that are there, and so on.
type search struct {
	byGroup []int // node that a group was pushed out of; source or unseen
	byNode  []int // group that came to a node; unseen
	fresh   []int // by team: nodes not seen yet
	teams   []int // in the order in which they are asked
	queue   []int
}

const (
	unseen = -1
	source = -2
)

func (s *state) search() *search {
	q := &search{byGroup: make([]int, len(s.groups)), byNode: make([]int, len(s.here)), fresh: make([]int, len(s.Teams)), teams: make([]int, len(s.Teams))}
	for i := range q.byGroup {
		q.byGroup[i] = unseen
	}
	for i := range q.byNode {
		q.byNode[i] = unseen
	}
	for t := range q.teams {
		q.teams[t], q.fresh[t] = t, s.Days
	}
	slices.SortStableFunc(q.teams, func(a, b int) int { return cmp.Compare(s.load[a], s.load[b]) })
	return q
}

// walk goes on until end accepts a node for the group that comes to it, and gives that node; -1 when everything within reach was seen.
func (s *state) walk(q *search, end func(g, node int) bool) int {
	for len(q.queue) > 0 {
		g := q.queue[0]
		q.queue = q.queue[1:]
		for _, t := range q.teams {
			if q.fresh[t] == 0 || !s.may(g, t) {
				continue
			}
			from, to := t*s.Days, (t+1)*s.Days
			if d := s.groups[g].day; d >= 0 {
				from, to = from+d, from+d+1
			}
			for node := from; node < to; node++ {
				if q.byNode[node] != unseen || !s.fits(g, node) {
					continue
				}
				q.byNode[node] = g
				q.fresh[t]--
				if end(g, node) {
					return node
				}
				for _, c := range s.here[node] {
					if q.byGroup[c.group] == unseen {
						q.byGroup[c.group] = node
						q.queue = append(q.queue, c.group)
					}
				}
			}
		}
	}
	return -1
}

// augment places jobs that have no place along paths until there is no path. The search that found none is the minimum cut when
// VillagesPerDay is left out of account. The plan may be complete: then the result is nil.
func (s *state) augment() *search {
	for s.short() > 0 {
		q := s.search()
		for g, n := range s.left {
			if n > 0 {
				q.byGroup[g] = source
				q.queue = append(q.queue, g)
			}
		}
		end := s.walk(q, func(_, node int) bool { return s.space[node] > 0 })
		if end < 0 {
			return q
		}
		n := s.space[end]
		g := q.byNode[end]
		for q.byGroup[g] != source {
			n = min(n, s.at(q.byGroup[g], g))
			g = q.byNode[q.byGroup[g]]
		}
		s.shift(q, end, min(n, s.left[g]))
	}
	return nil
}

// shift moves n jobs along the path that ends at node.
func (s *state) shift(q *search, node, n int) {
	for {
		g := q.byNode[node]
		from := q.byGroup[g]
		if from >= 0 {
			s.add(from, g, -n)
		}
		s.add(node, g, n)
		if from < 0 {
			return
		}
		node = from
	}
}

// level moves jobs along paths from the teams with the most to those with the least to do, until no two teams differ by more than the grain
// or nothing moves any more. Every step makes the sum of the squared loads smaller, so it ends.
func (s *state) level() {
	stuck := make([]bool, len(s.Teams))
	for {
		top := -1
		for t := range s.Teams {
			if !stuck[t] && (top < 0 || s.load[t] > s.load[top]) {
				top = t
			}
		}
		if top < 0 {
			return
		}
		if s.load[top]-slices.Min(s.load) <= s.grain() {
			return
		}
		if !s.relieve(top) {
			stuck[top] = true
		}
	}
}

// spread is how much more the busiest team has than the idlest.
func (s *state) spread() int {
	if len(s.load) == 0 {
		return 0
	}
	return slices.Max(s.load) - slices.Min(s.load)
}

func (s *state) relieve(top int) bool {
	q := s.search()
	for node := top * s.Days; node < (top+1)*s.Days; node++ {
		q.byNode[node] = source // never an end or a step
		for _, c := range s.here[node] {
			if q.byGroup[c.group] == unseen {
				q.byGroup[c.group] = node
				q.queue = append(q.queue, c.group)
			}
		}
	}
	q.fresh[top] = 0
	end := s.walk(q, func(_, node int) bool {
		return s.space[node] > 0 && s.load[node/s.Days]+max(2, s.grain()) <= s.load[top]
	})
	if end < 0 {
		return false
	}
	n := min(s.space[end], (s.load[top]-s.load[end/s.Days])/2)
	for node := end; ; {
		from := q.byGroup[q.byNode[node]]
		n = min(n, s.at(from, q.byNode[node]))
		if from/s.Days == top {
			break
		}
		node = from
	}
	for node := end; ; {
		g := q.byNode[node]
		from := q.byGroup[g]
		s.add(from, g, -n)
		s.add(node, g, n)
		if from/s.Days == top {
			return true
		}
		node = from
	}
}
