package xform

import (
	"ruhu/form/xpath"
)

// cellKind says what a cell computes. The order is that of evaluation among
// cells that do not depend on each other.
type cellKind uint8

const (
	cellCount cellKind = iota // number of instances of a repeat
	cellRelevant
	cellItems // choices of a select
	cellCalculate
	cellReadonly
	cellRequired
	cellConstraint
	cellWarning
	cellLabel // label, hint and choice labels with outputs
	numCells
)

var cellNames = [numCells]string{
	"jr:count", "relevant", "itemset", "calculate", "readonly", "required", "constraint", "ruhu:warning", "label",
}

// cell is one computed thing of a definition. kind.yields says whether others
// can read its result: those cells can form cycles.
type cell struct {
	kind  cellKind
	def   *def
	expr  *xpath.Expr
	more  []*xpath.Expr // of a label: its outputs
	reads []read
	rank  int
}

// read is one definition that a cell reads. scope is the repeat within whose
// instance the read stays: a change in one instance concerns only the cells of
// the same instance; nil: all.
type read struct {
	def   *def
	scope *def
}

// reader is the reverse of read.
type reader struct {
	cell  *cell
	scope *def
}

// yields says whether the result of a cell of this kind can be read by others.
func (k cellKind) yields() bool { return k <= cellCalculate }

// buildGraph makes the cells, finds what they read, and orders them.
func (p *parser) buildGraph() {
	f := p.f
	var all []*cell
	add := func(d *def, k cellKind, e *xpath.Expr, more ...*xpath.Expr) {
		if e == nil && len(more) == 0 {
			return
		}
		c := &cell{kind: k, def: d, expr: e, more: more}
		d.cells[k] = c
		all = append(all, c)
		for _, x := range append([]*xpath.Expr{e}, more...) {
			if x != nil {
				p.reads(c, x, d)
			}
		}
	}
	for _, d := range f.defs {
		b := d.bind
		add(d, cellRelevant, b.relevant)
		add(d, cellReadonly, b.readonly)
		if d.leaf() {
			add(d, cellCalculate, b.calculate)
			add(d, cellRequired, b.required)
			add(d, cellConstraint, b.constraint)
			add(d, cellWarning, b.warning)
		}
		c := d.control
		if c == nil {
			continue
		}
		if d.repeat {
			add(d, cellCount, c.count)
		}
		if c.itemset != nil {
			add(d, cellItems, c.itemset.nodes)
			p.itemReads(d.cells[cellItems], c.itemset)
		}
		var outs []*xpath.Expr
		for _, t := range d.texts() {
			t.exprs(f, func(e *xpath.Expr) { outs = append(outs, e) })
		}
		if c.itemset != nil {
			outs = append(outs, p.spokenItems(c.itemset)...)
		}
		if len(outs) > 0 {
			add(d, cellLabel, nil, outs...)
		}
	}
	for _, c := range all {
		for _, r := range c.reads {
			r.def.readers = append(r.def.readers, reader{cell: c, scope: r.scope})
		}
	}
	f.cells = p.order(all)
	for i, c := range f.cells {
		c.rank = i
	}
}

