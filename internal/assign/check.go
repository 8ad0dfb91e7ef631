package assign

import (
	"slices"

	"ruhu/internal/assign/solve"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// check gives the first rule that a plan breaks because of the visits that changed; nil when they hold all. all is the whole plan after the
// change, by assignment id. Days that were too full before and are not touched are not its business.
func (r *rules) check(all map[string]Assignment, changed []string) *errs.Error {
	for _, id := range changed {
		if err := r.checkOne(all[id]); err != nil {
			return err
		}
	}
	touched := map[offDay]bool{}
	for _, id := range changed {
		touched[offDay{all[id].Team, all[id].Date}] = true
	}
	count, villages := map[offDay]int{}, map[offDay][]region.Code{}
	for _, a := range all {
		k := offDay{a.Team, a.Date}
		if !touched[k] || a.State == Replaced {
			continue
		}
		count[k]++
		if r.agreed[a.Household].Remote == "" && !slices.Contains(villages[k], a.Village) {
			villages[k] = append(villages[k], a.Village)
		}
	}
	for _, id := range changed {
		a := all[id]
		k := offDay{a.Team, a.Date}
		if count[k] > r.HouseholdsPerDay {
			return r.broken(solve.Capacity, r.teams[a.Team], a.Village, "date", a.Date, "limit", r.HouseholdsPerDay)
		}
		if n := r.VillagesPerDay; n > 0 && len(villages[k]) > n {
			return r.broken(solve.Villages, r.teams[a.Team], a.Village, "date", a.Date, "limit", n)
		}
	}
	return r.checkSwaps(all, changed)
}

func (r *rules) checkOne(a Assignment) *errs.Error {
	t := r.teams[a.Team]
	if t.Dropped {
		return errs.Conflict.New("assign.dropped", "team", t.Name)
	}
	if why, off := r.isOff(a.Team, a.Date); off {
		return errs.Conflict.New("assign.day_off", "team", t.Name, "date", a.Date, "reason", why)
	}
	if r.holidays[a.Date] {
		return errs.Conflict.New("assign.not_working", "date", a.Date)
	}
	if rule := firstRule(r.closed(t, a.Village) | r.banned(a.Team, a.Household)); rule != 0 {
		return r.broken(rule, t, a.Village)
	}
	if day := r.agreed[a.Household].Day; day != "" && day != a.Date {
		return r.broken(solve.Appointment, t, a.Village, "date", day)
	}
	return nil
}

// checkSwaps looks for a pair of areas that send teams to each other, one of them in a visit that changed.
func (r *rules) checkSwaps(all map[string]Assignment, changed []string) *errs.Error {
	if r.NoSwaps == "" {
		return nil
	}
	sent := map[[2]region.Code]bool{}
	for _, a := range all {
		if a.State == Replaced {
			continue
		}
		for _, from := range r.from(r.teams[a.Team]) {
			sent[[2]region.Code{from, r.area(a.Village)}] = true
		}
	}
	for _, id := range changed {
		a := all[id]
		to := r.area(a.Village)
		for _, from := range r.from(r.teams[a.Team]) {
			if from != to && sent[[2]region.Code{to, from}] {
				return r.broken(solve.Swap, r.teams[a.Team], a.Village)
			}
		}
	}
	return nil
}

// working lists the days from one to another that are planned on: all, or with holidays those without.
func (r *rules) working(from, to db.Date) []db.Date {
	var out []db.Date
	for d := from; d <= to; d = d.AddDays(1) {
		if !r.holidays[d] {
			out = append(out, d)
		}
	}
	return out
}
