package xpath

// lookup is a predicate of the form [key = value] where value is the same for
// all nodes that are filtered: the usual filter of a cascading select,
// item[town = current()/../town]. The value is computed once per filtering
// instead of once per item.
type lookup struct {
	key   *step // one step to children, attributes or self, without predicates
	value *prog // a node-set or a string
}

// lookupOf recognises such a comparison in either order; nil if it is none.
func lookupOf(x *binaryOp, l, r *prog) *lookup {
	if x.op != "=" {
		return nil
	}
	if k := keyStep(x.l); k != nil && unmoved(x.r) {
		return &lookup{k, r}
	}
	if k := keyStep(x.r); k != nil && unmoved(x.l) {
		return &lookup{k, l}
	}
	return nil
}

func keyStep(x node) *step {
	p, ok := x.(*path)
	if !ok || p.root || p.filter != nil || len(p.steps) != 1 {
		return nil
	}
	s := p.steps[0]
	if len(s.preds) > 0 {
		return nil
	}
	switch {
	case s.axis == AxisSelf && s.kind == testNode, (s.axis == AxisChild || s.axis == AxisAttribute) && s.kind == testName:
		return s
	}
	return nil
}

// unmoved tells whether x is the same wherever the context node is.
func unmoved(x node) bool {
	switch x := x.(type) {
	case *stringLit:
		return true
	case *path:
		if x.root {
			return true
		}
		f, ok := x.filter.(*call)
		return ok && (f.key == "current" || f.key == "instance" && len(f.args) == 1 && unmoved(f.args[0]))
	}
	return false
}

// want returns the one string to look for. It is false when there is not
// exactly one: then the predicate is evaluated the general way.
func (l *lookup) want(m *machine) (string, bool) {
	if l.value.typ == TypeString {
		return l.value.str(m), true
	}
	mark := m.mark()
	defer m.release(mark)
	ns := l.value.set(m)
	if len(ns) != 1 {
		return "", false
	}
	return ns[0].StringValue(), true
}

func (l *lookup) holds(n *Node, want string) bool {
	list := n.Children
	switch l.key.axis {
	case AxisSelf:
		return n.StringValue() == want
	case AxisAttribute:
		list = n.Attrs
	}
	for _, c := range list {
		if l.key.matches(c) && c.StringValue() == want {
			return true
		}
	}
	return false
}
