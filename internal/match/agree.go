package match

import (
	"math"
	"strconv"

	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

// FigureVerdict says how the values of a figure stand to one another.
type FigureVerdict string

// The verdicts. "" is nothing to compare: fewer than two sources could have the figure.
const (
	Agree   FigureVerdict = "agree"
	Differ  FigureVerdict = "differ"  // two values contradict each other
	Missing FigureVerdict = "missing" // a source that should have the figure has none
)

// Value is what one source says. Known is false where the source, though it is there, has no value.
type Value struct {
	Source string `json:"source"` // code of a register, roster, paper, site
	Copy   string `json:"copy"`   // the level whose copy it is (四相符); "" takes part in 三统一
	Value  string `json:"value"`  // as canon gives it
	Known  bool   `json:"known"`
	Off    bool   `json:"off"` // contradicts the value that rules
}

// Judgement is what the values of a figure come to.
type Judgement struct {
	Verdict     FigureVerdict
	ThreeWay    FigureVerdict // system, paper, site (S1.3)
	FourLevel   FigureVerdict // the copies of county, township, village, household (S1.3)
	Ruling      string        // source whose value counts; "" when none has one
	RulingValue string
	Values      []Value
}

// judge compares the values of a figure. The value that rules is that of the first source of f.Rules that has one; without one, the first
// that is known. A value contradicts it when it differs by more than the tolerance. Within the copies (四相符) what counts is whether they
// are the same among themselves, whatever rules.
func judge(f *playbook.AgreementField, values []Value) Judgement {
	j := Judgement{Values: values}
	for _, rule := range f.Rules {
		for _, v := range values {
			if v.Source == rule && v.Known && j.Ruling == "" {
				j.Ruling, j.RulingValue = v.Source, v.Value
			}
		}
	}
	for _, v := range values {
		if v.Known && j.Ruling == "" {
			j.Ruling, j.RulingValue = v.Source, v.Value
		}
	}
	var three, four []Value
	for i := range values {
		v := &values[i]
		v.Off = v.Known && !same(f, j.RulingValue, v.Value)
		if v.Copy != "" {
			four = append(four, *v)
		} else {
			three = append(three, *v)
		}
	}
	j.Verdict, j.ThreeWay = verdict(f, values, j.RulingValue), verdict(f, three, j.RulingValue)
	first := ""
	for _, v := range four {
		if v.Known {
			first = v.Value
			break
		}
	}
	j.FourLevel = verdict(f, four, first)
	return j
}

func verdict(f *playbook.AgreementField, values []Value, ruling string) FigureVerdict {
	known, differ := 0, false
	for _, v := range values {
		if v.Known {
			known++
			differ = differ || !same(f, ruling, v.Value)
		}
	}
	switch {
	case len(values) < 2 || known == 0:
		return ""
	case differ:
		return Differ
	case known < len(values):
		return Missing
	}
	return Agree
}

// same compares two values of a figure's kind. The tolerance is symmetric in neither: rel is of the value that rules.
func same(f *playbook.AgreementField, ruling, v string) bool {
	if ruling == v {
		return true
	}
	if f.Kind != playbook.KindNumber && f.Kind != playbook.KindMoney {
		return false
	}
	a, err1 := strconv.ParseFloat(ruling, 64)
	b, err2 := strconv.ParseFloat(v, 64)
	d := math.Abs(a - b)
	return err1 == nil && err2 == nil && (d <= f.Tolerance.Abs+1e-9 || d <= f.Tolerance.Rel*math.Abs(a)+1e-9)
}

// valueOf brings a text that a person or a register gave to the form in which a figure is compared. What can't be read stays as it is, so
// that the difference shows.
func valueOf(f *playbook.AgreementField, text string) string {
	words := map[string]string{}
	for _, w := range f.Words {
		for _, x := range w.Words {
			words[x] = w.Value
		}
	}
	text = sheet.Clean(text)
	v, code, _ := canon(f.Kind, sheet.Cell{Text: text}, false, words)
	if code != "" {
		return text
	}
	return v
}

// rosterValue is what the base list says of a household's figure; false when it holds no such figure.
func rosterValue(code string, h roster.Household) (string, bool) {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	switch code {
	case "head_name":
		return h.HeadName, true
	case "head_id_number":
		return string(h.HeadIDNumber), true
	case "size":
		return number(h.Size), true
	case "class":
		return string(h.Class), true
	case "exit_year":
		return number(h.ExitYear), true
	case "phone":
		return h.Phone, true
	}
	return "", false
}

// memberValue is what the base list says of a person's figure.
func memberValue(code string, m roster.Member) (string, bool) {
	switch code {
	case "name":
		return m.Name, true
	case "id_number":
		return string(m.IDNumber), true
	case "sex":
		return m.Sex, true
	case "phone":
		return m.Phone, true
	}
	return "", false
}

// rows are the records of one register that belong to a household: those of its members by their id, and all that share their
// household's number there. A member whose link waits for a clerk has no record yet, and the register is not blamed for it.
type rows struct {
	register *playbook.Register
	byMember map[string]Record
	waiting  map[string]bool // members about whom a clerk has to decide first
	head     string          // id of the head
	columns  map[string]bool // fields that the file has a column for
	all      []Record
}

// tells reports whether the register could have the figure at all: a file without the column leaves nothing out.
func (r rows) tells(f *playbook.AgreementField, s playbook.Source) bool {
	return s.Take == playbook.TakeListed || s.Take == playbook.TakeCount || r.columns[s.From(*f)]
}

// undecided reports whether what a clerk decides about a member ("" anybody of the household) may give the figure another value.
func (r rows) undecided(member string) bool {
	if member == "" {
		return len(r.waiting) > 0
	}
	return r.waiting[member]
}

// householdValue takes a household's figure from a register.
func (r rows) householdValue(f *playbook.AgreementField, s playbook.Source) (string, bool) {
	if s.Take == playbook.TakeListed {
		if len(r.all) > 0 {
			return YesWord, true
		}
		return NoWord, true
	}
	if len(r.all) == 0 {
		return "", false
	}
	field := s.From(*f)
	switch {
	case s.Take == playbook.TakeCount:
		return strconv.Itoa(len(r.all)), true
	case s.Take == playbook.TakeSum:
		sum, any := 0.0, false
		for _, rec := range r.all {
			if x, err := strconv.ParseFloat(rec.Data[field], 64); err == nil {
				sum, any = sum+x, true
			}
		}
		return strconv.FormatFloat(math.Round(sum*100)/100, 'f', -1, 64), any
	case r.register.Unit == "household":
		return known(f, r.all[0].Data[field])
	}
	if rec, ok := r.byMember[r.head]; ok {
		return known(f, rec.Data[field])
	}
	for _, rec := range r.all {
		if rec.Relation == roster.Head || rec.Relation == "本人" {
			return known(f, rec.Data[field])
		}
	}
	return "", false
}

// memberValue takes a person's figure from a register.
func (r rows) memberValue(f *playbook.AgreementField, s playbook.Source, member string) (string, bool) {
	rec, ok := r.byMember[member]
	if s.Take == playbook.TakeListed {
		if ok {
			return YesWord, true
		}
		return NoWord, true
	}
	if !ok {
		return "", false
	}
	return known(f, rec.Data[s.From(*f)])
}

func known(f *playbook.AgreementField, text string) (string, bool) {
	v := valueOf(f, text)
	return v, v != ""
}
