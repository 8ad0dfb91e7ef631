package xpath

// take pushes the nodes that step s leads to from n: in document order, after
// the predicates, whose positions count along the axis.
func (m *machine) take(s *step, n *Node) {
	if !m.spend(1) {
		return
	}
	mark := m.mark()
	reverse := false
	switch s.axis {
	case AxisSelf:
		m.offer(s, n)
	case AxisParent:
		if n.Parent != nil {
			m.offer(s, n.Parent)
		}
	case AxisChild:
		m.children(s, n)
	case AxisAttribute:
		for _, a := range n.Attrs {
			m.offer(s, a)
		}
	case AxisNamespace:
		m.namespaces(s, n)
	case AxisDescendantOrSelf:
		m.offer(s, n)
		m.descend(s, n)
	case AxisDescendant:
		m.descend(s, n)
	case AxisAncestorOrSelf:
		reverse = true
		m.offer(s, n)
		m.ancestors(s, n)
	case AxisAncestor:
		reverse = true
		m.ancestors(s, n)
	case AxisFollowingSibling:
		_, after := m.siblings(n)
		for _, x := range after {
			m.offer(s, x)
		}
	case AxisPrecedingSibling:
		reverse = true
		before, _ := m.siblings(n)
		for i := len(before) - 1; i >= 0; i-- {
			m.offer(s, before[i])
		}
	case AxisFollowing:
		m.following(s, n)
	case AxisPreceding:
		reverse = true
		m.preceding(s, n)
	}
	for _, p := range s.progs {
		m.filter(p, mark)
	}
	if reverse {
		seg := m.since(mark)
		for i, j := 0, len(seg)-1; i < j; i, j = i+1, j-1 {
			seg[i], seg[j] = seg[j], seg[i]
		}
	}
}

func (m *machine) offer(s *step, n *Node) {
	if s.matches(n) {
		m.stack = append(m.stack, n)
	}
}

func (m *machine) children(s *step, n *Node) {
	if n.Kind == KindAttr || n.Kind == KindNamespace {
		return
	}
	list := s.named(n)
	m.spend(len(list))
	for _, c := range list {
		if s.matches(c) {
			m.stack = append(m.stack, c)
		}
	}
	if s.wantsText() {
		if t := m.textOf(n); t != nil {
			m.stack = append(m.stack, t)
		}
	}
}

func (m *machine) descend(s *step, n *Node) {
	if !m.spend(len(n.Children)) {
		return
	}
	for _, c := range n.Children {
		m.offer(s, c)
		m.descend(s, c)
	}
	if s.wantsText() {
		if t := m.textOf(n); t != nil {
			m.stack = append(m.stack, t)
		}
	}
}

func (m *machine) ancestors(s *step, n *Node) {
	for n.Parent != nil {
		n = n.Parent
		m.offer(s, n)
	}
}

// siblings returns what stands before and after n under its parent; attributes
// and namespaces have no siblings.
func (m *machine) siblings(n *Node) (before, after []*Node) {
	if n.Parent == nil || n.Kind == KindAttr || n.Kind == KindNamespace {
		return nil, nil
	}
	list := n.Parent.Children
	m.spend(len(list))
	for i, c := range list {
		if c == n {
			return list[:i], list[i+1:]
		}
	}
	return nil, nil
}

func (m *machine) following(s *step, n *Node) {
	if n.Kind == KindAttr || n.Kind == KindNamespace {
		m.descend(s, n.Parent)
		n = n.Parent
	}
	for ; n != nil; n = n.Parent {
		_, after := m.siblings(n)
		for _, x := range after {
			m.offer(s, x)
			m.descend(s, x)
		}
	}
}

// preceding goes backwards, leaving out ancestors.
func (m *machine) preceding(s *step, n *Node) {
	if n.Kind == KindAttr || n.Kind == KindNamespace {
		n = n.Parent
	}
	for ; n != nil; n = n.Parent {
		before, _ := m.siblings(n)
		for i := len(before) - 1; i >= 0; i-- {
			start := m.mark()
			m.offer(s, before[i])
			m.descend(s, before[i])
			seg := m.since(start)
			for a, b := 0, len(seg)-1; a < b; a, b = a+1, b-1 {
				seg[a], seg[b] = seg[b], seg[a]
			}
		}
	}
}

// namespaces makes the namespace nodes of an element: one per prefix in scope.
func (m *machine) namespaces(s *step, n *Node) {
	if n.Kind != KindElement {
		return
	}
	seen := map[string]bool{}
	add := func(prefix, uri string) {
		if seen[prefix] {
			return
		}
		seen[prefix] = true
		if uri == "" {
			return
		}
		key := nsKey{n, prefix}
		x := m.names[key]
		if x == nil {
			x = &Node{Kind: KindNamespace, Name: Name{Local: prefix}, Text: uri, Parent: n}
			if m.names == nil {
				m.names = map[nsKey]*Node{}
			}
			m.names[key] = x
		}
		m.offer(s, x)
	}
	for e := n; e != nil; e = e.Parent {
		for _, p := range sortedKeys(e.NS) {
			add(p, e.NS[p])
		}
	}
	add("xml", xmlSpace)
}
