package solve_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ruhu/internal/assign/solve"
)

// small draws a problem of a size that the oracle can search through.
func small(t *rapid.T, villagesPerDay, reciprocal bool) solve.Problem {
	p := solve.Problem{PerDay: rapid.IntRange(1, 3).Draw(t, "perDay"), Days: rapid.IntRange(1, 3).Draw(t, "days"), Reciprocal: reciprocal}
	if villagesPerDay {
		p.VillagesPerDay = rapid.IntRange(1, 2).Draw(t, "villagesPerDay")
	}
	nv, nt := rapid.IntRange(0, 4).Draw(t, "villages"), rapid.IntRange(0, 3).Draw(t, "teams")
	seat := &solve.Point{}
	for v := range nv {
		village := solve.Village{Area: v, Seat: seat}
		if rapid.Bool().Draw(t, "where") {
			village.Where = &solve.Point{X: float64(rapid.IntRange(0, 20).Draw(t, "x")), Y: float64(rapid.IntRange(0, 20).Draw(t, "y"))}
		}
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			job := solve.Job{Day: max(-1, rapid.IntRange(-6, p.Days-1).Draw(t, "day")), Remote: rapid.IntRange(0, 6).Draw(t, "remote") == 0}
			if nt > 0 && rapid.IntRange(0, 5).Draw(t, "ban") == 0 {
				job.Not = append(job.Not, solve.Ban{Team: rapid.IntRange(0, nt-1).Draw(t, "banned"), Rule: solve.Kin})
			}
			village.Jobs = append(village.Jobs, job)
		}
		p.Villages = append(p.Villages, village)
	}
	for range nt {
		team := solve.Team{Closed: make([]solve.Rule, nv), Used: make([]solve.Day, p.Days)}
		for v := range nv {
			if rapid.IntRange(0, 4).Draw(t, "closed") == 0 {
				team.Closed[v] = solve.Home
			}
		}
		if nv > 0 && rapid.IntRange(0, 2).Draw(t, "from") > 0 {
			team.From = append(team.From, rapid.IntRange(0, nv-1).Draw(t, "area"))
		}
		for d := range p.Days {
			switch rapid.IntRange(0, 7).Draw(t, "used") {
			case 0:
				team.Used[d].Off = true
			case 1:
				team.Used[d].Jobs = rapid.IntRange(1, p.PerDay).Draw(t, "n")
				team.Load += team.Used[d].Jobs
				if nv > 0 && rapid.Bool().Draw(t, "elsewhere") {
					team.Used[d].Villages = []int{rapid.IntRange(0, nv-1).Draw(t, "village")}
				}
			}
		}
		p.Teams = append(p.Teams, team)
	}
	return p
}

// oracle searches for a plan job by job. It shares no code with the solver.
func oracle(p solve.Problem) bool {
	type job struct{ v, j int }
	var jobs []job
	for v := range p.Villages {
		for j := range p.Villages[v].Jobs {
			jobs = append(jobs, job{v, j})
		}
	}
	n := make([][]int, len(p.Teams))
	at := make([][]map[int]int, len(p.Teams))
	for t := range p.Teams {
		n[t], at[t] = make([]int, p.Days), make([]map[int]int, p.Days)
		for d, u := range p.Teams[t].Used {
			n[t][d], at[t][d] = u.Jobs, map[int]int{}
			for _, v := range u.Villages {
				at[t][d][v]++
			}
		}
	}
	sent := map[[2]int]int{}
	steps := 0
	var place func(i int) bool
	place = func(i int) bool {
		if i == len(jobs) {
			return true
		}
		if steps++; steps > 300_000 {
			panic("too large for the oracle")
		}
		v, job := jobs[i].v, p.Villages[jobs[i].v].Jobs[jobs[i].j]
		for t, team := range p.Teams {
			if team.Closed[v] != 0 || slices.ContainsFunc(job.Not, func(b solve.Ban) bool { return b.Team == t }) {
				continue
			}
			swap := false
			for _, a := range team.From {
				swap = swap || p.Reciprocal && a != p.Villages[v].Area && sent[[2]int{p.Villages[v].Area, a}] > 0
			}
			if swap {
				continue
			}
			for d := range p.Days {
				if job.Day >= 0 && job.Day != d || team.Used[d].Off || n[t][d] >= p.PerDay {
					continue
				}
				m := at[t][d]
				if !job.Remote && p.VillagesPerDay > 0 && m[v] == 0 && len(m) >= p.VillagesPerDay {
					continue
				}
				n[t][d]++
				if !job.Remote {
					m[v]++
				}
				for _, a := range team.From {
					sent[[2]int{a, p.Villages[v].Area}]++
				}
				if place(i + 1) {
					return true
				}
				for _, a := range team.From {
					sent[[2]int{a, p.Villages[v].Area}]--
				}
				n[t][d]--
				if !job.Remote {
					if m[v]--; m[v] == 0 {
						delete(m, v)
					}
				}
			}
		}
		return false
	}
	return place(0)
}

