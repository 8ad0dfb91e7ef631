package assign

import (
	"cmp"
	"context"
	"math"
	"slices"

	"ruhu/internal/assign/solve"
	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// task is a household that needs a visit.
type task struct {
	roster.Household
	form survey.FormRef
}

// ground is what a plan is made on.
type ground struct {
	*rules
	list  []Team                // those who work, in order
	days  []db.Date             // that are planned on
	tasks []task                // to be planned: by village, group, code
	taken map[string]Assignment // by household: everything there is
	keep  map[string]bool       // households whose visit stays as it is
	first db.Date               // visits of days before it are overdue

	villages []region.Code // of the problem
	at       map[region.Code]int
	places   map[region.Code]region.Region
	problem  solve.Problem
}

// stays tells whether a plan leaves a visit alone: what is begun or handed in, what was moved by hand as long as that is still allowed, and, when
// only the rest is planned, everything that can be done as it is.
func (g *ground) stays(a Assignment, rest bool) bool {
	if a.State != Open || a.Begun {
		return true
	}
	return (a.Pinned || rest && a.Date >= g.first) && g.checkOne(a) == nil
}

// groundTx reads teams, base list and assignments, and sets the problem.
func (s *Service) groundTx(ctx context.Context, tx *db.Tx, c survey.Campaign, in PlanInput) (*ground, error) {
	teams, err := s.TeamsTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	g := &ground{keep: map[string]bool{}, at: map[region.Code]int{}, first: in.From}
	if g.rules, err = s.rulesTx(ctx, tx, c, in.From, in.To, teams); err != nil {
		return nil, err
	}
	hs, taken, err := s.loadTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	g.taken = taken
	g.setKin(hs)
	for _, t := range teams {
		if !t.Dropped {
			g.list = append(g.list, t)
		}
	}
	g.days = g.working(in.From, in.To)
	slices.SortFunc(hs, func(a, b roster.Household) int {
		return cmp.Or(cmp.Compare(a.Village, b.Village), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Code, b.Code))
	})
	for _, h := range hs {
		a, has := taken[h.ID]
		if has && g.stays(a, in.Rest) {
			g.keep[h.ID] = true
			continue
		}
		if form, ok := c.FormFor(string(h.Class)); ok {
			g.tasks = append(g.tasks, task{h, form})
		}
	}
	for h, a := range taken {
		if a.State != Open { // of households that are no longer in the frame, too
			g.keep[h] = true
		}
	}
	if err := g.placesTx(ctx, tx); err != nil {
		return nil, err
	}
	g.set(in.Rest)
	return g, nil
}

// placesTx names the villages of the problem and finds where they are.
func (g *ground) placesTx(ctx context.Context, tx *db.Tx) error {
	var codes []region.Code
	for _, t := range g.tasks {
		codes = append(codes, t.Village)
	}
	for _, a := range g.taken {
		codes = append(codes, a.Village)
	}
	slices.Sort(codes)
	g.villages = slices.Compact(codes)
	for i, v := range g.villages {
		g.at[v] = i
	}
	all := slices.Clone(g.villages)
	for _, v := range g.villages {
		all = append(all, v.Parent())
	}
	var err error
	if g.places, err = region.PlacesTx(ctx, tx, all); err != nil {
		return err
	}
	g.names = map[region.Code]string{}
	for code, p := range g.places {
		g.names[code] = p.Name
	}
	return nil
}

