package playbook

import (
	"fmt"
	"slices"

	"ruhu/internal/authz"
)

// Determinations says how it is found out that a household was wrongly included, missed or wrongly exited (错评、漏评、错退; S0.11, S0.12,
// S0.18): which figures of a form raise a suspicion, who verifies it, who decides, and what follows.
type Determinations struct {
	Independent bool                `yaml:"independent"`                      // who reviewed the form does not verify
	Verify      []string            `yaml:"verify" check:"required"`          // roles
	Decide      []string            `yaml:"decide" check:"required"`          // roles that decide for the township
	AppealDays  int                 `yaml:"appeal_days" check:"max=60,min=0"` // working days for an appeal after it was confirmed; 0: none is taken
	Kinds       []DeterminationKind `yaml:"kinds" check:"required"`
}

// DeterminationKind is one of the three determinations.
type DeterminationKind struct {
	Code        string          `yaml:"code" check:"required,one=wrongly_included|missed|wrongly_exited"`
	Title       Text            `yaml:"title" check:"required"`
	Classes     []string        `yaml:"classes" check:"required"`      // of the households that it can be said of
	Rules       []SuspicionRule `yaml:"rules"`                         // any one is enough; none: by hand only
	Persons     string          `yaml:"persons"`                       // indicator: how many persons it concerns; "": the whole household
	Verifiers   int             `yaml:"verifiers" check:"min=2,max=5"` // persons who must agree; 0: DefaultVerifiers
	County      bool            `yaml:"county"`                        // the county confirms
	Consequence string          `yaml:"consequence" check:"required,one=correction|clearance"`
	Severity    string          `yaml:"severity" check:"required"` // of the ledger item that follows
	Responsible string          `yaml:"responsible"`               // "": the ledger's
	DueDays     int             `yaml:"due_days" check:"min=0,max=1000"`
}

// SuspicionRule raises a suspicion when all its conditions hold.
type SuspicionRule struct {
	Code    string      `yaml:"code" check:"required,code"`
	Title   Text        `yaml:"title" check:"required"`
	Classes []string    `yaml:"classes"` // "": all of the kind
	All     []Condition `yaml:"all" check:"required"`
}

// Condition compares an indicator with a number. A figure that was not asked for meets no condition.
type Condition struct {
	Indicator string  `yaml:"indicator" check:"required"`
	Op        string  `yaml:"op" check:"required,one=is|below|at_most|above|at_least"`
	Value     float64 `yaml:"value"`
	Threshold string  `yaml:"threshold"` // in the place of a value
}

// The kinds and consequences.
const (
	WronglyIncluded = "wrongly_included"
	Missed          = "missed"
	WronglyExited   = "wrongly_exited"

	Correction = "correction" // on the correction list for the national system
	Clearance  = "clearance"  // cleared from it by procedure (清退)
)

// DefaultVerifiers is used where a playbook says nothing: two persons, because one may err or be asked to.
const DefaultVerifiers = 2

// Asked reports whether the campaign makes determinations.
func (d Determinations) Asked() bool { return len(d.Kinds) > 0 }

// Kind finds a kind by its code.
func (d Determinations) Kind(code string) (DeterminationKind, bool) {
	i := slices.IndexFunc(d.Kinds, func(k DeterminationKind) bool { return k.Code == code })
	if i < 0 {
		return DeterminationKind{}, false
	}
	return d.Kinds[i], true
}

// Needs is how many persons must agree.
func (k DeterminationKind) Needs() int {
	if k.Verifiers == 0 {
		return DefaultVerifiers
	}
	return k.Verifiers
}

// Limit is the number that a condition compares with.
func (p *Playbook) Limit(c Condition) float64 {
	if i := slices.IndexFunc(p.Thresholds, func(t Threshold) bool { return t.Code == c.Threshold }); c.Threshold != "" && i >= 0 {
		return p.Thresholds[i].Value
	}
	return c.Value
}

