package xpath

// location is a compiled location path.
type location struct {
	steps  []*step
	root   bool
	filter *prog
	// plain: every step goes to children, attributes, self or parent, without
	// predicates or text(): the first node can be found without the others.
	plain bool
}

func (c *compiler) path(x *path) *prog {
	l := &location{steps: x.steps, root: x.root, plain: true}
	if x.filter != nil {
		if l.filter = c.compile(x.filter); c.err != nil {
			return l.filter
		}
		if !l.filter.maySet() {
			return c.fail(x.offset(), "steps can only follow nodes")
		}
		cl, ok := x.filter.(*call)
		l.plain = ok && (cl.key == "current" || cl.key == "instance")
	}
	for _, s := range x.steps {
		c.predicates(s)
		switch s.axis {
		case AxisChild, AxisAttribute:
			l.plain = l.plain && s.kind == testName && len(s.preds) == 0
		case AxisSelf, AxisParent:
			l.plain = l.plain && len(s.preds) == 0
		default:
			l.plain = false
		}
	}
	l.steps = shorten(x.steps)
	if l.plain {
		return setProg(l.all, l.firstPlain)
	}
	return setProg(l.all, nil)
}

func (c *compiler) predicates(s *step) {
	s.progs = nil
	for _, p := range s.preds {
		s.progs = append(s.progs, c.compile(p))
	}
}

// shorten turns descendant-or-self::node()/child::x into descendant::x, which
// is the same when x has no predicates (positions would be counted otherwise).
func shorten(steps []*step) []*step {
	out := make([]*step, 0, len(steps))
	for i := 0; i < len(steps); i++ {
		s := steps[i]
		if i+1 < len(steps) && s.axis == AxisDescendantOrSelf && s.kind == testNode && len(s.preds) == 0 {
			if n := steps[i+1]; n.axis == AxisChild && len(n.preds) == 0 {
				d := *n
				d.axis = AxisDescendant
				out = append(out, &d)
				i++
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// start returns the single node that the steps begin at, and how many steps are
// already taken when absolute paths are narrowed to the current repeat
// instances.
func (l *location) start(m *machine) (*Node, int) {
	if !l.root {
		return m.node, 0
	}
	n := m.root()
	if !m.env.ContextualRepeats {
		return n, 0
	}
	for i := 0; i < len(l.steps)-1; i++ {
		s := l.steps[i]
		if s.axis != AxisChild || s.kind != testName || len(s.progs) > 0 {
			return n, i
		}
		c := childOnWay(n, m.cur)
		if c == nil || !s.matches(c) {
			return n, i
		}
		n = c
	}
	return n, max(0, len(l.steps)-1)
}

// childOnWay returns the child of n that is an ancestor of d or d itself.
func childOnWay(n, d *Node) *Node {
	for d != nil && d.Parent != n {
		d = d.Parent
	}
	return d
}

func (l *location) all(m *machine) []*Node {
	mark := m.mark()
	if l.filter != nil {
		m.gather(l.filter)
		l.walk(m, mark, l.steps, m.mark()-mark <= 1)
		return m.since(mark)
	}
	n, done := l.start(m)
	m.stack = append(m.stack, n)
	l.walk(m, mark, l.steps[done:], true)
	return m.since(mark)
}

// walk replaces the nodes above mark by those that the steps lead to. flat says
// that no node is inside another one, so that the nodes of each step come in
// document order, without repetition, by themselves.
func (l *location) walk(m *machine, mark int, steps []*step, flat bool) {
	for _, s := range steps {
		end := m.mark()
		if end == mark {
			return
		}
		single := end-mark == 1
		for i := mark; i < end && m.err == nil; i++ {
			m.take(s, m.stack[i])
		}
		n := copy(m.stack[mark:], m.stack[end:])
		m.release(mark + n)
		switch s.axis {
		case AxisChild, AxisAttribute, AxisSelf:
			if !flat && s.axis == AxisChild {
				m.sortUnique(mark)
			}
			continue
		case AxisDescendant, AxisDescendantOrSelf:
			if !flat {
				m.sortUnique(mark)
			}
		default:
			if !single {
				m.sortUnique(mark)
			}
		}
		flat = m.mark()-mark <= 1 || flat && s.axis == AxisParent
	}
}

// firstPlain finds the first node of a plain path by walking in document order.
func (l *location) firstPlain(m *machine) *Node {
	n, done := (*Node)(nil), 0
	if l.filter != nil {
		if n = l.filter.first(m); n == nil {
			return nil
		}
	} else {
		n, done = l.start(m)
	}
	return firstOf(n, l.steps[done:])
}

func firstOf(n *Node, steps []*step) *Node {
	for len(steps) > 0 {
		s := steps[0]
		steps = steps[1:]
		switch s.axis {
		case AxisParent:
			n = n.Parent
			fallthrough
		case AxisSelf:
			if n == nil || !s.matches(n) {
				return nil
			}
			continue
		}
		list := n.Attrs
		if s.axis != AxisAttribute {
			list = s.named(n)
		}
		for _, c := range list {
			if !s.matches(c) {
				continue
			}
			if len(steps) == 0 {
				return c
			}
			if f := firstOf(c, steps); f != nil {
				return f
			}
		}
		return nil
	}
	return n
}

// filtered compiles (…)[…]: positions count in document order.
func (c *compiler) filtered(x *filtered) *prog {
	inner := c.compile(x.x)
	s := &step{axis: AxisSelf, kind: testNode, preds: x.preds}
	c.predicates(s)
	if c.err == nil && !inner.maySet() {
		return c.fail(x.offset(), "only nodes can be filtered with [ ]")
	}
	return setProg(func(m *machine) []*Node {
		mark := m.mark()
		m.gather(inner)
		for _, p := range s.progs {
			m.filter(p, mark)
		}
		return m.since(mark)
	}, nil)
}

// filter keeps the nodes above mark for which the predicate holds.
func (m *machine) filter(p *prog, mark int) {
	end := m.mark()
	if p.lit != nil && p.typ == TypeNumber {
		k := int(p.lit.num)
		if float64(k) == p.lit.num && k >= 1 && k <= end-mark {
			m.stack[mark] = m.stack[mark+k-1]
			m.release(mark + 1)
		} else {
			m.release(mark)
		}
		return
	}
	if p.look != nil && end-mark > 2 {
		if want, ok := p.look.want(m); ok && m.spend(end-mark) {
			w := mark
			for i := mark; i < end; i++ {
				if n := m.stack[i]; p.look.holds(n, want) {
					m.stack[w] = n
					w++
				}
			}
			m.release(w)
			return
		}
	}
	node, pos, size := m.node, m.pos, m.size
	m.size = end - mark
	w := mark
	for i := mark; i < end && m.err == nil; i++ {
		n := m.stack[i]
		m.node, m.pos = n, i-mark+1
		if m.holds(p) {
			m.stack[w] = n
			w++
		}
		m.release(end)
	}
	m.node, m.pos, m.size = node, pos, size
	m.release(w)
}

func (m *machine) holds(p *prog) bool {
	switch {
	case p.dyn:
		if v := p.val(m); v.typ == TypeNumber {
			return v.num == float64(m.pos)
		} else {
			return m.truth(v)
		}
	case p.typ == TypeNumber:
		return p.num(m) == float64(m.pos)
	}
	return p.boo(m)
}
