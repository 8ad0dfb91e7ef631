package xpath

import "sort"

func init() {
	register(1, 1, makeIText, "jr:itext")
	register(4, 4, makePullData, "pulldata")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string {
			if m.env.Property == nil {
				return ""
			}
			s, _ := m.env.Property(a[0].str(m))
			return s
		})
	}, "property")
	register(3, 7, makeIndexedRepeat, "indexed-repeat")
}

// makeIText compiles jr:itext(id): the text in the active language.
func makeIText(_ *compiler, x *call, a []*prog) *prog {
	text := func(m *machine) string {
		if m.env.IText == nil {
			return ""
		}
		s, _ := m.env.IText(a[0].str(m))
		return s
	}
	p := dynProg(x, func(m *machine) Value {
		if m.env.ITextNodes != nil {
			return NodeSet(m.env.ITextNodes(a[0].str(m))...)
		}
		return String(text(m))
	})
	p.str = text
	return p
}

// makePullData compiles pulldata(instance, column, key column, key): the column
// of the first item whose key column equals key, "" if there is none.
func makePullData(_ *compiler, _ *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		id, col, keyCol, key := a[0].str(m), a[1].str(m), a[2].str(m), a[3].str(m)
		if m.env.PullData != nil {
			s, _ := m.env.PullData(id, col, keyCol, key)
			return s
		}
		if m.env.Instance == nil {
			return ""
		}
		top := m.env.Instance(id)
		if top == nil {
			return ""
		}
		root := top.Element()
		if root == nil {
			return ""
		}
		for _, item := range root.Children {
			if k := childNamed(item, keyCol); k != nil && k.StringValue() == key {
				return childNamed(item, col).StringValue()
			}
		}
		return ""
	})
}

func childNamed(n *Node, name string) *Node {
	for _, c := range n.Children {
		if c.Kind == KindElement && c.Name.Local == name {
			return c
		}
	}
	return nil
}

// makeIndexedRepeat compiles indexed-repeat(nodes, repeat, index, …): those of
// the nodes that are inside the instance which the indexes, counted from 1,
// choose. Each index belongs to the repeat before it; in which order the pairs
// are written does not matter. An index that names no instance gives nothing.
func makeIndexedRepeat(c *compiler, x *call, a []*prog) *prog {
	if len(a)%2 == 0 {
		return c.fault(x, x.offset(), "each repeat needs an index")
	}
	for i := 0; i < len(a); i++ {
		if i == 0 || i%2 == 1 {
			c.wantSet(x, i, a)
		}
	}
	fixed, known := pairOrder(x)
	return setProg(func(m *machine) []*Node {
		mark := m.mark()
		pairs := fixed
		if !known {
			pairs = m.pairOrder(a)
		}
		var within *Node
		for n, i := range pairs {
			index := a[i+1].num(m)
			// The outermost repeat is the one around the current node, if that
			// is itself repeated; the inner ones are looked for in all instances.
			within = m.nth(a[i], within, index, n > 0)
			if within == nil {
				m.release(mark)
				return nil
			}
		}
		all := m.everywhere(a[0])
		w := mark
		m.release(mark)
		for _, n := range all {
			if isInside(n, within) {
				m.stack = append(m.stack, n)
				w++
			}
		}
		m.release(w)
		return m.since(mark)
	}, nil)
}

// pairOrder lists the arguments that are repeats from the outer to the inner
// one, where their absolute paths tell.
func pairOrder(x *call) (order []int, known bool) {
	depth := make([]int, len(x.args))
	for i := 1; i < len(x.args); i += 2 {
		p, ok := x.args[i].(*path)
		order = append(order, i)
		if len(x.args) > 3 && (!ok || !p.root) {
			return nil, false
		}
		if ok {
			depth[i] = len(p.steps)
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return depth[order[i]] < depth[order[j]] })
	return order, true
}

// pairOrder does the same by the nodes that the paths find.
func (m *machine) pairOrder(a []*prog) (order []int) {
	depth := make([]int, len(a))
	for i := 1; i < len(a); i += 2 {
		order = append(order, i)
		mark := m.mark()
		if ns := m.everywhere(a[i]); len(ns) > 0 {
			for n := ns[0]; n != nil; n = n.Parent {
				depth[i]++
			}
		}
		m.release(mark)
	}
	sort.SliceStable(order, func(i, j int) bool { return depth[order[i]] < depth[order[j]] })
	return order
}

// nth returns the index-th node of p among those inside within.
func (m *machine) nth(p *prog, within *Node, index float64, everywhere bool) *Node {
	mark := m.mark()
	defer m.release(mark)
	var ns []*Node
	if everywhere {
		ns = m.everywhere(p)
	} else {
		ns = p.set(m)
	}
	k := 0.0
	for _, n := range ns {
		if within == nil || isInside(n, within) {
			if k++; k == index {
				return n
			}
		}
	}
	return nil
}

// everywhere evaluates a path without narrowing it to the current repeat.
func (m *machine) everywhere(p *prog) []*Node {
	if !m.env.ContextualRepeats {
		return p.set(m)
	}
	env := m.env
	plain := *env
	plain.ContextualRepeats = false
	m.env = &plain
	ns := p.set(m)
	m.env = env
	return ns
}

func isInside(n, top *Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}
