package xform

// pairing says which definition of an older version of a form each definition of
// a newer one is, and the other way round; nil: there is none.
type pairing struct {
	was []*def // by id in the newer form
	is  []*def // by id in the older form
}

// pair finds them. A question is the same when it stands at the same place, or,
// where nothing of its name does, when no other question of either form has its
// name: it was moved. It does not move into another repeat or out of one, because
// then an answer has no one place.
func pair(old, now *Form) *pairing {
	p := &pairing{was: make([]*def, len(now.defs)), is: make([]*def, len(old.defs))}
	p.join(old.root, now.root)
	there, here := only(old), only(now)
	for _, d := range now.defs { // parents come before their children
		if d.parent == nil {
			continue
		}
		if o := p.sameplace(d); o != nil {
			p.join(o, d)
			continue
		}
		name := kindName(d)
		o := there[name]
		if o != nil && here[name] == d && p.is[o.id] == nil && p.beside(o, d) {
			p.join(o, d)
		}
	}
	return p
}

func (p *pairing) join(o, d *def) { p.was[d.id], p.is[o.id] = o, d }

// sameplace is the older definition with d's name in the group that d's group was.
func (p *pairing) sameplace(d *def) *def {
	up := p.was[d.parent.id]
	if up == nil {
		return nil
	}
	list := up.children
	if d.attr {
		list = up.attrs
	}
	for _, o := range list {
		if o.node.Name.Local == d.node.Name.Local && kindName(o) == kindName(d) && p.is[o.id] == nil {
			return o
		}
	}
	return nil
}

// beside says whether two definitions stand in the same repeat.
func (p *pairing) beside(o, d *def) bool {
	if o.parent == nil || o.attr {
		return false
	}
	a, b := o.parent.anchor, d.parent.anchor
	if a == nil || b == nil {
		return a == b
	}
	return p.was[b.id] == a
}

// moved says whether a question left its group; what stands in a group that was
// moved as a whole did not.
func (p *pairing) moved(d *def) bool {
	o := p.was[d.id]
	return o != nil && o.parent != nil && p.was[d.parent.id] != o.parent
}

// kindName is a name that groups, repeats, questions and attributes do not share.
func kindName(d *def) string {
	switch {
	case d.attr:
		return "@" + d.node.Name.Local
	case d.repeat:
		return "*" + d.node.Name.Local
	case d.leaf():
		return d.node.Name.Local
	}
	return "/" + d.node.Name.Local
}

// only lists the definitions by their kind and name; nil for a name that several
// have.
func only(f *Form) map[string]*def {
	out := make(map[string]*def, len(f.defs))
	for _, d := range f.defs {
		if _, twice := out[kindName(d)]; twice {
			out[kindName(d)] = nil
			continue
		}
		out[kindName(d)] = d
	}
	return out
}
