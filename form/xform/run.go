package xform

import (
	"math"
	"math/bits"
	"strings"

	"ruhu/form/xpath"
)

// mark puts an inst on the queue of a cell.
func (s *Session) mark(c *cell, in *inst) {
	if s.silent && c.kind == cellLabel {
		return
	}
	bit := uint16(1) << c.kind
	if in.dirty&bit != 0 || in.dead {
		return
	}
	in.dirty |= bit
	s.queue[c.rank] = append(s.queue[c.rank], in)
	s.bits[c.rank/64] |= 1 << (c.rank % 64)
}

// markAll marks all insts that have the cell: ranges for a count, both for what
// is said of a repeat, else elements.
func (s *Session) markAll(c *cell) {
	id := c.def.id
	if c.kind != cellCount {
		for _, in := range s.byDef[id] {
			s.mark(c, in)
		}
	}
	for _, r := range s.ranges[id] {
		s.mark(c, r)
	}
}

// markScoped marks the insts of the cell that can see a change at from.
func (s *Session) markScoped(c *cell, scope *def, from *inst) {
	if scope == nil {
		s.markAll(c)
		return
	}
	a := from
	for a != nil && (a.def != scope || a.isRange) {
		a = a.up
	}
	if a == nil || !c.def.within(scope) {
		s.markAll(c)
		return
	}
	s.markBelow(c, a)
}

// markBelow marks the insts of the cell inside the instance a.
func (s *Session) markBelow(c *cell, a *inst) {
	if a.def == c.def {
		if c.kind != cellCount || a.isRange {
			s.mark(c, a)
		}
		if !a.isRange {
			return
		}
	}
	if a.isRange {
		for _, k := range a.kids {
			s.markBelow(c, k)
		}
		return
	}
	for _, k := range a.kids {
		if c.def.within(k.def) {
			s.markBelow(c, k)
			return
		}
	}
	for _, k := range a.atts {
		if k.def == c.def {
			s.mark(c, k)
		}
	}
}

// notify marks what reads in, after its value or relevance has changed. by is
// the cell that made the change, which does not wake itself for the same inst.
func (s *Session) notify(in *inst, by *cell, at *inst) {
	for _, r := range in.def.readers {
		if r.cell == by {
			had := at.dirty & (1 << by.kind)
			at.dirty |= 1 << by.kind
			s.markScoped(r.cell, r.scope, in)
			if had == 0 {
				at.dirty &^= 1 << by.kind
			}
			continue
		}
		s.markScoped(r.cell, r.scope, in)
	}
}

// restructured marks what reads a repeat or anything in it, after instances
// have come or gone. The instances before the first one that has moved see no
// difference in what they read of themselves.
func (s *Session) restructured(r *inst, first int) {
	s.touch(r)
	s.order = true
	d := r.def
	for id := d.id; id <= d.last; id++ {
		for _, rd := range s.f.defs[id].readers {
			if rd.scope != nil && rd.scope.within(d) {
				for _, x := range r.kids[first:] {
					s.markScoped(rd.cell, d, x)
				}
				continue
			}
			s.markScoped(rd.cell, rd.scope, r.up)
		}
	}
}

func (s *Session) touch(in *inst) {
	if in.touched || s.silent {
		return
	}
	in.touched = true
	s.changed = append(s.changed, in)
	for x := in; x.up != nil; x = x.up {
		if x.def.repeat && !x.isRange && len(x.up.kids) > x.def.order {
			x.up.kids[x.def.order].below = true // the range, which is not on the way up
		}
		if x.up.below {
			return
		}
		x.up.below = true
	}
}

