package assign

import (
	"cmp"
	"slices"
	"strings"

	"ruhu/internal/assign/solve"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// explain puts shortages into words.
func (g *ground) explain(short []solve.Shortage, lang string) []Reason {
	out := make([]Reason, 0, len(short)+1)
	for _, sh := range short {
		first := region.Named(g.villages[sh.Villages[0]], g.names[g.villages[sh.Villages[0]]])
		if sh.Teams == 0 {
			r := reason(lang, "assign.plan_nobody_may_go", sh.Jobs, "village", first.Name)
			r.Village = &first
			out = append(out, r)
			continue
		}
		code := "assign.plan_too_few_days"
		if !sh.Proven {
			code = "assign.plan_not_found"
		}
		r := reason(lang, code, sh.TeamDays, "villages", g.villageList(sh.Villages), "number", len(sh.Villages), "households", sh.Jobs,
			"teams", sh.Teams, "short", sh.Short, "room", sh.Jobs-sh.Short, "new_teams", sh.NewTeams)
		if len(sh.Villages) == 1 {
			r.Village = &first
		}
		out = append(out, r)
	}
	if rules := short[0].Rules; len(rules) > 0 {
		var names []string
		for _, r := range rules {
			names = append(names, errs.Conflict.New(ruleName[r]).Message(lang))
		}
		out = append(out, reason(lang, "assign.plan_rules", len(rules), "rules", strings.Join(names, map[bool]string{true: ", ", false: "、"}[lang == "en"])))
	}
	return out
}

// ruleName is the name of each rule that can be dropped.
var ruleName = map[solve.Rule]string{
	solve.Home: "assign.name_home", solve.Workplace: "assign.name_workplace", solve.Responsible: "assign.name_responsible", solve.Kin: "assign.name_kin",
	solve.Township: "assign.name_township", solve.Refused: "assign.name_refused", solve.Swap: "assign.name_swap", solve.Villages: "assign.name_villages",
	solve.Appointment: "assign.name_appointment",
}

func (g *ground) villageList(vs []int) string {
	var names []string
	for i, v := range vs {
		if i == 5 {
			return strings.Join(names, "、") + "…"
		}
		names = append(names, g.names[g.villages[v]])
	}
	return strings.Join(names, "、")
}

// changes compares a target with what is there: visits of a village that go the same way are one line.
func (g *ground) changes(target []Assignment) []Change {
	n := map[Change]int{}
	wanted := map[string]bool{}
	note := func(v region.Code, from, to Place) {
		n[Change{Village: region.Named(v, g.names[v]), From: from, To: to}]++
	}
	for _, a := range target {
		wanted[a.Household] = true
		if old, has := g.taken[a.Household]; !has {
			note(a.Village, Place{}, g.place(a))
		} else if old.Team != a.Team || old.Date != a.Date {
			note(a.Village, g.place(old), g.place(a))
		}
	}
	for h, old := range g.taken {
		if !wanted[h] && !g.keep[h] {
			note(old.Village, g.place(old), Place{})
		}
	}
	out := make([]Change, 0, len(n))
	for c, k := range n {
		c.Households = k
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Village.Code, b.Village.Code), cmp.Compare(a.To.Date, b.To.Date), cmp.Compare(a.To.TeamName, b.To.TeamName),
			cmp.Compare(a.From.Date, b.From.Date), cmp.Compare(a.From.TeamName, b.From.TeamName), cmp.Compare(a.From.Team, b.From.Team))
	})
	return out
}

func (r *rules) place(a Assignment) Place { return Place{a.Team, r.teams[a.Team].Name, a.Date} }

// quality measures a whole plan.
func (g *ground) quality(all []Assignment) (q Quality) {
	q.Least, q.Most = loads(g.list, all)
	days := map[offDay][]int{}
	for _, a := range all {
		v, ok := g.at[a.Village]
		if !ok || g.problem.Villages[v].Where == nil {
			return q
		}
		if k := (offDay{a.Team, a.Date}); a.State != Replaced && g.agreed[a.Household].Remote == "" && !slices.Contains(days[k], v) {
			days[k] = append(days[k], v)
		}
	}
	km := 0.0
	for _, vs := range days {
		slices.Sort(vs)
		km += g.problem.DayWay(vs)
	}
	km = float64(int(km*10+0.5)) / 10
	q.Km = &km
	return q
}

// loads gives the fewest and the most visits of a team.
func loads(teams []Team, all []Assignment) (least, most int) {
	n := map[string]int{}
	for _, a := range all {
		if a.State != Replaced {
			n[a.Team]++
		}
	}
	first := true
	for _, t := range teams {
		if t.Dropped {
			continue
		}
		if first {
			least, most = n[t.ID], n[t.ID]
		}
		first = false
		least, most = min(least, n[t.ID]), max(most, n[t.ID])
	}
	return least, most
}
