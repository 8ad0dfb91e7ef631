package playbook

import (
	"fmt"
	"strings"
)

// SuspectPair asks for the persons that one register has and another has not: insured but not registered, on civil affairs'
// list but unknown to the national system. They are suspects, not findings: a visit tells (S0.11, S0.18).
type SuspectPair struct {
	Code  string   `yaml:"code" check:"required,code"`
	Title Text     `yaml:"title" check:"required"`
	In    string   `yaml:"in" check:"required"`     // code of a register, or roster
	NotIn string   `yaml:"not_in" check:"required"` // likewise
	Field string   `yaml:"field"`                   // only records of In whose field
	Any   []string `yaml:"any"`                     // has one of these values
	Class string   `yaml:"class"`                   // under which a household that the base list lacks is listed until the village has looked; "" is ordinary
	Tag   string   `yaml:"tag" check:"code"`        // that households to be visited get, for sampling to name as certain; "" is suspect_missed
}

// SuspectTags is how the tags of suspects begin. Who may not see suspects does not see these tags (S0.18).
const SuspectTags = "suspect_"

// DefaultSuspectTag is the tag of households to be visited because of a suspect.
const DefaultSuspectTag = SuspectTags + "missed"

// VisitTag is the tag that households of the pair get.
func (s SuspectPair) VisitTag() string {
	if s.Tag == "" {
		return DefaultSuspectTag
	}
	return s.Tag
}

// Suspect returns the pair of that code.
func (p *Playbook) Suspect(code string) (*SuspectPair, bool) {
	for i := range p.Suspects {
		if p.Suspects[i].Code == code {
			return &p.Suspects[i], true
		}
	}
	return nil, false
}

// suspects checks that the pairs name registers and fields that there are.
func (d *decoder) suspects(pb *Playbook) {
	d.once("suspects", len(pb.Suspects), func(i int) string { return pb.Suspects[i].Code })
	known, classes := []string{RosterRegister}, []string{}
	for _, c := range pb.Scope.Classes {
		classes = append(classes, c.Code)
	}
	for _, r := range pb.Registers {
		known = append(known, r.Code)
	}
	for i, s := range pb.Suspects {
		at := fmt.Sprintf("suspects[%d]", i)
		d.known(at+".in", s.In, known, "playbook.unknown_register")
		d.known(at+".not_in", s.NotIn, known, "playbook.unknown_register")
		d.known(at+".class", s.Class, classes, "playbook.unknown_class")
		if s.Tag != "" && !strings.HasPrefix(s.Tag, SuspectTags) {
			d.mistake(d.lines[at+".tag"], at+".tag", "playbook.suspects_tag", "got", s.Tag, "prefix", SuspectTags)
		}
		if s.In != "" && s.In == s.NotIn {
			d.mistake(d.lines[at+".not_in"], at+".not_in", "playbook.suspects_same", "got", s.NotIn)
		}
		if s.Field == "" {
			continue
		}
		r, ok := pb.Register(s.In)
		if ok {
			_, ok = r.Field(s.Field)
		}
		if !ok {
			d.mistake(d.lines[at+".field"], at+".field", "playbook.suspects_field", "got", s.Field, "register", s.In)
		}
	}
}
