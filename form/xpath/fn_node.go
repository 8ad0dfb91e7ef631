package xpath

import "strings"

func init() {
	register(1, 1, func(c *compiler, x *call, a []*prog) *prog {
		c.wantSet(x, 0, a)
		return numberProg(func(m *machine) float64 {
			mark := m.mark()
			defer m.release(mark)
			return float64(len(a[0].set(m)))
		})
	}, "count")
	register(1, 1, func(c *compiler, x *call, a []*prog) *prog {
		c.wantSet(x, 0, a)
		return numberProg(func(m *machine) float64 {
			n := 0.0
			m.eachString(a, func(s string) bool {
				if s != "" {
					n++
				}
				return true
			})
			return n
		})
	}, "count-non-empty")
	register(0, 1, makePosition, "position")
	register(0, 0, func(*compiler, *call, []*prog) *prog {
		return numberProg(func(m *machine) float64 { return float64(m.size) })
	}, "last")
	nodeName("name", func(n *Node) string {
		if n.Kind == KindNamespace {
			return n.Name.Local
		}
		return n.QName()
	})
	nodeName("local-name", func(n *Node) string { return n.Name.Local })
	nodeName("namespace-uri", func(n *Node) string { return n.Name.Space })
	register(0, 0, func(*compiler, *call, []*prog) *prog {
		return setProg(func(m *machine) []*Node {
			mark := m.mark()
			m.stack = append(m.stack, m.cur)
			return m.since(mark)
		}, func(m *machine) *Node { return m.cur })
	}, "current")
	register(1, 1, makeID, "id")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return boolProg(func(m *machine) bool { return inLanguage(m.node, a[0].str(m)) })
	}, "lang")
	register(1, 1, makeInstance, "instance")
}

func nodeName(fn string, name func(*Node) string) {
	register(0, 1, func(c *compiler, x *call, a []*prog) *prog {
		c.wantSet(x, 0, a)
		p := orSelf(a)
		return stringProg(func(m *machine) string {
			n := p.first(m)
			if n == nil {
				return ""
			}
			return name(n)
		})
	}, fn)
}

// makePosition compiles position(), the place in the current set, and
// position(node), the place of the node among siblings of the same name: the
// number of a repeat instance.
func makePosition(c *compiler, x *call, a []*prog) *prog {
	if len(a) == 0 {
		return numberProg(func(m *machine) float64 { return float64(m.pos) })
	}
	c.wantSet(x, 0, a)
	return numberProg(func(m *machine) float64 {
		n := a[0].first(m)
		if n == nil {
			return nan
		}
		i := n.RepeatIndex()
		if n.Number == 0 {
			m.spend(i)
		}
		return float64(i)
	})
}

// makeID compiles id(): elements by their attribute id or xml:id.
func makeID(_ *compiler, _ *call, a []*prog) *prog {
	return setProg(func(m *machine) []*Node {
		want := map[string]bool{}
		m.eachString(a, func(s string) bool {
			for _, id := range strings.Fields(s) {
				want[id] = true
			}
			return true
		})
		mark := m.mark()
		if len(want) > 0 {
			m.byID(m.node.Root(), want)
		}
		return m.since(mark)
	}, nil)
}

func (m *machine) byID(n *Node, want map[string]bool) {
	for _, at := range n.Attrs {
		if at.Name.Local == "id" && (at.Name.Space == "" || at.Name.Space == xmlSpace) && want[at.Text] {
			delete(want, at.Text) // ids are unique: the first one has it
			m.stack = append(m.stack, n)
			break
		}
	}
	for _, c := range n.Children {
		m.byID(c, want)
	}
}

func inLanguage(n *Node, want string) bool {
	for ; n != nil; n = n.Parent {
		if have, ok := n.Attr(xmlSpace, "lang"); ok {
			main, _, _ := strings.Cut(have, "-")
			return strings.EqualFold(have, want) || strings.EqualFold(main, want) ||
				len(have) > len(want) && have[len(want)] == '-' && strings.EqualFold(have[:len(want)], want)
		}
	}
	return false
}

// makeInstance compiles instance(id): the root node of a secondary instance, or
// nothing if there is none of this id.
func makeInstance(_ *compiler, _ *call, a []*prog) *prog {
	first := func(m *machine) *Node {
		if m.env.Instance == nil {
			return nil
		}
		return m.env.Instance(a[0].str(m))
	}
	return setProg(func(m *machine) []*Node {
		mark := m.mark()
		if n := first(m); n != nil {
			m.stack = append(m.stack, n)
		}
		return m.since(mark)
	}, first)
}
