package assign

import (
	"slices"

	"ruhu/internal/assign/solve"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// Tie is what binds a person to a village, or with Household (户编号) to one household there. The home village is not a tie: it is part of
// the account.
type Tie struct {
	Kind      string        `json:"kind"` // workplace, responsible, kin
	Village   region.Region `json:"village"`
	Household string        `json:"household"` // only with kin; "" is the whole village
	Note      string        `json:"note"`
}

// rules is everything that limits a plan of one campaign.
type rules struct {
	playbook.Team
	teams    map[string]Team
	off      map[offDay]string          // reason, by day of a team
	agreed   map[string]Arrangement     // by household id
	refused  map[refusal]bool           // households that teams gave back
	code     map[string]string          // 户编号 by household id, for kin
	holidays map[db.Date]bool           // days without work, with days: working
	names    map[region.Code]string     // of villages
	kin      map[string]map[string]bool // team → 户编号 of kin
}

// offDay is a day of a team; team "" is everybody.
type offDay struct {
	team string
	day  db.Date
}

type refusal struct{ household, team string }

// isOff reports whether a team does not work on a day, and why.
func (r *rules) isOff(team string, day db.Date) (why string, off bool) {
	if why, off = r.off[offDay{team, day}]; off {
		return why, true
	}
	why, off = r.off[offDay{"", day}]
	return why, off
}

// closed gives the rules that keep a team from a village.
func (r *rules) closed(t Team, v region.Code) (out solve.Rule) {
	for _, m := range t.Members {
		if r.OwnVillage == playbook.Forbidden && slices.Contains(m.home, v) {
			out |= solve.Home
		}
		if r.Cross == playbook.ByTownship && slices.Contains(m.townships(), v.Parent()) {
			out |= solve.Township
		}
		for _, tie := range m.Ties {
			if tie.Village.Code == v && tie.Household == "" && slices.Contains(r.Ties, tie.Kind) {
				out |= tieRule[tie.Kind]
			}
		}
	}
	return out
}

var tieRule = map[string]solve.Rule{playbook.TieWorkplace: solve.Workplace, playbook.TieResponsible: solve.Responsible, playbook.TieKin: solve.Kin}

// townships that a member is of: where they live, and the place of their account unless the county sent them.
func (m Member) townships() []region.Code {
	var out []region.Code
	if m.HomeVillage != "" {
		out = append(out, m.HomeVillage.Parent())
	}
	switch {
	case m.FromCounty:
	case m.Region.Level() == region.Township:
		out = append(out, m.Region)
	case m.Region.Level() == region.Village:
		out = append(out, m.Region.Parent())
	}
	return out
}

// banned gives the rules that keep a team from one household of a village that is open to it.
func (r *rules) banned(team, household string) (out solve.Rule) {
	if r.refused[refusal{household, team}] {
		out |= solve.Refused
	}
	if r.kin[team][r.code[household]] {
		out |= solve.Kin
	}
	return out
}

// setKin finds the households that are kin of a team's members.
func (r *rules) setKin(hs []roster.Household) {
	r.kin, r.code = map[string]map[string]bool{}, map[string]string{}
	for id, t := range r.teams {
		for _, m := range t.Members {
			for _, tie := range m.Ties {
				if tie.Household != "" && slices.Contains(r.Ties, tie.Kind) {
					if r.kin[id] == nil {
						r.kin[id] = map[string]bool{}
					}
					r.kin[id][tie.Household] = true
				}
			}
		}
	}
	for _, h := range hs {
		r.code[h.ID] = h.Code
	}
}

// area is what no_swaps speaks of.
func (r *rules) area(v region.Code) region.Code {
	if r.NoSwaps == playbook.ByTownship {
		return v.Parent()
	}
	return v
}

// from lists the areas that a team is of, for no_swaps.
func (r *rules) from(t Team) []region.Code {
	var out []region.Code
	for _, m := range t.Members {
		if r.NoSwaps == playbook.ByTownship {
			out = append(out, m.townships()...)
		} else if m.HomeVillage != "" {
			out = append(out, m.HomeVillage)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// broken explains a rule in an error; team, village and the rest are what the sentence speaks of.
func (r *rules) broken(rule solve.Rule, t Team, v region.Code, kv ...any) *errs.Error {
	return errs.Conflict.New(ruleCode[rule], append(kv, "team", t.Name, "village", r.names[v])...)
}

// ruleCode is the error, and the name on the board, of each rule.
var ruleCode = map[solve.Rule]string{
	solve.Home:        "assign.own_village",
	solve.Workplace:   "assign.rule_workplace",
	solve.Responsible: "assign.rule_responsible",
	solve.Kin:         "assign.rule_kin",
	solve.Township:    "assign.rule_township",
	solve.Refused:     "assign.rule_refused",
	solve.Swap:        "assign.rule_swap",
	solve.Villages:    "assign.rule_villages",
	solve.Appointment: "assign.rule_appointment",
	solve.Capacity:    "assign.capacity",
}

// firstRule gives one of several, in the order of solve.Rules.
func firstRule(all solve.Rule) solve.Rule {
	for _, r := range solve.Rules {
		if all&r != 0 {
			return r
		}
	}
	return 0
}
