package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// group reads a group. A group that only wraps a repeat gives the repeat its
// label, which is how forms write repeats.
func (p *parser) group(n *xpath.Node, within *def) *Control {
	d, ok := p.target(n, within)
	if !ok {
		return nil
	}
	rep := child(n, "repeat")
	if rep != nil && (d == nil || d.repeat) {
		rd, ok := p.target(rep, within)
		if ok && rd != nil && (d == rd || (d == nil && onlyRepeat(n))) {
			return p.repeat(rep, within, n)
		}
	}
	c := p.common(n, d, "group")
	if d != nil && d.leaf() {
		c.def = nil // a group on a leaf shows children, the leaf keeps its control
	}
	p.claim(c)
	inner := within
	if d != nil {
		inner = d
	}
	p.actions(n, d)
	c.Children = p.controls(n, inner)
	return c
}

// onlyRepeat says whether a group without ref holds one repeat and nothing else.
func onlyRepeat(n *xpath.Node) bool {
	found := 0
	for _, c := range n.Children {
		if c.Kind == xpath.KindElement && !elem(c, "label") && !elem(c, "hint") {
			if !elem(c, "repeat") {
				return false
			}
			found++
		}
	}
	return found == 1
}

func (p *parser) repeat(n *xpath.Node, within *def, wrapper *xpath.Node) *Control {
	d, ok := p.target(n, within)
	if !ok || d == nil {
		return nil
	}
	c := p.common(n, d, "repeat")
	c.Datatype = ""
	if wrapper != nil {
		where := d.path
		if l := child(wrapper, "label"); l != nil {
			c.label = p.readText(l, where+"/label")
		}
		if h := child(wrapper, "hint"); h != nil {
			c.hint = p.readText(h, where+"/hint")
		}
		if c.Appearance == "" {
			c.Appearance = attr(wrapper, "appearance")
		}
		p.actions(wrapper, d)
	}
	if src := attr(n, "count"); src != "" {
		c.count = p.compile(src, d.path+"/@jr:count")
		c.Fixed = true
	} else if s := strings.TrimSpace(attr(n, "noAddRemove")); s == "true()" || s == "true" || s == "1" {
		c.Fixed = true
	}
	p.claim(c)
	p.actions(n, d)
	c.Children = p.controls(n, d)
	return c
}
