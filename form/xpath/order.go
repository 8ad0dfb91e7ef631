package xpath

import (
	"maps"
	"slices"
	"strings"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// sortUnique puts the nodes above mark into document order, each once.
func (m *machine) sortUnique(mark int) {
	seg := m.since(mark)
	if len(seg) < 2 {
		return
	}
	if len(seg) <= 12 {
		slices.SortStableFunc(seg, m.compareOrder)
	} else {
		pos := m.positions(seg)
		slices.SortStableFunc(seg, func(a, b *Node) int { return pos[a] - pos[b] })
	}
	m.release(mark + len(slices.Compact(seg)))
}

// positions numbers every node of the trees that the nodes belong to.
func (m *machine) positions(nodes []*Node) map[*Node]int {
	pos := make(map[*Node]int, 4*len(nodes))
	var visit func(n *Node)
	visit = func(n *Node) {
		pos[n] = len(pos)
		for _, a := range n.Attrs {
			pos[a] = len(pos)
		}
		if t := m.texts[n]; t != nil {
			pos[t] = len(pos)
		}
		for _, c := range n.Children {
			visit(c)
		}
	}
	for _, n := range nodes {
		if _, ok := pos[n]; ok {
			continue
		}
		if root := n.Root(); root != n {
			if _, ok := pos[root]; !ok {
				visit(root)
			}
		} else {
			visit(n)
		}
		if _, ok := pos[n]; !ok { // namespace nodes: in the order they came
			pos[n] = len(pos)
		}
	}
	return pos
}

// compareOrder compares two nodes by document order; nodes of different trees
// keep the order they came in.
func (m *machine) compareOrder(a, b *Node) int {
	if a == b {
		return 0
	}
	da, db := depth(a), depth(b)
	x, y := a, b
	for i := da; i > db; i-- {
		x = x.Parent
	}
	for i := db; i > da; i-- {
		y = y.Parent
	}
	if x == y { // one is above the other
		return da - db
	}
	for x.Parent != y.Parent {
		x, y = x.Parent, y.Parent
	}
	if x.Parent == nil {
		return 0
	}
	if x.Kind == KindNamespace && y.Kind == KindNamespace {
		return strings.Compare(x.Name.Local, y.Name.Local)
	}
	return rank(x) - rank(y)
}

func depth(n *Node) int {
	d := 0
	for ; n.Parent != nil; n = n.Parent {
		d++
	}
	return d
}

// rank orders what hangs on one parent: namespaces, attributes, children.
func rank(n *Node) int {
	switch n.Kind {
	case KindNamespace:
		return -1 << 30
	case KindAttr:
		return slices.Index(n.Parent.Attrs, n) - 1<<20
	}
	return slices.Index(n.Parent.Children, n)
}
