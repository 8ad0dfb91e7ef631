package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// choice is one entry of a list: fixed (label) or from an instance (node).
type choice struct {
	value string
	label *text
	node  *xpath.Node
}

// finish precomputes what is the same in every session: lists of choices that
// read nothing of the answers.
func (p *parser) finish() {
	f := p.f
	for _, d := range f.defs {
		if d.leaf() {
			f.nValues++
		}
		if d.path == f.root.path+"/meta/instanceID" || strings.HasSuffix(d.path, ":meta/"+d.node.Prefix+":instanceID") {
			f.instID = d
		}
		if c := d.control; c != nil {
			p.fix(c.itemset, d)
			p.fix(c.ticks, d)
		}
	}
}

func (p *parser) fix(is *itemset, d *def) {
	if is == nil || !p.fixedList(is.nodes) {
		return
	}
	env := &xpath.Env{Instance: func(id string) *xpath.Node { return p.f.instances[id] }}
	if list, err := is.list(&xpath.Context{Node: d.node, Env: env}); err == nil {
		is.fixed, is.static, is.index = list, true, index(list)
	}
}

func (p *parser) fixedList(e *xpath.Expr) bool {
	for _, name := range e.Calls() {
		if name != "instance" {
			return false
		}
	}
	for _, r := range e.Refs() {
		if r.Base != xpath.RefInstance {
			return false
		}
		if x, ok := p.f.instances[r.Instance]; !ok || x == nil || p.f.lastSaved[r.Instance] {
			return false
		}
	}
	return true
}

// index makes looking up a choice cheap in long lists.
func index(list []choice) map[string]bool {
	if len(list) < 12 {
		return nil
	}
	m := make(map[string]bool, len(list))
	for _, c := range list {
		m[c.value] = true
	}
	return m
}

// list evaluates the nodeset at c and the value of each node in it. Of
// equal values the first counts.
func (is *itemset) list(c *xpath.Context) ([]choice, error) {
	nodes, err := is.nodes.EvalNodes(c)
	if err != nil {
		return nil, err
	}
	out := make([]choice, 0, len(nodes))
	at := *c
	for i, n := range nodes {
		if n.Blank {
			continue
		}
		v := n.StringValue()
		if is.value != nil {
			at.Node, at.Pos, at.Size = n, i+1, len(nodes)
			if v, err = is.value.EvalString(&at); err != nil {
				return nil, err
			}
		}
		out = append(out, choice{value: strings.TrimSpace(v), node: n})
	}
	return out, nil
}

// choose computes the list of choices of a select and then which part of the
// answer it still offers.
func (s *Session) choose(c *cell, in *inst) {
	is := in.def.control.itemset
	if !is.static {
		list, err := is.list(s.at(in))
		if err != nil {
			list = nil
		}
		if !sameChoices(list, in.choices) {
			in.choices = list
			s.touch(in)
		}
	}
	old := in.node.Text
	s.store(in, in.answer())
	if in.node.Text != old {
		s.valueChanged(in, c)
	}
}

func sameChoices(a, b []choice) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].value != b[i].value || a[i].node != b[i].node {
			return false
		}
	}
	return true
}

func (s *Session) hasChoice(in *inst, c *Control, v string) bool {
	if c.itemset == nil {
		for i := range c.items {
			if c.items[i].value == v {
				return true
			}
		}
		return false
	}
	list := in.choices
	if c.itemset.static {
		if c.itemset.index != nil {
			return c.itemset.index[v]
		}
		list = c.itemset.fixed
	}
	for i := range list {
		if list[i].value == v {
			return true
		}
	}
	return false
}

// choiceList gives the choices of a select in their order.
func (s *Session) choiceList(in *inst) []choice {
	c := in.def.control
	if c == nil {
		return nil
	}
	if c.itemset == nil {
		out := make([]choice, len(c.items))
		for i := range c.items {
			out[i] = choice{value: c.items[i].value, label: c.items[i].label}
		}
		return out
	}
	if c.itemset.static {
		return c.itemset.fixed
	}
	return in.choices
}

// choiceText gives the label of a choice in the active language.
func (s *Session) choiceText(in *inst, ch choice) string {
	if ch.node == nil {
		return s.text(ch.label, in)
	}
	return s.itemText(in, in.def.control.itemset, ch)
}

func (s *Session) itemText(in *inst, is *itemset, ch choice) string {
	e := is.label
	if e == nil {
		return ch.value
	}
	saved, was := s.ctx, s.texting
	s.texting = in
	s.ctx.Node, s.ctx.Current, s.ctx.Pos, s.ctx.Size = ch.node, &in.node, 0, 0
	v, err := e.EvalString(&s.ctx)
	s.ctx, s.texting = saved, was
	if err != nil {
		return ""
	}
	return v
}

// choiceMedia gives the pictures and sounds of a choice in the active language.
func (s *Session) choiceMedia(in *inst, ch choice) map[string]string {
	if ch.node == nil {
		return s.media(ch.label)
	}
	e := in.def.control.itemset.labelID
	if e == nil || s.lang >= len(s.f.itext) {
		return nil
	}
	saved := s.ctx
	s.ctx.Node, s.ctx.Current, s.ctx.Pos, s.ctx.Size = ch.node, &in.node, 0, 0
	id, err := e.EvalString(&s.ctx)
	s.ctx = saved
	if t := s.f.itext[s.lang][id]; err == nil && t != nil {
		return t.media
	}
	return nil
}

// choiceName answers jr:choice-name: the label of a value in the select at path.
func (s *Session) choiceName(value, path string, ctx *xpath.Node) (string, bool) {
	in := instOf(ctx)
	d := s.f.byPath[stripPredicates(path)]
	if in != nil && !strings.HasPrefix(path, "/") {
		p := parser{f: s.f}
		d = s.f.byPath[stripPredicates(p.absolute(path, in.def.path))]
	}
	if d == nil || value == "" || s.depth > maxTextDepth {
		return "", false
	}
	s.depth++
	defer func() { s.depth-- }()
	target := s.nearest(d, in)
	if target == nil {
		return "", false
	}
	if x := target.def.cells[cellItems]; x != nil && len(target.choices) == 0 && !target.def.control.itemset.static {
		if list, err := target.def.control.itemset.list(&xpath.Context{
			Node: &target.node, Current: &target.node, Env: &s.xenv,
		}); err == nil {
			target.choices = list
		}
	}
	for _, ch := range s.choiceList(target) {
		if ch.value == value {
			return s.choiceText(target, ch), true
		}
	}
	return "", false
}

// instOf finds the inst of a node of the primary instance.
func instOf(n *xpath.Node) *inst {
	for ; n != nil; n = n.Parent {
		if in, ok := n.Data.(*inst); ok {
			return in
		}
	}
	return nil
}

// nearest finds the inst of d that from sees: in the same repeat instances as
// far as they are shared, else the first.
func (s *Session) nearest(d *def, from *inst) *inst {
	a := from
	for a != nil && (a.isRange || !d.within(a.def)) {
		a = a.up
	}
	if a == nil {
		a = s.root
	}
	for a.def != d {
		next := (*inst)(nil)
		for _, k := range a.kids {
			if d.within(k.def) {
				next = k
				break
			}
		}
		if next == nil {
			return nil
		}
		if next.isRange {
			if len(next.kids) == 0 {
				return nil
			}
			next = next.kids[0]
		}
		a = next
	}
	return a
}
