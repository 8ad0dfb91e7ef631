package assign

import (
	"cmp"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

// planVillage is a village with the households that are to be visited, in walking order.
type planVillage struct {
	code       region.Code
	households []string
}

// planTeam is a team and the villages where its members live.
type planTeam struct {
	id    string
	homes []region.Code
}

// slot is a team's day.
type slot struct {
	team, day int
}

// problem is what a plan is computed from. It is pure: the same problem gives the same visits.
type problem struct {
	villages []planVillage // by code
	teams    []planTeam    // in the order in which work is offered
	days     []db.Date
	perDay   int
	taken    map[slot]int // visits that stay as they are
	ownOK    bool         // the playbook allows a team in its own village
}

// visit is one answer: household of a village, by index.
type visit struct {
	household string
	village   int
	slot
}

// shortage says why there is no plan. teams == 0: nobody may go there.
type shortage struct {
	villages   []int
	households int // wanted in these villages
	short      int // more than the teams that may go there can visit
	teams      int
	teamDays   int // missing
}

// solve gives every household a team and a day, or says why it can't. Either visits or shortages is empty.
//
// First it plans in whole days, so that a team's day has one village. Where that does not fit, it plans in households
// and lets a day have more than one village.
func (p problem) solve() ([]visit, []shortage) {
	may := p.may()
	whole := p.wholeDays(may)
	if whole.complete() {
		return p.placeDays(whole), nil
	}
	t := p.households(may, whole)
	villages, teams := t.maximise()
	if t.complete() {
		return p.placeHouseholds(t), nil
	}
	return nil, p.shortages(t, may, villages, teams)
}

func (p problem) may() [][]bool {
	may := make([][]bool, len(p.villages))
	for v, village := range p.villages {
		may[v] = make([]bool, len(p.teams))
		for t, team := range p.teams {
			may[v][t] = p.ownOK || !slices.Contains(team.homes, village.code)
		}
	}
	return may
}

// room is how many more visits a team's day holds.
func (p problem) room(s slot) int { return max(0, p.perDay-p.taken[s]) }

// wholeDays plans in units of a team's free day. It begins with a guess that spreads the work evenly and keeps a village with
// few teams, and mends the guess to a maximum.
func (p problem) wholeDays(may [][]bool) *transport {
	demand, room := make([]int, len(p.villages)), make([]int, len(p.teams))
	total := 0
	for v, village := range p.villages {
		demand[v] = (len(village.households) + p.perDay - 1) / p.perDay
		total += demand[v]
	}
	for team := range p.teams {
		for day := range p.days {
			if p.taken[slot{team, day}] == 0 {
				room[team]++
			}
		}
	}
	t := newTransport(demand, room, may)
	if len(p.teams) == 0 {
		return t
	}
	target := (total + len(p.teams) - 1) / len(p.teams)
	order := make([]int, len(demand))
	for v := range order {
		order[v] = v
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(demand[b], demand[a]) })
	for _, v := range order {
		for t.given[v] < demand[v] {
			team := t.offer(v, target)
			if team < 0 {
				break
			}
			t.add(v, team, min(demand[v]-t.given[v], room[team]-t.load[team], max(1, target-t.load[team])))
		}
	}
	t.maximise()
	return t
}

// offer chooses the team for the rest of a village: one that can take all of it without passing the target, else the one with the
// least to do. -1 when no team that may go there has room.
func (t *transport) offer(v, target int) int {
	best, bestFits := -1, false
	rest := t.demand[v] - t.given[v]
	for team, ok := range t.may[v] {
		if !ok || t.load[team] >= t.room[team] {
			continue
		}
		fits := t.load[team]+rest <= min(target, t.room[team])
		if best < 0 || fits && !bestFits || fits == bestFits && t.load[team] < t.load[best] {
			best, bestFits = team, fits
		}
	}
	return best
}

// households plans in single visits, beginning with what the whole days gave.
func (p problem) households(may [][]bool, whole *transport) *transport {
	demand, room := make([]int, len(p.villages)), make([]int, len(p.teams))
	for v, village := range p.villages {
		demand[v] = len(village.households)
	}
	for team := range p.teams {
		for day := range p.days {
			room[team] += p.room(slot{team, day})
		}
	}
	t := newTransport(demand, room, may)
	for v := range whole.flow {
		for team, days := range whole.flow[v] {
			if n := min(days*p.perDay, demand[v]-t.given[v]); n > 0 {
				t.add(v, team, n)
			}
		}
	}
	return t
}

// placeDays turns team-days into visits. A village's households are spread evenly over its days.
func (p problem) placeDays(t *transport) []visit {
	free := make([]int, len(p.teams)) // next day to look at, per team
	var out []visit
	for v, village := range p.villages {
		var slots []slot
		for team, n := range t.flow[v] {
			for range n {
				for p.taken[slot{team, free[team]}] > 0 {
					free[team]++
				}
				slots = append(slots, slot{team, free[team]})
				free[team]++
			}
		}
		slices.SortFunc(slots, func(a, b slot) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.team, b.team)) })
		for i, s := range slots {
			from, to := i*len(village.households)/len(slots), (i+1)*len(village.households)/len(slots)
			for _, h := range village.households[from:to] {
				out = append(out, visit{h, v, s})
			}
		}
	}
	return out
}

// placeHouseholds fills each team's days one after the other, village by village.
func (p problem) placeHouseholds(t *transport) []visit {
	next := make([]int, len(p.villages)) // first household without a visit
	var out []visit
	for team := range p.teams {
		day, left := 0, p.room(slot{team, 0})
		for v := range p.villages {
			for range t.flow[v][team] {
				for left == 0 {
					day++
					left = p.room(slot{team, day})
				}
				out = append(out, visit{p.villages[v].households[next[v]], v, slot{team, day}})
				next[v]++
				left--
			}
		}
	}
	return out
}

// shortages reads the minimum cut. Villages that nobody may visit are told apart from those that lack team-days.
func (p problem) shortages(t *transport, may [][]bool, villages, teams []bool) []shortage {
	var out []shortage
	var rest shortage
	for v, in := range villages {
		if !in {
			continue
		}
		n := len(p.villages[v].households)
		if !slices.Contains(may[v], true) {
			out = append(out, shortage{villages: []int{v}, households: n, short: n, teamDays: (n + p.perDay - 1) / p.perDay})
			continue
		}
		rest.villages = append(rest.villages, v)
		rest.households += n
		rest.short += n - t.given[v]
	}
	for _, in := range teams {
		if in {
			rest.teams++
		}
	}
	if rest.short > 0 {
		rest.teamDays = (rest.short + p.perDay - 1) / p.perDay
		out = append(out, rest)
	}
	return out
}
