package solve

import "slices"

// Rule is a reason for which something is not possible. Rules are bits: several may close the same village to a team.
type Rule uint

// The rules.
const (
	Home        Rule = 1 << iota // a member lives there (S3.4)
	Workplace                    // a member works there
	Responsible                  // a member is responsible for the village
	Kin                          // a member has kin there
	Township                     // a member is of the township, and teams work in another one (S4.5)
	Refused                      // the team has given the household back
	Swap                         // the village sends a team to where this team is from
	Villages                     // villages a day (S2.8)
	Appointment                  // the day is agreed on
	Capacity                     // households a day (S3.4)
)

// Rules lists all of them, for callers that put them into words.
var Rules = []Rule{Home, Workplace, Responsible, Kin, Township, Refused, Swap, Villages, Appointment, Capacity}

// Point is a place on a plane, in kilometres.
type Point struct{ X, Y float64 }

// Job is a household to plan.
type Job struct {
	Day    int  // index of the day agreed on; -1 is any
	Remote bool // reached by telephone and the like: no way, no village-day (S3.8)
	Not    []Ban
}

// Ban keeps one team from one job.
type Ban struct {
	Team int
	Rule Rule
}

// Village is a place with its jobs in walking order.
type Village struct {
	Jobs  []Job
	Area  int    // what Reciprocal speaks of: the village, or its township
	Where *Point // nil is not known
	Seat  *Point // of the township: where days begin and end; nil is not known
}

// Day is what a team's day holds already.
type Day struct {
	Off      bool // the team does not work on it
	Jobs     int
	Villages []int // that the jobs need a way to
}

// Team is a team and what it does already.
type Team struct {
	Closed []Rule // by village; 0 is open
	From   []int  // areas that its members are from
	Used   []Day  // by day
	Load   int    // jobs that it has in all, for the evenness; on other days too
}

// Problem is what a plan is computed from.
type Problem struct {
	Villages       []Village
	Teams          []Team
	Days           int
	PerDay         int
	VillagesPerDay int // 0 is no limit
	Reciprocal     bool
	// Visits that are there already, as pairs of team and area, for Reciprocal.
	Visited []Pair
	// Grain is the smallest piece that a team is given, where it matters: 1 for a plan from nothing, PerDay for the rest of one, so
	// that fifty households of a team that dropped out do not go to fifty teams. 0 is 1.
	Grain int
}

// Pair is a team and an area.
type Pair struct{ Team, Area int }

// Visit is one answer: indexes into the Problem.
type Visit struct{ Village, Job, Team, Day int }

// Shortage says why there is no plan.
type Shortage struct {
	Villages []int
	Jobs     int    // wanted in these villages
	Short    int    // more than can be done
	Teams    int    // that may do some of them; 0: nobody may go
	TeamDays int    // that are enough when they are added, with teams that nothing keeps away
	AtLeast  int    // team-days that are needed in any case; equal to TeamDays: exact; 0 when nothing is proven
	NewTeams int    // teams that are enough, working on every day
	Rules    []Rule // each of these, dropped alone, would make a plan possible
	Proven   bool   // no plan exists; else none was found
}

// Result is a plan, or why there is none. Either Visits or Shortages is empty.
type Result struct {
	Visits    []Visit // by village and job
	Shortages []Shortage
}

func (p Problem) grain() int { return max(1, p.Grain) }

// room is how many more jobs a team's day holds.
func (p Problem) room(team, day int) int {
	u := p.Teams[team].Used[day]
	if u.Off {
		return 0
	}
	return max(0, p.PerDay-u.Jobs)
}

// without gives the problem as it would be if one rule were dropped.
func (p Problem) without(r Rule) Problem {
	switch r {
	case Swap:
		p.Reciprocal = false
	case Villages:
		p.VillagesPerDay = 0
	}
	p.Teams, p.Villages = slices.Clone(p.Teams), slices.Clone(p.Villages)
	for i, t := range p.Teams {
		p.Teams[i].Closed = slices.Clone(t.Closed)
		for v := range t.Closed {
			p.Teams[i].Closed[v] &^= r
		}
	}
	for i, v := range p.Villages {
		p.Villages[i].Jobs = slices.Clone(v.Jobs)
		for j, job := range v.Jobs {
			if r == Appointment {
				p.Villages[i].Jobs[j].Day = -1
			}
			p.Villages[i].Jobs[j].Not = slices.DeleteFunc(slices.Clone(job.Not), func(b Ban) bool { return b.Rule&^r == 0 })
		}
	}
	return p
}
