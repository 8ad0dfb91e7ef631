package xform

import (
	"ruhu/form/xpath"
)

// instancesOf finds the primary instance (the first one) and loads the
// secondary ones.
func (p *parser) instancesOf(model *xpath.Node) {
	f := p.f
	for _, n := range model.Children {
		if !elem(n, "instance") {
			continue
		}
		id := attr(n, "id")
		top := n.Element()
		if f.tree == nil {
			if top == nil {
				return
			}
			p.primary(top)
			if id != "" {
				f.instances[id] = nil // the primary instance under its own id
			}
			continue
		}
		src := attr(n, "src")
		if src == "" {
			f.instances[id] = detach(n)
			continue
		}
		f.instances[id] = p.external(src, id)
		if src == lastSavedURI {
			f.lastSaved[id] = true
		}
	}
}

// primary takes the instance out of the form document, so that it has a
// document node of its own.
func (p *parser) primary(top *xpath.Node) {
	f := p.f
	doc := detachElem(top)
	f.tree = doc
	f.root = &def{node: top, path: "/" + top.QName()}
	f.id = plainAttr(top, "id")
	if f.id == "" {
		f.id = top.Name.Space
	}
	f.version = attr(top, "version")
}

// detach makes a document of an instance element: its element child becomes the
// root element.
func detach(inst *xpath.Node) *xpath.Node {
	if top := inst.Element(); top != nil {
		return detachElem(top)
	}
	return &xpath.Node{Kind: xpath.KindDocument}
}

func detachElem(top *xpath.Node) *xpath.Node {
	doc := &xpath.Node{Kind: xpath.KindDocument}
	own, hasOwn := top.NS[""]
	top.Parent = doc
	doc.Children = []*xpath.Node{top}
	stripSpace(doc)
	if !hasOwn {
		own = ""
	}
	ownSpace(top, own)
	return doc
}

// ownSpace puts elements without prefix in the default namespace that the
// instance itself declares, mostly none: that of the form document around it
// belongs to the markup, not to the data.
func ownSpace(n *xpath.Node, space string) {
	if own, ok := n.NS[""]; ok {
		space = own
	}
	if n.Prefix == "" {
		n.Name.Space = space
	}
	for _, c := range n.Children {
		ownSpace(c, space)
	}
}

// stripSpace removes comments and white space between elements.
func stripSpace(n *xpath.Node) {
	hasElem := n.Element() != nil
	if !hasElem && n.Kind == xpath.KindElement {
		n.Text = n.StringValue()
		n.Children = nil
		return
	}
	kept := n.Children[:0:0]
	for _, c := range n.Children {
		if c.Kind == xpath.KindElement {
			stripSpace(c)
			kept = append(kept, c)
		}
	}
	n.Children = kept
}

// repeats marks the definitions that the body repeats, so that the instance
// tree can be read with them in mind.
func (p *parser) repeats(body *xpath.Node) {
	p.repeatPaths(body, "")
}

// definitions walks the primary instance and makes one definition per element;
// templates and further instances of a repeat share one.
func (p *parser) definitions() {
	f := p.f
	var walk func(d *def)
	walk = func(d *def) {
		d.id = len(f.defs)
		d.bind = &bind{typ: "string"}
		f.defs = append(f.defs, d)
		f.byPath[d.path] = d
		d.anchor = nil
		if d.repeat {
			d.anchor = d
		} else if d.parent != nil {
			d.anchor = d.parent.anchor
		}
		d.attrs = p.attributes(d)
		for _, a := range d.attrs {
			walk(a)
		}
		for _, group := range sameName(d.shape().Children) {
			c := &def{node: group[0], parent: d, path: d.path + "/" + group[0].QName(), order: len(d.children)}
			c.repeat = p.reps[c.path] || (len(group) > 1 && hasTemplate(group))
			if c.repeat {
				c.splitRepeat(group)
			}
			d.children = append(d.children, c)
			walk(c)
		}
		d.last = len(f.defs) - 1
		d.indexNames()
	}
	walk(f.root)
	if m := f.byPath[f.root.path+"/meta"]; m != nil {
		m.notes = true
	} else if m := f.byPath[f.root.path+"/orx:meta"]; m != nil {
		m.notes = true
	}
}

// indexNames makes looking up a child cheap in long lists.
func (d *def) indexNames() {
	if len(d.children) <= 12 {
		return
	}
	d.names = make(map[string]int, len(d.children))
	for i, c := range d.children {
		if _, twice := d.names[c.node.Name.Local]; twice {
			i = -1
		}
		d.names[c.node.Name.Local] = i
	}
}

// Named implements xpath.ChildIndex.
func (in *inst) Named(local string) (from, to int, ok bool) {
	if in.def.names == nil || in.isRange {
		return 0, 0, false
	}
	i, there := in.def.names[local]
	if !there {
		return 0, 0, true
	}
	if i < 0 {
		return 0, 0, false
	}
	k := in.kids[i]
	if k.isRange {
		return k.at, k.at + len(k.kids), true
	}
	return k.at, k.at + 1, true
}

// shape is the element whose children define this definition's children.
func (d *def) shape() *xpath.Node {
	if d.template != nil {
		return d.template
	}
	return d.node
}

// splitRepeat separates the template from the instances that the form brings.
func (d *def) splitRepeat(group []*xpath.Node) {
	for _, n := range group {
		if isTemplate(n) {
			if d.template == nil {
				d.template = n
			}
			continue
		}
		d.first = append(d.first, n)
	}
	if d.template == nil {
		d.template, d.blankNew = d.first[0], true
	}
	d.node = d.template
}

func isTemplate(n *xpath.Node) bool {
	_, ok := n.Attr(nsJavaRosa, "template")
	if !ok {
		_, ok = n.Attr("", "template")
	}
	return ok
}

func hasTemplate(group []*xpath.Node) bool {
	for _, n := range group {
		if isTemplate(n) {
			return true
		}
	}
	return false
}

// sameName groups siblings by name in the order of their first appearance.
func sameName(nodes []*xpath.Node) [][]*xpath.Node {
	var out [][]*xpath.Node
	at := map[string]int{}
	for _, n := range nodes {
		if n.Kind != xpath.KindElement {
			continue
		}
		name := n.QName()
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], n)
	}
	return out
}