// Holds reports whether figure x meets the condition, whose number is limit.
func (c Condition) Holds(x, limit float64) bool {
	switch c.Op {
	case "is":
		return x == limit
	case "below":
		return x < limit
	case "at_most":
		return x <= limit
	case "above":
		return x > limit
	case "at_least":
		return x >= limit
	}
	return false
}

// determinations checks the section; the forms have been read.
func (d *decoder) determinations(pb *Playbook) {
	s := pb.Determinations
	line, written := d.lines["determinations"]
	if !written {
		return
	}
	if pb.Switches.Purpose == Statistical {
		d.mistake(line, "determinations", "playbook.determine_statistical")
	}
	d.actingRoles(pb, s.Verify, "determinations.verify", authz.DetermineVerify, nil)
	d.actingRoles(pb, s.Decide, "determinations.decide", authz.DetermineDecide, nil)
	d.once("determinations.kinds", len(s.Kinds), func(i int) string { return s.Kinds[i].Code })
	for i, k := range s.Kinds {
		at := fmt.Sprintf("determinations.kinds[%d]", i)
		d.classes(pb, k.Classes, at+".classes")
		d.indicator(pb, k.Classes, k.Persons, at+".persons")
		var severities []string
		for _, v := range pb.Ledger.Severities {
			severities = append(severities, v.Code)
		}
		d.known(at+".severity", k.Severity, severities, "playbook.unknown_severity")
		d.known(at+".responsible", k.Responsible, pb.Ledger.Responsibles, "playbook.unknown_responsible")
		d.once(at+".rules", len(k.Rules), func(j int) string { return k.Rules[j].Code })
		for j, r := range k.Rules {
			d.rule(pb, k, r, fmt.Sprintf("%s.rules[%d]", at, j))
		}
	}
}

func (d *decoder) rule(pb *Playbook, k DeterminationKind, r SuspicionRule, at string) {
	for i, c := range r.Classes {
		d.known(fmt.Sprintf("%s.classes[%d]", at, i), c, k.Classes, "playbook.determine_class")
	}
	var thresholds []string
	for _, t := range pb.Thresholds {
		thresholds = append(thresholds, t.Code)
	}
	classes := r.Classes
	if len(classes) == 0 {
		classes = k.Classes
	}
	for i, c := range r.All {
		key := fmt.Sprintf("%s.all[%d]", at, i)
		d.indicator(pb, classes, c.Indicator, key+".indicator")
		d.known(key+".threshold", c.Threshold, thresholds, "playbook.unknown_threshold")
		_, value := d.lines[key+".value"]
		if value == (c.Threshold != "") {
			d.mistake(d.lines[key], key, "playbook.determine_limit")
		}
	}
}

// classes checks a list of household classes.
func (d *decoder) classes(pb *Playbook, list []string, at string) {
	var known []string
	for _, c := range pb.Scope.Classes {
		known = append(known, c.Code)
	}
	for i, c := range list {
		d.known(fmt.Sprintf("%s[%d]", at, i), c, known, "playbook.unknown_class")
	}
}

// indicator checks that some form of these classes (of all when there are none) has the indicator.
func (d *decoder) indicator(pb *Playbook, classes []string, name, at string) {
	var known []string
	for _, f := range pb.Forms {
		if len(classes) > 0 && !slices.ContainsFunc(f.For, func(c string) bool { return slices.Contains(classes, c) }) {
			continue
		}
		for _, x := range f.Indicators {
			known = append(known, x.Name)
		}
	}
	d.known(at, name, known, "playbook.unknown_indicator")
}

// limits are the thresholds that rules of determinations name.
func (d Determinations) limits() []string {
	var out []string
	for _, k := range d.Kinds {
		for _, r := range k.Rules {
			for _, c := range r.All {
				out = append(out, c.Threshold)
			}
		}
	}
	return out
}
