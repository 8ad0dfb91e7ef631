package sim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// registerHint says how a department's list is made from the world: whom it has, in which columns, and which mistakes it makes. It is
// one entry of registers in a playbook's simulation.yaml.
type registerHint struct {
	Kind    string             `yaml:"kind"`   // code of the playbook's register
	Name    string             `yaml:"name"`   // of the file, .xlsx or .csv
	Coding  string             `yaml:"coding"` // of a .csv: utf-8 or gbk
	Title   string             `yaml:"title"`  // the line above the header, "" for none
	Of      string             `yaml:"of"`     // listed: households on the roster; all: others too
	Classes []string           `yaml:"classes"`
	Benefit bool               `yaml:"benefit"` // only households with a benefit
	Persons string             `yaml:"persons"` // all (default), head, insured, disabled, pupils
	Share   float64            `yaml:"share"`   // percent of the households that it has; 0 is all
	Columns []columnHint       `yaml:"columns"`
	Faults  map[string]float64 `yaml:"faults"` // kind → percent of the rows, households or persons it can befall
}

// columnHint is one column: its header, the group that stands above it in a merged cell, and the fact that it shows.
type columnHint struct {
	Header string `yaml:"header"`
	Group  string `yaml:"group"`
	Value  string `yaml:"value"` // a code of cellOf, or a text after "="
	Form   string `yaml:"form"`  // of a date: iso, slash, dot, chinese, compact
}

// entry is a row of a register before it is written: a person with the household that the register sees them in.
type entry struct {
	h      *Household
	m      Member
	values map[string]string // what the register says instead of the truth, by value code
	person string            // whose row it is, in truth: Member.Key; "" for people who do not exist
}

// list is a register as it will be sent: its rows in the order of the file, with what is wrong in them.
type list struct {
	hint   registerHint
	rows   []entry
	header int     // rows above the first record
	faults []Fault // in the order of the file
}

// list makes a register. Each call goes on with the world's random numbers, so the order of calls belongs to the seed.
func (w *World) list(r registerHint) list {
	l := list{hint: r}
	for i := range w.Households {
		h := &w.Households[i]
		switch {
		case r.Of == "listed" && !h.Listed, len(r.Classes) > 0 && !slices.Contains(r.Classes, h.Class), r.Benefit && h.Benefit == "",
			r.Share > 0 && !w.chance(r.Share):
			continue
		}
		for _, m := range w.persons(r, h) {
			l.rows = append(l.rows, entry{h: h, m: m, values: map[string]string{}, person: m.Key})
		}
	}
	w.spoil(&l)
	w.rng.Shuffle(len(l.rows), func(i, j int) { l.rows[i], l.rows[j] = l.rows[j], l.rows[i] })
	l.number()
	return l
}

// persons gives the members of a household whom a register has, the dead too: spoil takes out most of them.
func (w *World) persons(r registerHint, h *Household) []Member {
	if r.Persons == "head" {
		return h.Members[:1]
	}
	var out []Member
	for _, m := range h.Members {
		switch {
		case r.Persons == "disabled" && m.Health != "残疾", r.Persons == "insured" && !m.Insured:
		case r.Persons == "pupils" && (m.age(w) < 6 || m.age(w) > 15):
		default:
			out = append(out, m)
		}
	}
	return out
}

// number gives every fault the row of its file, and puts them into that order.
func (l *list) number() {
	l.header = 1
	if l.hint.Title != "" {
		l.header++
	}
	for _, c := range l.hint.Columns {
		if c.Group != "" {
			l.header++
			break
		}
	}
	at := map[string]int{} // a fault names its row by a mark, because rows are shuffled after it was planted
	for i, e := range l.rows {
		at[e.values[markOf]] = l.header + 1 + i
	}
	for i := range l.faults {
		l.faults[i].Row = at[l.faults[i].mark]
	}
	slices.SortStableFunc(l.faults, func(a, b Fault) int { return a.Row - b.Row })
}

// cells gives the header rows and the records as they stand in the file.
func (l *list) cells(w *World) (head, rows [][]string) {
	if l.hint.Title != "" {
		head = append(head, []string{l.hint.Title})
	}
	groups, names := make([]string, len(l.hint.Columns)), make([]string, len(l.hint.Columns))
	grouped := false
	for i, c := range l.hint.Columns {
		groups[i], names[i] = c.Group, c.Header
		if c.Group == "" {
			groups[i] = c.Header // its cell reaches over both rows
		}
		grouped = grouped || c.Group != ""
	}
	if grouped {
		head = append(head, groups)
	}
	head = append(head, names)
	for _, e := range l.rows {
		row := make([]string, len(l.hint.Columns))
		for i, c := range l.hint.Columns {
			row[i] = e.cell(w, c)
		}
		rows = append(rows, row)
	}
	return head, rows
}

// cell is what a register writes into a column.
func (e entry) cell(w *World, c columnHint) string {
	if text, ok := strings.CutPrefix(c.Value, "="); ok {
		return text
	}
	if v, ok := e.values[c.Value]; ok {
		return v
	}
	return e.truth(w, c)
}

// dayForms are the ways in which departments write a day, beside 2006-01-02.
var dayForms = map[string]string{"slash": "2006/1/2", "dot": "2006.01.02", "chinese": "2006年1月2日", "compact": "20060102"}

// truth is what the column would say without a fault.
func (e entry) truth(w *World, c columnHint) string {
	h, m := e.h, e.m
	switch c.Value {
	case "name":
		return m.Name
	case "id_number":
		return m.IDNumber
	case "birth":
		if layout, ok := dayForms[c.Form]; ok {
			return m.Birth.Format(layout)
		}
		return m.Birth.Format(time.DateOnly)
	case "sex":
		return m.Sex
	case "relation":
		return m.Relation
	case "health":
		return m.Health
	case "schooling":
		return m.Schooling
	case "phone":
		return m.Phone
	case "household_number":
		return h.Number
	case "household_code":
		return h.Code
	case "head_name":
		return h.Members[0].Name
	case "head_id_number":
		return h.Members[0].IDNumber
	case "village":
		return h.VillageName
	case "village_code":
		return h.Village
	case "township":
		return w.Township(h.Village).Name
	case "group":
		return h.Group
	case "class":
		return h.Class
	case "exit_year":
		if h.ExitYear == 0 {
			return ""
		}
		return strconv.Itoa(h.ExitYear)
	case "size":
		return strconv.Itoa(len(h.Members))
	case "housing":
		return h.Housing
	case "bank":
		return h.Bank
	case "net_income":
		return strconv.Itoa(h.NetIncome)
	case "benefit":
		return h.Benefit
	case "on_benefit":
		return map[bool]string{true: "是", false: "否"}[h.Benefit != ""]
	case "insured":
		return map[bool]string{true: "是", false: "否"}[m.Insured]
	case "disability_card": // the citizen number, a type and a grade
		return m.IDNumber + "42"
	}
	return ""
}

// rate is how many of n a percentage befalls: never none where the playbook asks for some, so that small worlds have every kind.
func rate(percent float64, n int) int {
	if percent <= 0 || n == 0 {
		return 0
	}
	return min(n, max(1, int(math.Round(percent/100*float64(n)))))
}

func (l list) String() string {
	return fmt.Sprintf("%s: %d rows, %d faults", l.hint.Kind, len(l.rows), len(l.faults))
}
