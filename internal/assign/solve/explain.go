package solve

import "slices"

// explain says why there is no plan. found is the best that was found.
func (p Problem) explain(found *state) []Shortage {
	relaxed := newState(p, p.closed())
	relaxed.free = true
	relaxed.line(p.tour())
	cut := relaxed.augment()
	var out []Shortage
	if cut != nil {
		out = relaxed.shortages(cut)
	}
	if p.VillagesPerDay > 0 || p.Reciprocal {
		// The cut leaves two rules out of account: what they need on top of it is what found lacks more.
		more := found.unplaced()
		for _, s := range out {
			more.Short -= s.Short
			more.TeamDays -= s.TeamDays
			more.NewTeams -= s.NewTeams
		}
		if more.Short > 0 || more.TeamDays > 0 || more.NewTeams > 0 {
			more.Short, more.TeamDays, more.NewTeams = max(1, more.Short), max(1, more.TeamDays), max(1, more.NewTeams)
			if more.Proven = cut == nil && (found.proven || p.villageDaysLack()); more.Proven {
				more.AtLeast = 1
			}
			out = append(out, more)
		}
	}
	rules := p.blame()
	for i := range out {
		out[i].Rules = rules
	}
	return out
}

// shortages reads the minimum cut. Villages that nobody may visit are told apart from those that lack team-days.
func (s *state) shortages(cut *search) []Shortage {
	var out []Shortage
	rest := Shortage{Proven: true}
	nobody, lack := map[int][]chunk{}, []chunk(nil)
	for g, from := range cut.byGroup {
		if from == unseen {
			continue
		}
		v := s.groups[g].village
		c := chunk{g, s.left[g]}
		if !s.anybody(g) {
			nobody[v] = append(nobody[v], c)
			continue
		}
		if !slices.Contains(rest.Villages, v) {
			rest.Villages = append(rest.Villages, v)
		}
		rest.Jobs += len(s.groups[g].jobs)
		rest.Short += s.left[g]
		lack = append(lack, c)
	}
	for v := range s.Villages {
		if cs := nobody[v]; cs != nil {
			one := Shortage{Villages: []int{v}, Proven: true}
			for _, c := range cs {
				one.Jobs += c.n
			}
			one.Short = one.Jobs
			out = append(out, s.sized(one, cs))
		}
	}
	if rest.Short > 0 {
		for t := range s.Teams {
			if slices.ContainsFunc(cut.byNode[t*s.Days:(t+1)*s.Days], func(g int) bool { return g != unseen }) {
				rest.Teams++
			}
		}
		out = append(out, s.sized(rest, lack))
	}
	return out
}

func (s *state) anybody(g int) bool {
	for t := range s.Teams {
		for d := range s.Days {
			if s.fits(g, t*s.Days+d) && s.room(t, d) > 0 {
				return true
			}
		}
	}
	return false
}

// unplaced is what found no place although the relaxation has a plan.
func (s *state) unplaced() Shortage {
	var out Shortage
	var cs []chunk
	for g, n := range s.left {
		n = min(n, len(s.groups[g].jobs))
		if n == 0 {
			continue
		}
		if v := s.groups[g].village; !slices.Contains(out.Villages, v) {
			out.Villages = append(out.Villages, v)
		}
		out.Jobs += len(s.groups[g].jobs)
		out.Short += n
		cs = append(cs, chunk{g, n})
	}
	for t := range s.Teams {
		if slices.ContainsFunc(cs, func(c chunk) bool { return s.may(c.group, t) }) {
			out.Teams++
		}
	}
	return s.sized(out, cs)
}

// sized counts the team-days that are enough for jobs without a place, by putting them on fresh ones.
func (s *state) sized(out Shortage, cs []chunk) Shortage {
	if out.Proven {
		out.AtLeast = (out.Short + s.PerDay - 1) / s.PerDay
	}
	type fresh struct{ day, space, villages, last int }
	var days []fresh
	slices.SortStableFunc(cs, func(a, b chunk) int { return s.groups[b.group].day - s.groups[a.group].day }) // agreed days first
	for _, c := range cs {
		gr := s.groups[c.group]
		for n := c.n; n > 0; {
			at := slices.IndexFunc(days, func(f fresh) bool {
				return f.space > 0 && (gr.day < 0 || gr.day == f.day) &&
					(gr.remote || s.VillagesPerDay == 0 || f.last == gr.village || f.villages < s.VillagesPerDay)
			})
			if at < 0 {
				days = append(days, fresh{day: gr.day, space: s.PerDay, last: -1})
				at = len(days) - 1
			}
			f := &days[at]
			if !gr.remote && f.last != gr.village {
				f.villages++
				f.last = gr.village
			}
			k := min(n, f.space)
			f.space -= k
			n -= k
		}
	}
	out.TeamDays = len(days)
	same := make([]int, s.Days)
	for _, f := range days {
		if f.day >= 0 {
			same[f.day]++
		}
	}
	out.NewTeams = max((out.TeamDays+s.Days-1)/s.Days, slices.Max(same))
	return out
}

// villageDaysLack proves that VillagesPerDay alone has no plan: even if a day held any number of jobs of a village, the villages need more
// village-days than there are.
func (p Problem) villageDaysLack() bool {
	if p.VillagesPerDay == 0 {
		return false
	}
	q := p
	q.PerDay, q.VillagesPerDay, q.Reciprocal = p.VillagesPerDay, 0, false
	q.Villages, q.Teams = slices.Clone(p.Villages), slices.Clone(p.Teams)
	for v, village := range p.Villages {
		n := 0
		for _, j := range village.Jobs {
			if !j.Remote && j.Day < 0 && len(j.Not) == 0 {
				n++
			}
		}
		q.Villages[v].Jobs = make([]Job, (n+p.PerDay-1)/p.PerDay)
		for i := range q.Villages[v].Jobs {
			q.Villages[v].Jobs[i].Day = -1
		}
	}
	for t, team := range p.Teams {
		q.Teams[t].Used = slices.Clone(team.Used)
		for d, u := range team.Used {
			// A village that the team goes to anyway costs nothing: count it as free again, which only weakens the proof.
			q.Teams[t].Used[d] = Day{Off: u.Off || p.room(t, d) == 0}
		}
	}
	s := newState(q, q.closed())
	s.augment()
	return s.short() > 0
}

// blame lists the rules each of which, dropped alone, would make a plan possible.
func (p Problem) blame() []Rule {
	present := Villages
	if p.VillagesPerDay == 0 {
		present = 0
	}
	if p.Reciprocal {
		present |= Swap
	}
	for _, t := range p.Teams {
		for _, c := range t.Closed {
			present |= c
		}
	}
	for _, v := range p.Villages {
		for _, j := range v.Jobs {
			if j.Day >= 0 {
				present |= Appointment
			}
			for _, b := range j.Not {
				present |= b.Rule
			}
		}
	}
	var out []Rule
	for _, r := range Rules {
		if present&r == 0 {
			continue
		}
		if s, _ := p.without(r).find(); s.short() == 0 {
			out = append(out, r)
		}
	}
	return out
}
