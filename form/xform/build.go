package xform

import (
	"ruhu/form/xpath"
)

// alloc takes an inst from the slab: a session of a usual form needs one
// allocation for all its nodes.
func (s *Session) alloc() *inst {
	if len(s.slab) == cap(s.slab) {
		s.slab = make([]inst, 0, 64)
	}
	s.slab = s.slab[:len(s.slab)+1]
	return &s.slab[len(s.slab)-1]
}

// build makes the inst of d and everything below from the element src. own says
// that src comes from the form itself, whose values are defaults; otherwise it
// is a record. What a record lacks is as in a new one, but blank when the record
// is to be judged.
func (s *Session) build(d *def, src *xpath.Node, up *inst, own bool) *inst {
	in := s.alloc()
	in.def, in.up = d, up
	in.relSelf = true
	in.node.Kind = xpath.KindElement
	in.node.Name, in.node.Prefix, in.node.NS = d.node.Name, d.node.Prefix, d.node.NS
	in.node.Repeat = d.repeat
	in.node.Data = in
	if up != nil {
		in.node.Parent = &up.node
		in.roSelf = d.bind.alwaysReadonly
		in.readonly = in.roSelf || up.readonly
		in.node.Blank = up.node.Blank
	} else {
		in.roSelf = d.bind.alwaysReadonly
		in.readonly = in.roSelf
	}
	in.required = d.bind.alwaysRequired
	s.byDef[d.id] = append(s.byDef[d.id], in)
	s.attrs(in, src)
	for _, a := range d.attrs {
		in.atts = append(in.atts, s.buildAttr(a, in))
	}
	if len(d.children) == 0 {
		if src != nil {
			s.loadText(in, src, own)
		}
		return in
	}
	in.kids = make([]*inst, len(d.children))
	for i, c := range d.children {
		if c.repeat {
			in.kids[i] = s.buildRange(c, src, in, own)
			continue
		}
		sub, mine := pick(src, c), own
		if sub == nil && src != nil && !s.keepCalc {
			sub, mine = c.node, true // left out of the record: as in a new one
		}
		in.kids[i] = s.build(c, sub, in, mine)
	}
	s.link(in)
	return in
}

// attrs copies the attributes of the record, else of the form.
func (s *Session) attrs(in *inst, src *xpath.Node) {
	if src == nil || len(src.Attrs) == 0 {
		src = in.def.node
	}
	for _, a := range src.Attrs {
		if a.Name.Local == "template" && (a.Name.Space == nsJavaRosa || a.Prefix == "") {
			continue
		}
		c := *a
		c.Parent = &in.node
		in.node.Attrs = append(in.node.Attrs, &c)
	}
}

// pick finds the child of src that is an instance of d.
func pick(src *xpath.Node, d *def) *xpath.Node {
	if src == nil {
		return nil
	}
	if d.order < len(src.Children) { // mostly the same order
		if c := src.Children[d.order]; c.Kind == xpath.KindElement && c.Name.Local == d.node.Name.Local && sameSpace(c, d) {
			return c
		}
	}
	for _, c := range src.Children {
		if c.Kind == xpath.KindElement && c.Name.Local == d.node.Name.Local && sameSpace(c, d) {
			return c
		}
	}
	return nil
}

// sameSpace compares namespaces where the form gives the node a prefix; records
// of other clients differ in the default namespace.
func sameSpace(n *xpath.Node, d *def) bool {
	return d.node.Prefix == "" || n.Name.Space == d.node.Name.Space
}

// buildRange makes the place of a repeat and the instances that src has.
func (s *Session) buildRange(d *def, src *xpath.Node, up *inst, own bool) *inst {
	r := s.alloc()
	r.def, r.up, r.isRange, r.relSelf = d, up, true, true
	r.node = xpath.Node{Kind: xpath.KindElement, Name: d.node.Name, Prefix: d.node.Prefix, Parent: &up.node, Data: r}
	r.node.Blank = up.node.Blank
	r.roSelf = d.bind.alwaysReadonly
	r.readonly = r.roSelf || up.readonly
	s.ranges[d.id] = append(s.ranges[d.id], r)
	if src == nil {
		return r
	}
	if !own && s.fresh != nil && s.fresh[d.id] {
		src, own = up.def.shape(), true
	}
	defer func() {
		// A repeat that nobody can add to, written as a template only, has one.
		if c := d.control; own && c != nil && c.Fixed && c.count == nil && len(r.kids) == 0 {
			r.kids = append(r.kids, s.build(d, d.template, up, true))
			r.number(0)
		}
	}()
	for _, c := range src.Children {
		if c.Kind != xpath.KindElement || c.Name.Local != d.node.Name.Local || !sameSpace(c, d) || (own && isTemplate(c)) {
			continue
		}
		if len(r.kids) >= maxRepeats {
			s.findings = append(s.findings, s.finding(up, "structure", "too_many"))
			break
		}
		r.kids = append(r.kids, s.build(d, c, up, own))
	}
	r.number(0)
	return r
}

