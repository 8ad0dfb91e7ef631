package solve

import (
	"fmt"
	"slices"
)

// group is jobs of a village that are alike: the same day, the same way, the same teams kept away.
type group struct {
	village int
	day     int
	remote  bool
	not     []bool // by team; nil is nobody
	jobs    []int
}

// chunk is jobs of one group on one team's day.
type chunk struct{ group, n int }

// state is a plan in the making. A node is a team's day: team*Days + day.
type state struct {
	Problem
	groups []group
	closed [][]bool  // by village and team
	space  []int     // by node: jobs that still fit
	here   [][]chunk // by node
	load   []int     // by team, with what was there before
	left   []int     // by group: jobs without a place
	free   bool      // leave VillagesPerDay out of account
	proven bool      // VillagesPerDay or Reciprocal were searched to the end
}

func newState(p Problem, closed [][]bool) *state {
	s := &state{Problem: p, closed: closed, groups: p.groups()}
	s.clear()
	return s
}

// groups puts alike jobs together, in the order of villages and first jobs.
func (p Problem) groups() []group {
	var out []group
	for v, village := range p.Villages {
		at := map[string]int{}
		for j, job := range village.Jobs {
			key := fmt.Sprint(job.Day, job.Remote)
			var not []bool
			if len(job.Not) > 0 {
				not = make([]bool, len(p.Teams))
				for _, b := range job.Not {
					not[b.Team] = true
				}
				key += fmt.Sprint(not)
			}
			g, ok := at[key]
			if !ok {
				g = len(out)
				at[key] = g
				out = append(out, group{village: v, day: job.Day, remote: job.Remote, not: not})
			}
			out[g].jobs = append(out[g].jobs, j)
		}
	}
	return out
}

// clear takes every job off the plan.
func (s *state) clear() {
	s.space, s.here = make([]int, len(s.Teams)*s.Days), make([][]chunk, len(s.Teams)*s.Days)
	s.load, s.left = make([]int, len(s.Teams)), make([]int, len(s.groups))
	for t, team := range s.Teams {
		s.load[t] = team.Load
		for d := range s.Days {
			s.space[t*s.Days+d] = s.room(t, d)
		}
	}
	for g := range s.groups {
		s.left[g] = len(s.groups[g].jobs)
	}
}

// may reports whether a team may do the jobs of a group at all.
func (s *state) may(g, team int) bool {
	gr := &s.groups[g]
	return !s.closed[gr.village][team] && (gr.not == nil || !gr.not[team])
}

// fits reports whether a group may come to a node, leaving its room out of account.
func (s *state) fits(g, node int) bool {
	gr := &s.groups[g]
	day := node % s.Days
	if gr.day >= 0 && gr.day != day || !s.may(g, node/s.Days) || s.Teams[node/s.Days].Used[day].Off {
		return false
	}
	return gr.remote || s.free || s.VillagesPerDay == 0 || s.goes(node, gr.village) || s.villages(node) < s.VillagesPerDay
}

// goes reports whether a node already has a way to a village.
func (s *state) goes(node, village int) bool {
	if slices.Contains(s.Teams[node/s.Days].Used[node%s.Days].Villages, village) {
		return true
	}
	return slices.ContainsFunc(s.here[node], func(c chunk) bool {
		return s.groups[c.group].village == village && !s.groups[c.group].remote
	})
}

// villages counts the villages that a node has a way to.
func (s *state) villages(node int) int {
	used := s.Teams[node/s.Days].Used[node%s.Days].Villages
	n := len(used)
	for i, c := range s.here[node] {
		v := s.groups[c.group].village
		if s.groups[c.group].remote || slices.Contains(used, v) || slices.ContainsFunc(s.here[node][:i], func(b chunk) bool {
			return s.groups[b.group].village == v && !s.groups[b.group].remote
		}) {
			continue
		}
		n++
	}
	return n
}

// at gives how many jobs of a group are at a node.
func (s *state) at(node, g int) int {
	for _, c := range s.here[node] {
		if c.group == g {
			return c.n
		}
	}
	return 0
}

// add puts n jobs of a group on a node, or takes them off when n is negative; left is kept.
func (s *state) add(node, g, n int) {
	if n == 0 {
		return
	}
	s.space[node] -= n
	s.load[node/s.Days] += n
	s.left[g] -= n
	i := slices.IndexFunc(s.here[node], func(c chunk) bool { return c.group == g })
	if i < 0 {
		s.here[node] = append(s.here[node], chunk{g, n})
		return
	}
	if s.here[node][i].n += n; s.here[node][i].n == 0 {
		s.here[node] = slices.Delete(s.here[node], i, i+1)
	}
}

// short is how many jobs have no place.
func (s *state) short() int {
	n := 0
	for _, l := range s.left {
		n += l
	}
	return n
}

// visits numbers the jobs: the first jobs of a group go to the first days.
func (s *state) visits() []Visit {
	next := make([]int, len(s.groups))
	var out []Visit
	for d := range s.Days {
		for t := range s.Teams {
			for _, c := range s.here[t*s.Days+d] {
				for range c.n {
					g := s.groups[c.group]
					out = append(out, Visit{g.village, g.jobs[next[c.group]], t, d})
					next[c.group]++
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Visit) int {
		if a.Village != b.Village {
			return a.Village - b.Village
		}
		return a.Job - b.Job
	})
	return out
}
