package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// walk follows the steps from the definitions in at (nil stands for the
// document). It returns the definitions reached and the innermost repeat that
// the path never leaves.
func (p *parser) walk(at []*def, steps []xpath.RefStep, scope *def) ([]*def, *def) {
	for i, st := range steps {
		if i == len(steps)-1 && st.Axis == xpath.AxisChild && st.Name == "" {
			break // text(): the value of the node itself
		}
		if st.Axis == xpath.AxisAttribute && !boundAttr(at, st.Name) || st.Axis == xpath.AxisNamespace {
			break
		}
		var next []*def
		seen := map[*def]bool{}
		for _, d := range at {
			p.step(d, st, func(x *def) {
				if !seen[x] {
					seen[x] = true
					next = append(next, x)
				}
			})
		}
		at = next
		for _, d := range at {
			for scope != nil && (d == nil || d.anchor == nil || !d.within(scope)) {
				scope = above(scope)
			}
			// From a repeat instance to itself by name goes over all instances.
			if d != nil && d == scope && st.Axis == xpath.AxisChild {
				scope = above(scope)
			}
		}
		if st.Axis >= xpath.AxisFollowing {
			scope = nil
		}
	}
	out := at[:0:0]
	for _, d := range at {
		if d != nil {
			out = append(out, d)
		}
	}
	return out, scope
}

// boundAttr tells whether one of the definitions has a bound attribute of this
// name; other attributes count as part of their element.
func boundAttr(at []*def, name string) bool {
	for _, d := range at {
		if d == nil {
			continue
		}
		for _, a := range d.attrs {
			if name == "*" || sameQName(a, name) {
				return true
			}
		}
	}
	return false
}

// above is the next repeat outside of a repeat.
func above(d *def) *def {
	if d.parent == nil {
		return nil
	}
	return d.parent.anchor
}

func (p *parser) step(d *def, st xpath.RefStep, yield func(*def)) {
	match := func(x *def) {
		if st.Name == "" || st.Name == "*" || (x != nil && sameQName(x, st.Name)) {
			yield(x)
		}
	}
	var down func(x *def)
	down = func(x *def) {
		for _, k := range p.kids(x) {
			match(k)
			down(k)
		}
	}
	switch st.Axis {
	case xpath.AxisChild:
		if d != nil && d.names != nil && st.Name != "" && !strings.Contains(st.Name, "*") {
			k, ok := d.names[localName(st.Name)]
			if !ok {
				return
			}
			if k >= 0 {
				match(d.children[k])
				return
			}
		}
		for _, k := range p.kids(d) {
			match(k)
		}
	case xpath.AxisAttribute:
		if d != nil {
			for _, a := range d.attrs {
				match(a)
			}
		}
	case xpath.AxisSelf:
		match(d)
	case xpath.AxisParent:
		if d != nil {
			match(d.parent)
		}
	case xpath.AxisDescendant:
		down(d)
	case xpath.AxisDescendantOrSelf:
		match(d)
		down(d)
	case xpath.AxisAncestor, xpath.AxisAncestorOrSelf:
		if st.Axis == xpath.AxisAncestorOrSelf {
			match(d)
		}
		for a := d; a != nil; a = a.parent {
			match(a.parent)
		}
	default: // following, preceding and siblings: be generous
		if d != nil && d.parent != nil {
			if st.Axis == xpath.AxisFollowing || st.Axis == xpath.AxisPreceding {
				down(nil)
				return
			}
			for _, k := range d.parent.children {
				match(k)
			}
		}
	}
}

func (p *parser) kids(d *def) []*def {
	if d == nil {
		return []*def{p.f.root}
	}
	return d.children
}

func sameQName(d *def, name string) bool {
	if d.node.QName() == name || name == d.node.Name.Local {
		return true
	}
	if i := strings.IndexByte(name, ':'); i >= 0 {
		return name[i+1:] == "*" || name[i+1:] == d.node.Name.Local
	}
	return false
}
