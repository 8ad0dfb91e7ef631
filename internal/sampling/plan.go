package sampling

import (
	"slices"

	"ruhu/internal/playbook"
	"ruhu/internal/sampling/draw"
)

// planOf writes a playbook's design as a plan to draw by.
func planOf(s playbook.Sampling) draw.Plan {
	p := draw.Plan{
		Design: s.Design, Method: s.Method, CertaintyCounts: s.CertaintyCounts, ShortfallOrder: s.ShortfallOrder,
		Groups: []draw.Group{}, Quotas: []draw.Quota{}, Certainty: []draw.Certainty{},
	}
	if p.Method == "" {
		p.Method = draw.SRS
	}
	if p.ShortfallOrder == nil {
		p.ShortfallOrder = []string{}
	}
	for _, g := range s.Groups {
		p.Groups = append(p.Groups, draw.Group{Code: g.Code, Villages: g.Villages, Households: g.Households})
	}
	if r := s.VillageTypes.Rule; r == draw.Allocate || r == draw.Both {
		p.TypeRule = r
		for _, t := range s.VillageTypes.Types {
			p.Types = append(p.Types, draw.Type{Code: t.Code, Share: t.Share})
		}
	}
	for _, q := range s.Quotas {
		d := draw.Quota{Code: q.Code, Households: q.Households, Classes: q.Classes}
		if q.Priority.Any() {
			d.Priority = &draw.Priority{
				Stratum: q.Code + "_priority", Other: q.Code + "_other",
				Classes: some(q.Priority.Classes), Tags: some(q.Priority.Tags), MinOther: q.Priority.MinOther,
			}
		}
		p.Quotas = append(p.Quotas, d)
	}
	for _, c := range s.Certainty {
		p.Certainty = append(p.Certainty, draw.Certainty{Code: c.Code, Quota: c.Quota, Classes: some(c.Classes), Tags: some(c.Tags)})
	}
	return p
}

func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// relevant keeps the tags that the plan asks about: the published frame holds nothing else about a household.
func relevant(p draw.Plan, tags []string) []string {
	var out []string
	asks := func(t string) bool {
		for _, c := range p.Certainty {
			if slices.Contains(c.Tags, t) {
				return true
			}
		}
		for _, q := range p.Quotas {
			if q.Priority != nil && slices.Contains(q.Priority.Tags, t) {
				return true
			}
		}
		return false
	}
	for _, t := range tags {
		if asks(t) && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// inPlan reports whether households of the class can be drawn at all.
func inPlan(p draw.Plan, class string) bool {
	for _, q := range p.Quotas {
		if slices.Contains(q.Classes, class) {
			return true
		}
	}
	for _, c := range p.Certainty {
		if slices.Contains(c.Classes, class) {
			return true
		}
	}
	return false
}

// Design is a playbook's design for the screen.
type Design struct {
	Design           string            `json:"design"`
	Method           string            `json:"method"`
	Groups           []DesignGroup     `json:"groups"`
	TypeRule         string            `json:"type_rule"`
	Types            []DesignType      `json:"types"`
	Quotas           []DesignQuota     `json:"quotas"`
	Certainty        []DesignCertainty `json:"certainty"`
	CertaintyCounts  bool              `json:"certainty_counts"`
	ShortfallOrder   []string          `json:"shortfall_order"`
	SingleUnitStrata string            `json:"single_unit_strata"`
}

// DesignGroup is a kind of township.
type DesignGroup struct {
	Code       string        `json:"code"`
	Title      playbook.Text `json:"title"`
	Villages   int           `json:"villages"`
	Households int           `json:"households"`
	Townships  int           `json:"townships"` // how many the plan counts on; 0: any number
}

// DesignType is a kind of village.
type DesignType struct {
	Code  string        `json:"code"`
	Title playbook.Text `json:"title"`
	Share int           `json:"share"`
}

// DesignQuota is a class of households.
type DesignQuota struct {
	Code       string         `json:"code"`
	Title      playbook.Text  `json:"title"`
	Households int            `json:"households"`
	Priority   *playbook.Text `json:"priority"` // name of those who are drawn first
	MinOther   int            `json:"min_other"`
}

// DesignCertainty is visited whole.
type DesignCertainty struct {
	Code  string        `json:"code"`
	Title playbook.Text `json:"title"`
	Quota string        `json:"quota"`
}

func designOf(s playbook.Sampling) Design {
	p := planOf(s)
	d := Design{
		Design: s.Design, Method: p.Method, TypeRule: p.TypeRule, CertaintyCounts: s.CertaintyCounts, ShortfallOrder: p.ShortfallOrder,
		SingleUnitStrata: s.SingleUnitStrata, Groups: []DesignGroup{}, Types: []DesignType{}, Quotas: []DesignQuota{}, Certainty: []DesignCertainty{},
	}
	if d.SingleUnitStrata == "" {
		d.SingleUnitStrata = "collapse"
	}
	for _, g := range s.Groups {
		d.Groups = append(d.Groups, DesignGroup(g))
	}
	if p.TypeRule != "" {
		for _, t := range s.VillageTypes.Types {
			d.Types = append(d.Types, DesignType(t))
		}
	}
	for _, q := range s.Quotas {
		v := DesignQuota{Code: q.Code, Title: q.Title, Households: q.Households, MinOther: q.Priority.MinOther}
		if q.Priority.Any() {
			v.Priority = &q.Priority.Title
		}
		d.Quotas = append(d.Quotas, v)
	}
	for _, c := range s.Certainty {
		d.Certainty = append(d.Certainty, DesignCertainty{Code: c.Code, Title: c.Title, Quota: c.Quota})
	}
	return d
}
