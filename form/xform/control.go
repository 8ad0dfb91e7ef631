package xform

import (
	"maps"
	"strings"

	"ruhu/form/xpath"
)

// Control is one element of the form's body. Ref is without repeat numbers and
// "" for a group that only groups on the screen.
type Control struct {
	Ref        string            `json:"ref"`
	Type       string            `json:"type"` // group repeat input select select1 rank range trigger upload note
	Datatype   string            `json:"datatype"`
	Appearance string            `json:"appearance"`
	Mediatype  string            `json:"mediatype,omitempty"`
	Attrs      map[string]string `json:"attrs,omitempty"` // start, end, step, rows, autoplay, … as written; of the bind: max-pixels, quality
	Fixed      bool              `json:"fixed,omitempty"` // a repeat whose number of instances the form sets
	Children   []*Control        `json:"children"`

	label, hint *text
	items       []item
	itemset     *itemset
	tags        []tag    // of an upload of kind osm
	ticks       *itemset // of a range: what some of its numbers are called
	count       *xpath.Expr
	def         *def
}

type item struct {
	value string
	label *text
}

// itemset is a list of choices from an instance.
type itemset struct {
	nodes, value *xpath.Expr
	label        *xpath.Expr
	labelID      *xpath.Expr // the argument, where the label is jr:itext(…)
	fixed        []choice    // the list, when it reads no answers
	index        map[string]bool
	static       bool
}

// controlTypes are the body elements that take a value.
var controlTypes = map[string]bool{
	"input": true, "select": true, "select1": true, "rank": true, "range": true, "trigger": true,
	"upload": true, "secret": true,
}

// repeatPaths collects the nodesets of all repeats before the instance is read.
func (p *parser) repeatPaths(n *xpath.Node, base string) {
	if n == nil {
		return
	}
	for _, c := range n.Children {
		if c.Kind != xpath.KindElement {
			continue
		}
		ref := controlRef(c)
		at := base
		if ref != "" {
			at = p.absolute(ref, base)
		}
		if elem(c, "repeat") && at != "" {
			p.reps[at] = true
		}
		if elem(c, "group") || elem(c, "repeat") {
			p.repeatPaths(c, at)
		}
	}
}

