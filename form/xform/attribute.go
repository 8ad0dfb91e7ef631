package xform

import (
	"slices"
	"strings"

	"ruhu/form/xpath"
)

// Attributes that the form binds or sets (entities/entity/@id, @create) are
// definitions too: they are calculated, preloaded and set by actions like
// elements, and are read by their path. They are no nodes of State: a screen
// does not show them.

// boundAttrs finds the attributes that binds and actions name, by the path of
// their element.
func (p *parser) boundAttrs(n *xpath.Node) {
	if n == nil {
		return
	}
	for _, c := range n.Children {
		switch {
		case c.Kind != xpath.KindElement || elem(c, "instance") || elem(c, "itext"):
			continue
		case elem(c, "bind"), elem(c, "setvalue"), elem(c, "setgeopoint"):
			ref := controlRef(c)
			if i := strings.LastIndex(ref, "/@"); i > 0 {
				at := p.absolute(stripPredicates(ref[:i]), "")
				if name := ref[i+2:]; !slices.Contains(p.atts[at], name) {
					p.atts[at] = append(p.atts[at], name)
				}
			}
		}
		p.boundAttrs(c)
	}
}

// attributes makes the definitions of the bound attributes of d.
func (p *parser) attributes(d *def) []*def {
	var out []*def
	for _, name := range p.atts[d.path] {
		prefix, local, ok := strings.Cut(name, ":")
		if !ok {
			prefix, local = "", name
		}
		node := &xpath.Node{Kind: xpath.KindAttr, Prefix: prefix, Name: xpath.Name{Local: local}, Parent: d.node}
		if prefix != "" {
			node.Name.Space = p.f.ns[prefix]
		}
		for _, a := range d.shape().Attrs {
			if a.Name == node.Name {
				node = a
			}
		}
		out = append(out, &def{node: node, parent: d, path: d.path + "/@" + name, attr: true})
	}
	return out
}

// buildAttr makes the inst of a bound attribute. Its value is that of the copied
// attribute of the element, in whose place it stands.
func (s *Session) buildAttr(d *def, up *inst) *inst {
	in := s.alloc()
	in.def, in.up, in.relSelf = d, up, true
	in.roSelf = d.bind.alwaysReadonly
	in.readonly = in.roSelf
	in.node = xpath.Node{
		Kind: xpath.KindAttr, Name: d.node.Name, Prefix: d.node.Prefix, Parent: &up.node, Blank: up.node.Blank, Data: in,
	}
	s.byDef[d.id] = append(s.byDef[d.id], in)
	for i, a := range up.node.Attrs {
		if a.Name == d.node.Name {
			in.node.Text = a.Text
			up.node.Attrs[i] = &in.node
			return in
		}
	}
	up.node.Attrs = append(up.node.Attrs, &in.node)
	return in
}

// sentAttrs are the attributes that a submission holds: not those whose relevance
// is false.
func sentAttrs(list []*xpath.Node) []*xpath.Node {
	blank := func(a *xpath.Node) bool { return a.Blank }
	if !slices.ContainsFunc(list, blank) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), blank)
}
