package collect

import (
	"slices"

	"ruhu/form/xpath"
)

// el makes an element in the namespace of the model.
func (m *maker) el(name string, attrs ...string) *xpath.Node {
	n := &xpath.Node{Kind: xpath.KindElement, Prefix: m.model.Prefix, Name: xpath.Name{Space: m.model.Name.Space, Local: name}}
	for i := 0; i+1 < len(attrs); i += 2 {
		setAttr(n, attrs[i], attrs[i+1])
	}
	return n
}

// data makes an element of the primary instance.
func (m *maker) data(name string) *xpath.Node {
	return &xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Space: m.top.Name.Space, Local: name}}
}

func add(n *xpath.Node, kids ...*xpath.Node) *xpath.Node {
	for _, k := range kids {
		k.Parent = n
		n.Children = append(n.Children, k)
	}
	return n
}

// insert puts kids before the child at place i.
func insert(n *xpath.Node, i int, kids ...*xpath.Node) {
	for _, k := range kids {
		k.Parent = n
	}
	n.Children = slices.Insert(n.Children, i, kids...)
}

// after puts kids behind a node.
func after(n *xpath.Node, kids ...*xpath.Node) {
	insert(n.Parent, slices.Index(n.Parent.Children, n)+1, kids...)
}

func textNode(s string) *xpath.Node { return &xpath.Node{Kind: xpath.KindText, Text: s} }

func child(n *xpath.Node, name string) *xpath.Node {
	for _, c := range n.Children {
		if c.Kind == xpath.KindElement && c.Name.Local == name {
			return c
		}
	}
	return nil
}

func attr(n *xpath.Node, name string) string {
	v, _ := n.Attr("", name)
	return v
}

func setAttr(n *xpath.Node, name, value string) {
	for _, a := range n.Attrs {
		if a.Name.Space == "" && a.Name.Local == name {
			a.Text = value
			return
		}
	}
	n.Attrs = append(n.Attrs, &xpath.Node{Kind: xpath.KindAttr, Name: xpath.Name{Local: name}, Text: value, Parent: n})
}

// find gives the first element below n that ok takes.
func find(n *xpath.Node, ok func(*xpath.Node) bool) *xpath.Node {
	for _, c := range n.Children {
		if c.Kind != xpath.KindElement {
			continue
		}
		if ok(c) {
			return c
		}
		if x := find(c, ok); x != nil {
			return x
		}
	}
	return nil
}