// run works off the queues in the order of the cells, then the events, until
// nothing is left. The steps are limited: forms can define calculations that
// chase each other through repeats.
func (s *Session) run() error {
	s.steps = 0
	limit := 1_000_000 + 100*len(s.f.cells)
	for {
		rank := s.next()
		if rank < 0 {
			if len(s.pending) == 0 {
				return nil
			}
			ev := s.pending[0]
			s.pending = s.pending[1:]
			if !ev.from.dead {
				s.perform(ev.a, ev.from)
			}
			s.steps += 100
		} else {
			c := s.f.cells[rank]
			list := s.queue[rank]
			if len(list) == 1 { // mostly
				s.queue[rank] = list[:0]
			} else {
				s.queue[rank] = nil
			}
			s.bits[rank/64] &^= 1 << (rank % 64)
			if len(list) == 1 {
				s.computeOne(c, list[0])
			} else {
				for _, in := range list {
					s.computeOne(c, in)
				}
				if len(s.queue[rank]) == 0 {
					s.queue[rank] = list[:0]
				}
			}
			s.steps += len(list)
		}
		if s.steps > limit {
			s.drop()
			return fail("xform.runaway", "", "")
		}
	}
}

func (s *Session) next() int {
	for i, w := range s.bits {
		if w != 0 {
			return i*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// drop empties the queues after a runaway.
func (s *Session) drop() {
	s.pending = nil
	for rank, list := range s.queue {
		for _, in := range list {
			in.dirty = 0
		}
		s.queue[rank] = nil
	}
	clear(s.bits)
}

func (s *Session) at(in *inst) *xpath.Context {
	s.ctx.Node, s.ctx.Current, s.ctx.Pos, s.ctx.Size = &in.node, &in.node, 0, 0
	return &s.ctx
}

// boolean evaluates a condition; one that fails to evaluate counts as other.
func (s *Session) boolean(e *xpath.Expr, in *inst, other bool) bool {
	v, err := e.EvalBool(s.at(in))
	if err != nil {
		return other
	}
	return v
}

func (s *Session) computeOne(c *cell, in *inst) {
	in.dirty &^= 1 << c.kind
	s.work++
	if !in.dead {
		s.compute(c, in)
	}
}

func (s *Session) compute(c *cell, in *inst) {
	switch c.kind {
	case cellRelevant:
		v := s.boolean(c.expr, in, true)
		if v != in.relSelf {
			in.relSelf = v
			s.spread(in, c, in)
		}
	case cellCount:
		if in.up.relevant() {
			s.recount(c, in)
		}
	case cellItems:
		s.choose(c, in)
	case cellCalculate:
		if in.relevant() {
			s.calculate(c, in)
		}
	case cellReadonly:
		v := s.boolean(c.expr, in, false)
		if v != in.roSelf {
			in.roSelf = v
			s.spreadReadonly(in)
		}
	case cellRequired:
		v := in.relevant() && s.boolean(c.expr, in, false)
		if v != in.required {
			in.required = v
			s.touch(in)
		}
	case cellConstraint:
		v := in.relevant() && in.node.Text != "" && !s.boolean(c.expr, in, true)
		if v != in.badConstraint {
			in.badConstraint = v
			s.touch(in)
		}
	case cellWarning:
		v := in.relevant() && in.node.Text != "" && !s.boolean(c.expr, in, true)
		if v != in.warn {
			in.warn = v
			s.touch(in)
		}
	case cellLabel:
		s.touch(in)
	}
}

// spread makes a change of relevance felt below in.
func (s *Session) spread(in *inst, by *cell, at *inst) {
	rel := in.relSelf && (in.up == nil || in.up.relevant())
	if rel == in.relevant() {
		return
	}
	in.node.Blank = !rel
	s.touch(in)
	if !in.isRange || len(in.kids) == 0 {
		s.notify(in, by, at)
	}
	for k, c := range in.def.cells {
		if c == nil || cellKind(k) == cellRelevant || (cellKind(k) == cellCount && !in.isRange) {
			continue
		}
		s.mark(c, in)
	}
	if in.isRange {
		return // the instances are children of the element around the range
	}
	for _, a := range in.atts {
		s.spread(a, by, at)
	}
	for _, k := range in.kids {
		s.spread(k, by, at)
		if k.isRange {
			for _, x := range k.kids {
				s.spread(x, by, at)
			}
		}
	}
}

func (s *Session) spreadReadonly(in *inst) {
	ro := in.roSelf || (in.up != nil && in.up.readonly)
	if ro == in.readonly {
		return
	}
	in.readonly = ro
	s.touch(in)
	if in.isRange {
		return
	}
	for _, k := range in.kids {
		s.spreadReadonly(k)
		if k.isRange {
			for _, x := range k.kids {
				s.spreadReadonly(x)
			}
		}
	}
}

// recount makes a repeat follow its count. A count that is no number means none
// in a new record; later it changes nothing, for it may be in the middle of
// being corrected.
func (s *Session) recount(c *cell, r *inst) {
	v, err := c.expr.EvalNumber(s.at(r))
	if err != nil || math.IsNaN(v) {
		if !s.loading || s.restored {
			return
		}
		v = 0
	}
	n := int(math.Max(0, math.Min(v, maxRepeats)))
	switch have := len(r.kids); {
	case have > n:
		s.shrink(r, n, have-n)
	case have < n:
		s.grow(r, n-have)
	}
}

func (s *Session) calculate(c *cell, in *inst) {
	if s.keepCalc && (in.def.bind.volatile || in.def.editable()) {
		return
	}
	v, err := c.expr.EvalString(s.at(in))
	if err != nil {
		v = ""
	}
	v = canonical(in.def.bind.typ, v)
	if s.keepCalc {
		s.recordDrift(in, v)
	}
	s.setText(in, v, c)
}

// editable says whether a person can change the value.
func (d *def) editable() bool {
	return d.control != nil && d.control.Type != "note" && !d.bind.alwaysReadonly
}

// setText stores an answer and wakes what reads it. by is the cell that
// computed it, nil for a person's answer.
func (s *Session) setText(in *inst, v string, by *cell) {
	old := in.node.Text
	if v != in.answer() {
		in.note, in.vouch = "", nil
		if in.trans != nil {
			in.trans.checked, in.trans.reason = false, ""
		}
		s.touch(in)
	}
	s.store(in, v)
	if in.node.Text == old {
		return
	}
	s.valueChanged(in, by)
}

func (s *Session) valueChanged(in *inst, by *cell) {
	s.touch(in)
	s.notify(in, by, in)
	d := in.def
	if c := d.cells[cellConstraint]; c != nil {
		s.mark(c, in)
	}
	if c := d.cells[cellWarning]; c != nil {
		s.mark(c, in)
	}
	if !s.loading {
		for _, a := range d.onChange {
			s.pending = append(s.pending, event{a, in})
		}
	}
}

// store keeps the answer; what the list of choices does not offer is hidden.
func (s *Session) store(in *inst, v string) {
	in.hidden, in.raw = false, ""
	if c := in.def.control; c != nil && (c.Type == "select" || c.Type == "rank") && spaced(v) {
		v = strings.Join(strings.Fields(v), " ")
	}
	if c := in.def.control; c != nil && v != "" && (c.itemset != nil || c.items != nil) {
		if shown := s.offered(in, c, v); shown != v {
			in.hidden, in.raw, in.node.Text = true, v, shown
			return
		}
	}
	in.node.Text = v
}

// offered reduces an answer to the choices that are offered.
func (s *Session) offered(in *inst, c *Control, v string) string {
	if c.Type == "select1" {
		if s.hasChoice(in, c, v) {
			return v
		}
		return ""
	}
	all := true
	for w := range strings.FieldsSeq(v) {
		all = all && s.hasChoice(in, c, w)
	}
	if all {
		return v
	}
	var kept []string
	for w := range strings.FieldsSeq(v) {
		if s.hasChoice(in, c, w) {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// spaced says whether a list of choices has blanks that separate nothing.
func spaced(v string) bool {
	return v != "" && (v[0] == ' ' || v[len(v)-1] == ' ' || strings.Contains(v, "  ") || strings.ContainsAny(v, "\t\n\r"))
}