// link rebuilds the element's list of children after a repeat below has changed.
func (s *Session) link(in *inst) {
	n := 0
	for _, k := range in.kids {
		if k.isRange {
			n += len(k.kids)
		} else {
			n++
		}
	}
	list := make([]*xpath.Node, 0, n)
	for _, k := range in.kids {
		k.at = len(list)
		if !k.isRange {
			list = append(list, &k.node)
			continue
		}
		for _, x := range k.kids {
			list = append(list, &x.node)
		}
	}
	in.node.Children = list
}

// number tells the instances of a range from the first on which ones they are.
func (r *inst) number(first int) {
	for i := first; i < len(r.kids); i++ {
		r.kids[i].node.Number = i + 1
	}
}

// linkNew adds the instances of a range from the first on to the children of the
// element around it. Where nothing comes behind them, which is mostly so at the
// end of a long repeat, the list is not made anew.
func (s *Session) linkNew(r *inst, first int) {
	up := r.up
	if len(up.kids) == 0 || up.kids[len(up.kids)-1] != r || len(up.node.Children) == 0 {
		s.link(up)
		return
	}
	for _, x := range r.kids[first:] {
		up.node.Children = append(up.node.Children, &x.node)
	}
}

// grow appends n instances to a range. Without a template they are blank, but
// for the first of a counted repeat: that is the one that the form defines.
func (s *Session) grow(r *inst, n int) {
	d := r.def
	first := len(r.kids)
	for range n {
		x := s.build(d, d.template, r.up, true)
		if d.blankNew && (len(r.kids) > 0 || d.control == nil || d.control.count == nil) {
			s.blankBelow(x)
		}
		r.kids = append(r.kids, x)
	}
	r.number(first)
	s.linkNew(r, first)
	for _, x := range r.kids[first:] {
		s.markNew(x)
		s.preloadBelow(x)
		for _, a := range d.onNew {
			s.pending = append(s.pending, event{a, x})
		}
	}
	s.restructured(r, len(r.kids))
}

// blankBelow empties a new instance that was shaped after a filled-in one.
func (s *Session) blankBelow(in *inst) {
	in.node.Text, in.raw, in.hidden = "", "", false
	for _, a := range in.atts {
		a.node.Text = ""
	}
	for _, k := range in.kids {
		s.blankBelow(k)
	}
}

// shrink removes the n instances from i on.
func (s *Session) shrink(r *inst, i, n int) {
	if !s.silent && !s.loading {
		s.walkFrom(r, func(in *inst, ref string) {
			if in != r {
				s.removed = append(s.removed, ref)
			}
		})
	}
	for _, x := range r.kids[i : i+n] {
		s.bury(x)
	}
	r.kids = append(r.kids[:i:i], r.kids[i+n:]...)
	r.number(i)
	s.link(r.up)
	for d := r.def.id; d <= r.def.last; d++ {
		s.byDef[d] = alive(s.byDef[d])
		s.ranges[d] = alive(s.ranges[d])
	}
	s.restructured(r, i)
}

func (s *Session) bury(in *inst) {
	in.dead = true
	for _, a := range in.atts {
		a.dead = true
	}
	for _, k := range in.kids {
		s.bury(k)
	}
}

func alive(list []*inst) []*inst {
	out := list[:0]
	for _, in := range list {
		if !in.dead {
			out = append(out, in)
		}
	}
	return out
}

// markNew makes every cell of a new instance dirty.
func (s *Session) markNew(in *inst) {
	s.touch(in)
	for k, c := range in.def.cells {
		if c == nil {
			continue
		}
		if cellKind(k) == cellCount && !in.isRange {
			continue
		}
		s.mark(c, in)
	}
	for _, a := range in.atts {
		s.markNew(a)
	}
	for _, k := range in.kids {
		s.markNew(k)
	}
}
