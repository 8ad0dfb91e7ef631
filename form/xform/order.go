package xform

import (
	"sort"
	"strings"
)

// order sorts the cells topologically and reports cycles. A cell comes after
// the cells that yield what it reads: the calculation and choices of a
// definition, the relevance of it and of the groups around it, the counts of
// the repeats around it.
func (p *parser) order(all []*cell) []*cell {
	o := &ordering{p: p, state: map[*cell]uint8{}}
	sort.SliceStable(all, func(i, j int) bool { return all[i].kind.yields() && !all[j].kind.yields() })
	for _, c := range all {
		o.visit(c)
	}
	return o.out
}

type ordering struct {
	p     *parser
	state map[*cell]uint8 // 1: on the stack, 2: done
	stack []*cell
	out   []*cell
}

func (o *ordering) visit(c *cell) {
	switch o.state[c] {
	case 2:
		return
	case 1:
		o.cycle(c)
		return
	}
	o.state[c] = 1
	o.stack = append(o.stack, c)
	// A cell of a node follows the cells that decide whether it runs at all.
	o.before(c.def, c, cellRelevant)
	if c.kind == cellCalculate || c.kind == cellConstraint || c.kind == cellWarning {
		if x := c.def.cells[cellItems]; x != nil {
			o.visit(x)
		}
	}
	if c.kind == cellConstraint || c.kind == cellWarning {
		if x := c.def.cells[cellCalculate]; x != nil {
			o.visit(x)
		}
	}
	for _, r := range c.reads {
		for _, k := range [...]cellKind{cellItems, cellCalculate} {
			if x := r.def.cells[k]; x != nil && x != c {
				o.visit(x)
			}
		}
		o.before(r.def, c, cellRelevant)
		o.before(r.def, c, cellCount)
	}
	o.stack = o.stack[:len(o.stack)-1]
	o.state[c] = 2
	o.out = append(o.out, c)
}

// before visits the cells of one kind of d and of everything around it, except
// those that surround the reading cell too and are its own.
func (o *ordering) before(d *def, c *cell, k cellKind) {
	for a := d; a != nil; a = a.parent {
		x := a.cells[k]
		if x == nil || x == c {
			continue
		}
		if o.state[x] == 1 && c.def.within(a) {
			continue // inside what is being decided: not a cycle, it runs afterwards
		}
		if o.state[x] == 1 && d.within(a) && d != a {
			continue // a group whose relevance reads into itself
		}
		o.visit(x)
	}
}

func (o *ordering) cycle(c *cell) {
	i := len(o.stack) - 1
	for i > 0 && o.stack[i] != c {
		i--
	}
	var names []string
	for _, x := range o.stack[i:] {
		if len(names) == 0 || names[len(names)-1] != x.def.path {
			names = append(names, x.def.path)
		}
	}
	names = append(names, c.def.path)
	if len(names) <= 2 || !hasCalculation(o.stack[i:]) {
		o.p.warn("xform.self_reference", c.def.path, cellNames[c.kind])
		return
	}
	o.p.err("xform.cycle", c.def.path, strings.Join(names, " → "))
}

func hasCalculation(cells []*cell) bool {
	found := false
	for _, c := range cells {
		switch c.kind {
		case cellItems, cellCount:
			// Choices settle, for an answer only ever disappears from them. Counts
			// that grow with the answers in the repeat ("one more?") are common.
			return false
		case cellCalculate, cellRelevant:
			found = true
		}
	}
	return found
}
