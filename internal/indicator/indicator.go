package indicator

import (
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Determination is a case: a household that may have been wrongly included, missed or wrongly exited.
type Determination struct {
	County     string      `json:"-"`
	ID         string      `json:"id"`
	Campaign   string      `json:"campaign_id"`
	Kind       string      `json:"kind"` // as in the playbook
	Household  string      `json:"household_id"`
	Village    region.Code `json:"village_code"`
	Source     Source      `json:"source"` // rule, hand
	State      State       `json:"state"`
	Grounds    []Ground    `json:"grounds"`
	Persons    int         `json:"persons"` // whom it concerns
	Checks     []CaseCheck `json:"checks"`  // who has had a say in this round, in order
	Round      int         `json:"round"`
	Submission string      `json:"submission_id"`
	Revision   int         `json:"revision"`
	DataClear  bool        `json:"data_clear"` // by a newer form there are no grounds any more
	AppealBy   db.Date     `json:"appeal_by"`
	AppealedBy string      `json:"-"` // account that took the appeal down
	OpenedAt   db.Time     `json:"opened_at"`
	ChangedAt  db.Time     `json:"changed_at"`
	Version    int         `json:"version"` // sent back as seen

	// Filled on reading.
	HouseholdCode string `json:"household_code"`
	HeadName      string `json:"head_name"`
	Class         string `json:"class"`
	Group         string `json:"group"`
	VillageName   string `json:"village_name"`
	Size          int    `json:"size"`

	today db.Date
}

// Source says how a suspicion arose.
type Source string

// The sources.
const (
	ByRule Source = "rule"
	ByHand Source = "hand"
)

// Ground is a rule that holds, with its figures.
type Ground struct {
	Rule    string         `json:"rule"`
	Title   playbook.Text  `json:"title"`
	Figures []GroundFigure `json:"figures"`
}

// GroundFigure is one condition of a rule, as it was met.
type GroundFigure struct {
	Indicator string        `json:"indicator"`
	Title     playbook.Text `json:"title"`
	Value     float64       `json:"value"`
	Op        string        `json:"op"`
	Limit     float64       `json:"limit"`
}

// CaseCheck is what one person said of a case in a round: verifiers, then who decided.
type CaseCheck struct {
	Step    Action `json:"step"`
	Account string `json:"account"`
	Name    string `json:"name"`
	Holds   bool   `json:"holds"`
}

// same reports whether two sets of grounds name the same rules.
func same(a, b []Ground) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(g Ground) bool { return !named(b, g.Rule) })
}

func named(gs []Ground, rule string) bool {
	return slices.ContainsFunc(gs, func(g Ground) bool { return g.Rule == rule })
}

// grounds are the rules of a kind that hold for a household of this class with these figures.
func grounds(plan *playbook.Playbook, k playbook.DeterminationKind, class string, figures map[string]float64, titles map[string]playbook.Text) []Ground {
	out := []Ground{}
	if !slices.Contains(k.Classes, class) {
		return out
	}
	for _, r := range k.Rules {
		if len(r.Classes) > 0 && !slices.Contains(r.Classes, class) {
			continue
		}
		g := Ground{Rule: r.Code, Title: r.Title, Figures: []GroundFigure{}}
		for _, c := range r.All {
			x, known := figures[c.Indicator]
			limit := plan.Limit(c)
			if !known || !c.Holds(x, limit) {
				break
			}
			g.Figures = append(g.Figures, GroundFigure{c.Indicator, titles[c.Indicator], x, c.Op, limit})
		}
		if len(g.Figures) == len(r.All) {
			out = append(out, g)
		}
	}
	return out
}

// next finds the arrow for an action of actor, in a campaign. Returns Invalid "indicator.action", Forbidden "authz.forbidden", "indicator.role",
// Conflict "indicator.wrong_state", "indicator.same_person", "indicator.verifier", "indicator.appeal_late".
func (x Determination) next(actor authz.Actor, c survey.Campaign, a Action) (step, error) {
	i := slices.IndexFunc(steps, func(s step) bool { return s.action == a })
	if i < 0 {
		return step{}, errs.Invalid.New("indicator.action", "action", string(a))
	}
	s := steps[i]
	if err := actor.Require(s.needs); err != nil {
		return s, err
	}
	if !slices.Contains(s.from, x.State) {
		return s, errs.Conflict.New("indicator.wrong_state", "state", string(x.State), "action", string(a))
	}
	rules := c.Plan.Determinations
	kind, _ := rules.Kind(x.Kind)
	spoken := slices.ContainsFunc(x.Checks, func(k CaseCheck) bool { return k.Account == actor.ID })
	switch a {
	case CheckIt:
		if !slices.Contains(rules.Verify, string(actor.Role)) {
			return s, errs.Forbidden.New("indicator.role")
		}
		if spoken {
			return s, errs.Conflict.New("indicator.same_person")
		}
	case Decide, Dismiss:
		if !slices.Contains(rules.Decide, string(actor.Role)) {
			return s, errs.Forbidden.New("indicator.role")
		}
		if spoken && !(kind.County && a == Decide) { // the county is the second pair of eyes
			return s, errs.Conflict.New("indicator.verifier")
		}
		if a == Decide && !kind.County {
			s.to = Confirmed
		}
	case Confirm, Reject, Return:
		if spoken {
			return s, errs.Conflict.New("indicator.same_person")
		}
	case Appeal:
		if x.AppealBy == "" || x.AppealBy < x.today {
			return s, errs.Conflict.New("indicator.appeal_late", "date", string(x.AppealBy))
		}
	case Uphold, Overturn:
		if x.AppealedBy == actor.ID || spoken {
			return s, errs.Conflict.New("indicator.same_person")
		}
	case Reopen:
	}
	return s, nil
}

// May lists what actor may do with it now.
func (x Determination) may(actor authz.Actor, c survey.Campaign) []Action {
	out := []Action{}
	for _, s := range steps {
		if _, err := x.next(actor, c, s.action); err == nil {
			out = append(out, s.action)
		}
	}
	return out
}

// weigh gives the state after the checks of a round: as many equal ones as are needed decide; one that differs sends the case back.
func weigh(checks []CaseCheck, needs int) (to State, again bool) {
	for _, k := range checks {
		if k.Holds != checks[0].Holds {
			return Suspected, true
		}
	}
	switch {
	case len(checks) < needs:
		return Checked, false
	case checks[0].Holds:
		return Verified, false
	}
	return Dismissed, false
}

// Told is the payload of indicator.confirmed and indicator.withdrawn: what may be known outside from now on.
type Told struct {
	Campaign      string        `json:"campaign"`
	Determination string        `json:"determination"`
	Kind          string        `json:"kind"`
	Title         playbook.Text `json:"title"`
	Household     string        `json:"household"`
	Village       region.Code   `json:"village"`
	Persons       int           `json:"persons"`
	Consequence   string        `json:"consequence"` // correction, clearance
	Severity      string        `json:"severity"`
	Responsible   string        `json:"responsible"` // "": the ledger's
	DueDays       int           `json:"due_days"`    // 0: the ledger's
}

// The events.
const (
	EventConfirmed = "indicator.confirmed"
	EventWithdrawn = "indicator.withdrawn"
)

func (x Determination) told(k playbook.DeterminationKind) Told {
	return Told{x.Campaign, x.ID, x.Kind, k.Title, x.Household, x.Village, x.Persons, k.Consequence, k.Severity, k.Responsible, k.DueDays}
}