func controlRef(n *xpath.Node) string {
	if s := attr(n, "nodeset"); s != "" {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(plainAttr(n, "ref"))
}

// absolute resolves a control's or bind's path against that of the enclosing
// one; current()/ and a trailing slash are dropped.
func (p *parser) absolute(ref, base string) string {
	ref = strings.TrimSuffix(strings.TrimSpace(ref), "/")
	if strings.HasPrefix(ref, "/") {
		return strings.ReplaceAll(ref, " ", "")
	}
	if base == "" {
		base = p.f.root.path
	}
	for _, step := range strings.Split(ref, "/") {
		switch step = strings.TrimSpace(step); step {
		case ".", "", "current()":
		case "..":
			if i := strings.LastIndexByte(base, '/'); i > 0 {
				base = base[:i]
			}
		default:
			base += "/" + step
		}
	}
	return base
}

func (p *parser) lookup(path string) *def {
	return p.f.byPath[path]
}

// controls reads the children of the body, a group or a repeat.
func (p *parser) controls(n *xpath.Node, within *def) []*Control {
	out := []*Control{}
	for _, c := range n.Children {
		if c.Kind != xpath.KindElement {
			continue
		}
		switch name := c.Name.Local; {
		case name == "group":
			if g := p.group(c, within); g != nil {
				out = append(out, g)
			}
		case name == "repeat":
			if r := p.repeat(c, within, nil); r != nil {
				out = append(out, r)
			}
		case controlTypes[name]:
			if q := p.question(c, within); q != nil {
				out = append(out, q)
			}
		}
	}
	return out
}

// target finds the definition of a control and reports a missing one.
func (p *parser) target(n *xpath.Node, within *def) (*def, bool) {
	ref := controlRef(n)
	if id := plainAttr(n, "bind"); ref == "" && id != "" {
		if d := p.binds[id]; d != nil {
			return d, true
		}
		p.err("xform.unknown_node", n.Name.Local, id)
		return nil, false
	}
	if ref == "" {
		return nil, true
	}
	base := ""
	if within != nil {
		base = within.path
	}
	d := p.lookup(p.absolute(ref, base))
	if d == nil && !strings.HasPrefix(ref, "/") {
		d = p.lookup(p.absolute(ref, ""))
	}
	if d == nil {
		// Other tools drop such a control too; forms in the field have them.
		p.warn("xform.unknown_node", n.Name.Local, ref)
		return nil, false
	}
	return d, true
}

func (p *parser) common(n *xpath.Node, d *def, typ string) *Control {
	c := &Control{Type: typ, Appearance: strings.TrimSpace(attr(n, "appearance")), def: d, Children: []*Control{}}
	where := typ
	if d != nil {
		c.Ref, c.Datatype, where = d.path, d.bind.typ, d.path
	}
	if d != nil {
		c.Attrs = maps.Clone(d.bind.attrs)
	}
	c.label = p.readText(child(n, "label"), where+"/label")
	c.hint = p.readText(child(n, "hint"), where+"/hint")
	for _, a := range n.Attrs {
		switch a.Name.Local {
		case "ref", "nodeset", "appearance", "mediatype", "bind":
		case "count", "noAddRemove", "template":
		default:
			if c.Attrs == nil {
				c.Attrs = map[string]string{}
			}
			c.Attrs[a.QName()] = a.Text
		}
	}
	return c
}

// claim ties a control to its definition; a second control on the same one is
// shown too, but the first decides how the answer is read.
func (p *parser) claim(c *Control) {
	if c.def == nil {
		return
	}
	if c.def.control != nil {
		p.warn("xform.two_controls", c.Ref, c.Type)
		return
	}
	c.def.control = c
}

func (p *parser) question(n *xpath.Node, within *def) *Control {
	d, ok := p.target(n, within)
	if !ok || d == nil {
		return nil
	}
	typ := n.Name.Local
	if typ == "secret" {
		typ = "input"
	}
	c := p.common(n, d, typ)
	c.Mediatype = attr(n, "mediatype")
	if c.Mediatype != "" && !strings.Contains(c.Mediatype, "/") {
		p.err("xform.mediatype", d.path, c.Mediatype)
	}
	if typ == "input" && d.bind.alwaysReadonly && d.bind.typ == "string" && (c.label != nil || c.hint != nil) {
		c.Type = "note"
	}
	p.claim(c)
	p.actions(n, d)
	for _, k := range n.Children {
		switch {
		case elem(k, "item"):
			c.items = append(c.items, p.item(k, d.path+"/item"))
		case elem(k, "itemset") && (typ == "select" || typ == "select1" || typ == "rank"):
			c.itemset = p.itemset(k, d.path)
		case elem(k, "itemset") && typ == "range":
			c.ticks = p.itemset(k, d.path)
		case elem(k, "tag") && typ == "upload":
			c.tags = append(c.tags, p.tag(k, d.path))
		}
	}
	return c
}

func (p *parser) item(n *xpath.Node, where string) item {
	return item{value: strings.TrimSpace(childText(n, "value")), label: p.readText(child(n, "label"), where)}
}

func childText(n *xpath.Node, name string) string {
	if c := child(n, name); c != nil {
		return c.StringValue()
	}
	return ""
}

func (p *parser) itemset(n *xpath.Node, where string) *itemset {
	is := &itemset{nodes: p.compile(attr(n, "nodeset"), where+"/itemset")}
	if is.nodes == nil {
		return nil
	}
	if v := child(n, "value"); v != nil {
		is.value = p.compile(attr(v, "ref"), where+"/itemset/value")
	}
	if l := child(n, "label"); l != nil {
		ref := strings.TrimSpace(attr(l, "ref"))
		is.label = p.compile(ref, where+"/itemset/label")
		if id, ok := strings.CutPrefix(ref, "jr:itext("); ok && p.choiceMedia {
			is.labelID = p.compile(strings.TrimSuffix(id, ")"), where+"/itemset/label")
		}
	}
	return is
}