// holds says which rule a plan breaks, "" for none.
func holds(p solve.Problem, visits []solve.Visit) string {
	type slot struct{ team, day int }
	n, at, seen := map[slot]int{}, map[slot][]int{}, map[[2]int]bool{}
	sent := map[[2]int]bool{}
	for t, team := range p.Teams {
		for d, u := range team.Used {
			n[slot{t, d}], at[slot{t, d}] = u.Jobs, slices.Clone(u.Villages)
		}
	}
	for _, v := range p.Visited {
		for _, a := range p.Teams[v.Team].From {
			sent[[2]int{a, v.Area}] = true
		}
	}
	jobs := 0
	for _, v := range p.Villages {
		jobs += len(v.Jobs)
	}
	if len(visits) != jobs {
		return "not every job once"
	}
	for _, v := range visits {
		job, s := p.Villages[v.Village].Jobs[v.Job], slot{v.Team, v.Day}
		switch {
		case seen[[2]int{v.Village, v.Job}]:
			return "a job twice"
		case p.Teams[v.Team].Closed[v.Village] != 0:
			return "a closed village"
		case slices.ContainsFunc(job.Not, func(b solve.Ban) bool { return b.Team == v.Team }):
			return "a banned team"
		case p.Teams[v.Team].Used[v.Day].Off:
			return "a day off"
		case job.Day >= 0 && job.Day != v.Day:
			return "an appointment"
		}
		seen[[2]int{v.Village, v.Job}] = true
		if n[s]++; n[s] > p.PerDay {
			return "households a day"
		}
		if !job.Remote && !slices.Contains(at[s], v.Village) {
			at[s] = append(at[s], v.Village)
			if p.VillagesPerDay > 0 && len(at[s]) > p.VillagesPerDay {
				return "villages a day"
			}
		}
		for _, a := range p.Teams[v.Team].From {
			if area := p.Villages[v.Village].Area; a != area {
				sent[[2]int{a, area}] = true
			}
		}
	}
	for pair := range sent {
		if p.Reciprocal && sent[[2]int{pair[1], pair[0]}] {
			return "a swap"
		}
	}
	return ""
}

// with adds teams that nothing keeps away.
func with(p solve.Problem, teams int) solve.Problem {
	p.Teams = slices.Clone(p.Teams)
	for range teams {
		p.Teams = append(p.Teams, solve.Team{Closed: make([]solve.Rule, len(p.Villages)), Used: make([]solve.Day, p.Days)})
	}
	return p
}

func check(t *rapid.T, p solve.Problem, exact bool) {
	r := p.Solve()
	possible := oracle(p)
	if len(r.Shortages) == 0 {
		if !possible {
			t.Fatal("a plan where there is none")
		}
		if broken := holds(p, r.Visits); broken != "" {
			t.Fatalf("the plan breaks %s", broken)
		}
		if diff := cmp.Diff(r, p.Solve()); diff != "" {
			t.Fatalf("not deterministic: %s", diff)
		}
		return
	}
	if len(r.Visits) > 0 {
		t.Fatal("half a plan")
	}
	teams := 0
	for _, s := range r.Shortages {
		if len(s.Villages) == 0 || s.Short < 1 || s.TeamDays < 1 || (s.AtLeast > 0) != s.Proven || s.AtLeast > s.TeamDays || s.Jobs < s.Short {
			t.Fatalf("a shortage that explains nothing: %+v", s)
		}
		if s.Proven && possible {
			t.Fatalf("proven, but there is a plan: %+v", s)
		}
		if exact && !s.Proven {
			t.Fatalf("not proven: %+v", s)
		}
		teams += s.NewTeams
	}
	if possible {
		t.Fatalf("a plan was not found: %+v", r.Shortages)
	}
	if got := with(p, teams).Solve(); len(got.Shortages) > 0 {
		t.Fatalf("%d teams more are not enough: %+v then %+v", teams, r.Shortages, got.Shortages)
	}
	for _, rule := range r.Shortages[0].Rules {
		if !oracle(drop(p, rule)) {
			t.Fatalf("dropping rule %b does not help", rule)
		}
	}
}

// drop takes a rule out of a problem.
func drop(p solve.Problem, r solve.Rule) solve.Problem {
	p.Teams, p.Villages = slices.Clone(p.Teams), slices.Clone(p.Villages)
	switch r {
	case solve.Home:
		for i := range p.Teams {
			p.Teams[i].Closed = make([]solve.Rule, len(p.Villages))
		}
	case solve.Swap:
		p.Reciprocal = false
	case solve.Villages:
		p.VillagesPerDay = 0
	}
	for v := range p.Villages {
		p.Villages[v].Jobs = slices.Clone(p.Villages[v].Jobs)
		for j := range p.Villages[v].Jobs {
			if r == solve.Appointment {
				p.Villages[v].Jobs[j].Day = -1
			}
			if r == solve.Kin {
				p.Villages[v].Jobs[j].Not = nil
			}
		}
	}
	return p
}

func TestAPlanIsFoundWheneverOneExists(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { check(t, small(t, false, false), true) })
}

func TestAPlanHoldsTheVillagesOfADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { check(t, small(t, true, false), false) })
}

func TestAPlanHasNoSwaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { check(t, small(t, false, true), false) })
}