// set fills the problem.
func (g *ground) set(rest bool) {
	p := &g.problem
	p.Days, p.PerDay, p.VillagesPerDay, p.Reciprocal = len(g.days), g.HouseholdsPerDay, g.VillagesPerDay, g.NoSwaps != ""
	if rest {
		p.Grain = p.PerDay
	}
	areas := map[region.Code]int{}
	area := func(c region.Code) int {
		if _, ok := areas[c]; !ok {
			areas[c] = len(areas)
		}
		return areas[c]
	}
	points := mapped(g.villages, g.places)
	for i, v := range g.villages {
		p.Villages = append(p.Villages, solve.Village{Area: area(g.area(v)), Where: points.village[i], Seat: points.seat[v.Parent()]})
	}
	at := map[string]int{}
	for i, t := range g.list {
		at[t.ID] = i
		team := solve.Team{Closed: make([]solve.Rule, len(g.villages)), Used: make([]solve.Day, len(g.days))}
		for v, code := range g.villages {
			team.Closed[v] = g.closed(t, code)
		}
		for _, a := range g.from(t) {
			team.From = append(team.From, area(a))
		}
		for d, day := range g.days {
			_, team.Used[d].Off = g.isOff(t.ID, day)
		}
		p.Teams = append(p.Teams, team)
	}
	for _, t := range g.tasks {
		v := &p.Villages[g.at[t.Village]]
		job := solve.Job{Day: -1, Remote: g.agreed[t.ID].Remote != ""}
		if day := g.agreed[t.ID].Day; day != "" {
			if job.Day = slices.Index(g.days, day); job.Day < 0 { // agreed on a day that is not planned on: it stands for itself
				job.Day = -1
			}
		}
		for i, team := range g.list {
			if rule := g.banned(team.ID, t.ID); rule != 0 {
				job.Not = append(job.Not, solve.Ban{Team: i, Rule: rule})
			}
		}
		v.Jobs = append(v.Jobs, job)
	}
	for h, a := range g.taken {
		i, works := at[a.Team]
		if !g.keep[h] || !works || a.State == Replaced {
			continue
		}
		team := &p.Teams[i]
		team.Load++
		p.Visited = append(p.Visited, solve.Pair{Team: i, Area: p.Villages[g.at[a.Village]].Area})
		if d := slices.Index(g.days, a.Date); d >= 0 {
			team.Used[d].Jobs++
			if v := g.at[a.Village]; g.agreed[h].Remote == "" && !slices.Contains(team.Used[d].Villages, v) {
				team.Used[d].Villages = append(team.Used[d].Villages, v)
			}
		}
	}
	slices.SortFunc(p.Visited, func(a, b solve.Pair) int { return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Area, b.Area)) })
	p.Visited = slices.Compact(p.Visited)
	for i := range p.Teams {
		for d := range p.Teams[i].Used {
			slices.Sort(p.Teams[i].Used[d].Villages)
		}
	}
}

// mapping is places on a plane.
type mapping struct {
	village []*solve.Point
	seat    map[region.Code]*solve.Point
}

// mapped projects places on a plane around the first one that is known: kilometres, right to a few parts in a thousand within a county. A
// township whose seat is not known has it in the middle of its villages.
func mapped(villages []region.Code, places map[region.Code]region.Region) mapping {
	const kmPerDegree = 111.2
	var origin *region.Region
	point := func(code region.Code) *solve.Point {
		p, ok := places[code]
		if !ok || p.Lat == nil || p.Lon == nil {
			return nil
		}
		if origin == nil {
			origin = &p
		}
		return &solve.Point{X: (*p.Lon - *origin.Lon) * kmPerDegree * math.Cos(*origin.Lat*math.Pi/180), Y: (*p.Lat - *origin.Lat) * kmPerDegree}
	}
	m := mapping{seat: map[region.Code]*solve.Point{}}
	sum := map[region.Code]*[3]float64{}
	for _, v := range villages {
		at := point(v)
		m.village = append(m.village, at)
		if sum[v.Parent()] == nil {
			sum[v.Parent()] = &[3]float64{}
		}
		if at != nil {
			s := sum[v.Parent()]
			s[0], s[1], s[2] = s[0]+at.X, s[1]+at.Y, s[2]+1
		}
	}
	for township, s := range sum {
		if m.seat[township] = point(township); m.seat[township] == nil {
			m.seat[township] = &solve.Point{X: s[0] / max(1, s[2]), Y: s[1] / max(1, s[2])}
		}
	}
	return m
}