// spokenItems finds the outputs in the texts of choices that take their labels
// from itext.
func (p *parser) spokenItems(is *itemset) (outs []*xpath.Expr) {
	if is.label == nil || !speaks(is.label) {
		return nil
	}
	ids := map[string]bool{}
	for _, m := range p.f.itext {
		for id, t := range m {
			if t.dynamic() {
				ids[id] = true
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var walk func(n *xpath.Node)
	walk = func(n *xpath.Node) {
		if len(n.Children) == 0 && ids[n.Text] {
			t := &text{id: n.Text}
			t.exprs(p.f, func(e *xpath.Expr) { outs = append(outs, e) })
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	for _, r := range is.nodes.Refs() {
		if n := p.f.instances[r.Instance]; r.Base == xpath.RefInstance && n != nil {
			walk(n)
		}
	}
	return outs
}

// texts are the texts of a node that can contain outputs.
func (d *def) texts() []*text {
	c := d.control
	ts := []*text{c.label, c.hint, d.bind.constraintMsg, d.bind.requiredMsg, d.bind.warnMsg}
	for _, it := range c.items {
		ts = append(ts, it.label)
	}
	for _, t := range c.tags {
		ts = append(ts, t.label)
		for _, it := range t.items {
			ts = append(ts, it.label)
		}
	}
	return ts
}

// reads resolves what e, evaluated at d, reads of the primary instance.
func (p *parser) reads(c *cell, e *xpath.Expr, d *def) {
	home := d.anchor
	if c.kind == cellCount {
		home = above(d) // a count is asked outside of the instances
	}
	for _, r := range e.Refs() {
		var targets []*def
		scope := home
		switch r.Base {
		case xpath.RefContext:
			targets, scope = p.walk([]*def{d}, r.Steps, home)
		case xpath.RefRoot:
			if len(r.Steps) > 0 {
				targets, _ = p.walk([]*def{nil}, r.Steps, nil)
				scope = nil
				if len(targets) == 1 && narrowed(e, r) {
					scope = shared(home, targets[0])
				}
			}
		case xpath.RefInstance:
			if x, ok := p.f.instances[r.Instance]; !ok && r.Instance != "" {
				p.warn("xform.no_instance_id", d.path+"/"+cellNames[c.kind], r.Instance)
			} else if ok && x == nil && len(r.Steps) > 0 { // the primary instance by its id
				targets, _ = p.walk([]*def{nil}, r.Steps, nil)
				scope = nil
			}
			if len(targets) == 0 {
				continue
			}
		}
		if len(targets) == 0 && len(r.Steps) > 0 && r.Base == xpath.RefRoot {
			p.warn("xform.unknown_node", d.path+"/"+cellNames[c.kind], r.String())
		}
		for _, t := range targets {
			if t == c.def && c.kind == cellCalculate && r.Base == xpath.RefContext {
				if selfOnly(r.Steps) {
					continue // ".": its own last result, not a reason to run
				}
				if scope == d.anchor && !filtered(r.Steps) {
					p.err("xform.cycle", d.path, d.path+" → "+d.path)
					continue
				}
			}
			if t == c.def && (c.kind == cellConstraint || c.kind == cellWarning) {
				continue // run at every change of the own value anyway
			}
			c.addRead(t, scope)
		}
	}
}

// itemReads adds what the values and labels of choices read when the choices
// are nodes of the primary instance (answers of a repeat).
func (p *parser) itemReads(c *cell, is *itemset) {
	for _, r := range is.nodes.Refs() {
		var items []*def
		switch {
		case r.Base == xpath.RefRoot && len(r.Steps) > 0:
			items, _ = p.walk([]*def{nil}, r.Steps, nil)
		case r.Base == xpath.RefContext:
			items, _ = p.walk([]*def{c.def}, r.Steps, nil)
		}
		for _, e := range []*xpath.Expr{is.value, is.label} {
			if e == nil || len(items) == 0 {
				continue
			}
			for _, x := range e.Refs() {
				if x.Base != xpath.RefContext {
					continue
				}
				targets, _ := p.walk(items, x.Steps, nil)
				for _, t := range targets {
					if t != c.def {
						c.addRead(t, nil)
					}
				}
			}
		}
	}
}

// narrowed tells whether an absolute path means the current instances of the
// repeats on its way (xpath.Env.ContextualRepeats).
func narrowed(e *xpath.Expr, r xpath.Ref) bool {
	for _, s := range r.Steps {
		if s.Axis != xpath.AxisChild || s.Filter || s.Name == "" || s.Name == "*" {
			return false
		}
	}
	for _, name := range e.Calls() {
		if name == "indexed-repeat" || name == "jr:choice-name" {
			return false // these look at all instances
		}
	}
	return true
}

// shared is the innermost repeat around the reading cell whose instance t, which
// is not that repeat itself, belongs to too.
func shared(home, t *def) *def {
	for home != nil && (t == home || !t.within(home)) {
		home = above(home)
	}
	return home
}

func filtered(steps []xpath.RefStep) bool {
	for _, s := range steps {
		if s.Filter {
			return true
		}
	}
	return false
}

func selfOnly(steps []xpath.RefStep) bool {
	for _, s := range steps {
		if s.Axis != xpath.AxisSelf {
			return false
		}
	}
	return true
}

func (c *cell) addRead(t, scope *def) {
	for i, r := range c.reads {
		if r.def == t {
			if scope != r.scope { // keep the wider one
				if scope == nil || (r.scope != nil && scope.id < r.scope.id) {
					c.reads[i].scope = scope
				}
			}
			return
		}
	}
	c.reads = append(c.reads, read{t, scope})
}
