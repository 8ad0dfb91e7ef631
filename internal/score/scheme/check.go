package scheme

import (
	"fmt"
	"slices"
)

// Mistake is one thing wrong with a scheme: where (items[1].items[0].weight), what (a word), and the value.
type Mistake struct{ Path, What, Got string }

type checker struct {
	found []Mistake
	codes map[string]bool
}

func (c *checker) note(path, what, got string) { c.found = append(c.found, Mistake{path, what, got}) }

// positive wants a decimal over zero, or at least zero; with optional, "" is right too.
func (c *checker) number(path string, d Decimal, optional, zero bool) {
	if d == "" && optional {
		return
	}
	r, err := d.Rat()
	switch {
	case err != nil:
		c.note(path, "decimal", string(d))
	case r.Sign() < 0 || r.Sign() == 0 && !zero:
		c.note(path, "positive", string(d))
	}
}

// Check finds what is wrong with a scheme. A scheme without mistakes can be scored; Score fails for others.
func (s Scheme) Check() []Mistake {
	c := &checker{codes: map[string]bool{}}
	if len(s.Items) == 0 {
		c.note("items", "empty", "")
	}
	c.items("items", s.Items, 1)
	for i, b := range s.Bonus {
		at := fmt.Sprintf("bonus[%d]", i)
		c.once(at, b.Code)
		c.number(at+".per", b.Per, false, true)
		c.number(at+".item_cap", b.Cap, true, true)
	}
	c.number("bonus_cap", s.BonusCap, true, true)
	c.number("total_cap", s.TotalCap, true, true)
	c.number("deduction_floor", s.DeductionFloor, true, true)
	c.number("veto.cap", s.Veto.Cap, true, true)
	if !slices.Contains([]string{"", VetoZero, VetoLast, VetoCap}, s.Veto.Mode) {
		c.note("veto.mode", "word", s.Veto.Mode)
	}
	if o := s.order(); len(o) != 3 || !slices.Contains(o, Deduct) || !slices.Contains(o, Add) || !slices.Contains(o, Cap) {
		c.note("order", "order", fmt.Sprint(o))
	}
	if !slices.Contains([]Method{"", HalfEven, HalfUp}, s.Rounding.Method) {
		c.note("rounding.method", "word", string(s.Rounding.Method))
	}
	for i, code := range s.TieBreak {
		if _, ok := s.Item(code); !ok {
			c.note(fmt.Sprintf("tie_break[%d]", i), "unknown", code)
		}
	}
	return c.found
}

func (c *checker) once(at, code string) {
	if code == "" {
		c.note(at+".code", "empty", "")
	} else if c.codes[code] {
		c.note(at+".code", "twice", code)
	}
	c.codes[code] = true
}

func (c *checker) items(path string, items []Item, depth int) {
	for i, it := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.once(at, it.Code)
		c.number(at+".weight", it.Weight, false, false)
		if len(it.Items) > 0 {
			if it.Max != "" || it.Rule.Kind != "" {
				c.note(at, "branch_with_rule", it.Code)
			}
			if depth >= 6 {
				c.note(at, "deep", it.Code)
				continue
			}
			c.items(at+".items", it.Items, depth+1)
			continue
		}
		c.number(at+".max", it.Max, false, false)
		c.rule(at+".rule", it)
	}
}

func (c *checker) rule(at string, it Item) {
	r := it.Rule
	c.number(at+".floor", r.Floor, true, true)
	if r.Floor.Valid() && it.Max.Valid() && r.Floor.or("0").Cmp(it.Max.or("0")) > 0 {
		c.note(at+".floor", "above_max", string(r.Floor))
	}
	switch r.Kind {
	case "", Given:
	case Errors:
		if len(r.PerError) == 0 {
			c.note(at+".per_error", "empty", "")
		}
		for i, e := range r.PerError {
			p := fmt.Sprintf("%s.per_error[%d]", at, i)
			if e.Fact == "" {
				c.note(p+".fact", "empty", "")
			}
			c.number(p+".per", e.Per, false, true)
			c.number(p+".cap", e.Cap, true, true)
		}
	case Measure:
		if r.Fact == "" {
			c.note(at+".fact", "empty", "")
		}
		if r.Side != "at_least" && r.Side != "at_most" {
			c.note(at+".side", "word", r.Side)
		}
		if !slices.Contains([]string{"", "whole", "started", "in_parts"}, r.Part) {
			c.note(at+".part", "word", r.Part)
		}
		if !r.Target.Valid() {
			c.note(at+".target", "decimal", string(r.Target))
		}
		c.number(at+".step", r.Step, false, false)
		c.number(at+".per", r.Per, false, true)
	case Manual:
		c.number(at+".tolerance", r.Tolerance, true, true)
		if r.Evaluators < 0 {
			c.note(at+".evaluators", "positive", fmt.Sprint(r.Evaluators))
		}
	default:
		c.note(at+".kind", "word", r.Kind)
	}
}

// Item finds an item by code, at any depth.
func (s Scheme) Item(code string) (Item, bool) { return find(s.Items, code) }

func find(items []Item, code string) (Item, bool) {
	for _, it := range items {
		if it.Code == code {
			return it, true
		}
		if got, ok := find(it.Items, code); ok {
			return got, true
		}
	}
	return Item{}, false
}

// Leaves lists the leaves, in order.
func (s Scheme) Leaves() []Item { return leaves(s.Items, nil) }

func leaves(items, out []Item) []Item {
	for _, it := range items {
		if len(it.Items) == 0 {
			out = append(out, it)
		} else {
			out = leaves(it.Items, out)
		}
	}
	return out
}
