package playbook

import (
	"fmt"
	"strings"
)

// Agreement names the figures that must be the same everywhere (S1.3): 三统一, system = paper = site, and 四相符, the copies
// of county, township, village and household.
type Agreement struct {
	Fields []AgreementField `yaml:"fields"`
}

// AgreementField is one figure of a household or person.
type AgreementField struct {
	Code      string      `yaml:"code" check:"required,code"`
	Title     Text        `yaml:"title" check:"required"`
	Unit      string      `yaml:"unit" check:"required,one=household|person"`
	Kind      string      `yaml:"kind" check:"required,one=text|number|money|date|year|yes_no|class|name|id_number|phone|sex"`
	Sources   []Source    `yaml:"sources" check:"required"`
	Paper     string      `yaml:"paper"`                  // the paper (of papers) that shows the figure; "": none does
	Rules     []string    `yaml:"rules" check:"required"` // whose value counts, first to last: codes of registers, "paper", "site"
	Tolerance Tolerance   `yaml:"tolerance"`              // how far numbers may be apart
	Correct   []string    `yaml:"correct"`                // registers that get a correction when they differ from the one that rules
	Settle    SettleBy    `yaml:"settle" check:"required"`
	Words     []SameWords `yaml:"words"` // words that mean the same
}

// Source is a register's field that holds the figure.
type Source struct {
	Register string `yaml:"register" check:"required"`
	Field    string `yaml:"field"`                                  // "" is the code of the agreement's field
	Take     string `yaml:"take" check:"one=head|sum|count|listed"` // for households in registers of persons; "" is head
}

// The ways to make a household's value from the rows of its persons.
const (
	TakeHead   = "head"   // of the row of the head
	TakeSum    = "sum"    // of all rows
	TakeCount  = "count"  // the number of rows
	TakeListed = "listed" // yes when there is any row
)

// The sources beside registers.
const (
	SourcePaper = "paper"
	SourceSite  = "site"
)

// Tolerance allows differences of numbers: up to abs, or up to rel of the value that rules.
type Tolerance struct {
	Abs float64 `yaml:"abs" check:"min=0,max=1000000"`
	Rel float64 `yaml:"rel" check:"min=0,max=1"`
}

// SettleBy says who sorts a difference out and in how many working days (S1.4).
type SettleBy struct {
	Role string `yaml:"role" check:"required"`
	Days int    `yaml:"days" check:"required,min=0,max=60"`
}

// SameWords are words of registers that stand for one value: "1", "享受", "在保".
type SameWords struct {
	Value string   `yaml:"value" check:"required"`
	Words []string `yaml:"words" check:"required"`
}

// From gives the register's field of a source.
func (s Source) From(f AgreementField) string {
	if s.Field == "" {
		return f.Code
	}
	return s.Field
}

// Field returns the figure of that code.
func (a *Agreement) Field(code string) (*AgreementField, bool) {
	for i := range a.Fields {
		if a.Fields[i].Code == code {
			return &a.Fields[i], true
		}
	}
	return nil, false
}

// Compared returns the figure that an item of bind::ruhu:compare names: "register.field" is the figure that takes its value from there,
// "register" alone the figure of the question's own name that the register holds.
func (a *Agreement) Compared(item, question string) (*AgreementField, bool) {
	register, field, whole := strings.Cut(item, ".")
	for i := range a.Fields {
		f := &a.Fields[i]
		for _, s := range f.Sources {
			if s.Register == register && (whole && s.From(*f) == field || !whole && f.Code == question) {
				return f, true
			}
		}
	}
	return nil, false
}

// PaperKind is one of the household's papers (九种资料, S1.16): is it there, complete, consistent?
type PaperKind struct {
	Code  string   `yaml:"code" check:"required,code"`
	Title Text     `yaml:"title" check:"required"`
	For   []string `yaml:"for"`  // classes that must have it; empty: all
	Look  Text     `yaml:"look"` // what makes it complete
}

// PaperKind returns the paper of that code.
func (p *Playbook) PaperKind(code string) (*PaperKind, bool) {
	for i := range p.Papers {
		if p.Papers[i].Code == code {
			return &p.Papers[i], true
		}
	}
	return nil, false
}

// agreement checks the references of agreement and papers.
func (d *decoder) agreement(pb *Playbook) {
	var roles, classes, registers, papers []string
	for _, r := range pb.Roles {
		roles = append(roles, r.Code)
	}
	for _, c := range pb.Scope.Classes {
		classes = append(classes, c.Code)
	}
	for i, r := range pb.Registers {
		registers = append(registers, r.Code)
		for j, c := range r.Classes {
			d.known(fmt.Sprintf("registers[%d].classes[%d]", i, j), c, classes, "playbook.unknown_class")
		}
	}
	for i, p := range pb.Papers {
		papers = append(papers, p.Code)
		for j, c := range p.For {
			d.known(fmt.Sprintf("papers[%d].for[%d]", i, j), c, classes, "playbook.unknown_class")
		}
	}
	d.once("papers", len(pb.Papers), func(i int) string { return pb.Papers[i].Code })
	d.once("agreement.fields", len(pb.Agreement.Fields), func(i int) string { return pb.Agreement.Fields[i].Code })
	for i := range pb.Agreement.Fields {
		f, key := &pb.Agreement.Fields[i], fmt.Sprintf("agreement.fields[%d]", i)
		var held []string
		for j, s := range f.Sources {
			at := fmt.Sprintf("%s.sources[%d]", key, j)
			d.known(at+".register", s.Register, registers, "playbook.unknown_register")
			held = append(held, s.Register)
			r, ok := pb.Register(s.Register)
			if !ok {
				continue
			}
			counted := s.Take == TakeCount || s.Take == TakeListed
			if _, has := r.Field(s.From(*f)); !has && !counted {
				d.mistake(d.lines[at], at, "playbook.unknown_register_field", "got", s.From(*f), "register", s.Register)
			}
			if f.Unit == "person" && (r.Unit == "household" || s.Take != "" && s.Take != TakeListed) {
				d.mistake(d.lines[at], at, "playbook.person_of_household", "register", s.Register)
			}
			if counted && f.Kind != map[string]string{TakeCount: KindNumber, TakeListed: KindYesNo}[s.Take] {
				d.mistake(d.lines[at], at, "playbook.take_kind", "got", s.Take)
			}
		}
		if f.Paper != "" {
			d.known(key+".paper", f.Paper, papers, "playbook.unknown_paper")
		}
		d.known(key+".settle.role", f.Settle.Role, roles, "playbook.unknown_role")
		for j, r := range f.Rules {
			d.known(fmt.Sprintf("%s.rules[%d]", key, j), r, append([]string{SourcePaper, SourceSite, RosterRegister}, held...), "playbook.unknown_source")
		}
		for j, r := range f.Correct {
			d.known(fmt.Sprintf("%s.correct[%d]", key, j), r, held, "playbook.unknown_source")
		}
		if t := f.Tolerance; t != (Tolerance{}) && f.Kind != KindNumber && f.Kind != KindMoney {
			d.mistake(d.lines[key+".tolerance"], key+".tolerance", "playbook.tolerance_kind", "got", f.Kind)
		}
	}
}
