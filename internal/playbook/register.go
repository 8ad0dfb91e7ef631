package playbook

import (
	"fmt"
	"slices"
)

// Register is a kind of list that somebody else keeps: the national system, civil affairs, medical insurance …. A campaign
// imports files of these kinds.
type Register struct {
	Code  string `yaml:"code" check:"required,code"`
	Title Text   `yaml:"title" check:"required"`
	Owner Text   `yaml:"owner" check:"required"` // the department that keeps it
	Unit  string `yaml:"unit" check:"required,one=person|household"`
	Base  bool   `yaml:"base"`                                               // the one that the others are linked to; at most one. Without one the roster is the base
	Copy  string `yaml:"copy" check:"one=county|township|village|household"` // which level's copy of the figures it is (四相符, S1.3)
	// Who is expected in it. A figure is not missing there for a household of another class, nor, in a register that lists only those whom it
	// concerns (civil affairs, disability, school rolls), for anybody who has no row.
	Lists   string          `yaml:"lists" check:"one=all|some"` // "" is all
	Classes []string        `yaml:"classes"`                    // of households; empty is every class
	Fields  []RegisterField `yaml:"fields" check:"required"`
}

// Expects reports whether a household of this class should have a row.
func (r *Register) Expects(class string) bool {
	return r.Lists != ListsSome && (len(r.Classes) == 0 || slices.Contains(r.Classes, class))
}

// ListsSome is Lists of a register of those whom it concerns.
const ListsSome = "some"

// RegisterField is a column that files of a kind are expected to have. Codes of Identity name what links records and people; all
// others are the playbook's own.
type RegisterField struct {
	Code     string   `yaml:"code" check:"required,code"`
	Title    Text     `yaml:"title"`                                                     // may be left out for the codes of Identity
	Kind     string   `yaml:"kind" check:"one=text|number|money|date|year|yes_no|class"` // "" is text; for the codes of Identity it is known
	Required bool     `yaml:"required"`
	Names    []string `yaml:"names"` // headers under which the column is known, beside its title
}

// The kinds of values of a register's or agreement's field. Money is yuan; numbers and money may have decimals.
const (
	KindText   = "text"
	KindNumber = "number"
	KindMoney  = "money"
	KindDate   = "date"
	KindYear   = "year"
	KindYesNo  = "yes_no"
	KindClass  = "class" // of households: 脱贫户 and the like

	KindIDNumber = "id_number"
	KindPhone    = "phone"
	KindName     = "name"
	KindSex      = "sex"
	KindVillage  = "village"
)

// Identity holds the fields that say who a record is about, with their kinds. Their meaning is fixed: name, id_number, birth, sex,
// relation (to the head) and phone of the person; village (name or code), township and group; household_key, the number that the
// rows of one household share; case_key, the number of a case of benefits; head_name and head_id_number of the household's head.
var Identity = map[string]string{
	"name": KindName, "id_number": KindIDNumber, "birth": KindDate, "sex": KindSex, "relation": KindText, "phone": KindPhone,
	"village": KindVillage, "township": KindText, "group": KindText, "household_key": KindText, "case_key": KindText,
	"head_name": KindName, "head_id_number": KindIDNumber,
}

// Meaning gives the kind of the field's values.
func (f RegisterField) Meaning() string {
	if k, ok := Identity[f.Code]; ok {
		return k
	}
	if f.Kind == "" {
		return KindText
	}
	return f.Kind
}

// Register returns the kind of that code.
func (p *Playbook) Register(code string) (*Register, bool) {
	for i := range p.Registers {
		if p.Registers[i].Code == code {
			return &p.Registers[i], true
		}
	}
	return nil, false
}

// Base returns the kind that the others are linked to; false when it is the roster.
func (p *Playbook) Base() (*Register, bool) {
	for i := range p.Registers {
		if p.Registers[i].Base {
			return &p.Registers[i], true
		}
	}
	return nil, false
}

// Field returns the field of that code.
func (r *Register) Field(code string) (*RegisterField, bool) {
	for i := range r.Fields {
		if r.Fields[i].Code == code {
			return &r.Fields[i], true
		}
	}
	return nil, false
}

// RosterRegister is the code under which the roster itself takes part. No kind may have it.
const RosterRegister = "roster"

// registers checks what the types can't: codes once, one base, people who can be found.
func (d *decoder) registers(pb *Playbook) {
	d.once("registers", len(pb.Registers), func(i int) string { return pb.Registers[i].Code })
	base := -1
	for i := range pb.Registers {
		r, key := &pb.Registers[i], fmt.Sprintf("registers[%d]", i)
		d.once(key+".fields", len(r.Fields), func(j int) string { return r.Fields[j].Code })
		if r.Code == RosterRegister {
			d.mistake(d.lines[key+".code"], key+".code", "playbook.register_roster")
		}
		switch {
		case r.Base && base >= 0:
			d.mistake(d.lines[key+".base"], key+".base", "playbook.two_bases", "got", r.Code, "first", pb.Registers[base].Code)
		case r.Base && r.Unit == "household":
			d.mistake(d.lines[key+".base"], key+".base", "playbook.base_of_households", "got", r.Code)
		case r.Base:
			base = i
		}
		needed := []string{"id_number", "name"}
		if r.Unit == "household" {
			needed = []string{"household_key", "head_id_number"}
		}
		_, first := r.Field(needed[0])
		_, second := r.Field(needed[1])
		if len(r.Fields) > 0 && !first && !second {
			d.mistake(d.lines[key+".fields"], key+".fields", "playbook.register_anonymous", "fields", needed[0]+", "+needed[1])
		}
		for j, f := range r.Fields {
			at := fmt.Sprintf("%s.fields[%d]", key, j)
			_, known := Identity[f.Code]
			switch {
			case known && f.Kind != "":
				d.mistake(d.lines[at+".kind"], at+".kind", "playbook.identity_kind", "got", f.Code)
			case !known && f.Code != "" && f.Title.ZH == "":
				d.mistake(d.lines[at], at, "playbook.missing_key", "name", "title")
			}
		}
	}
}
