package xpath

import (
	"strconv"
	"strings"
)

// Kind says what a Node is.
type Kind uint8

// The kinds of nodes of the XPath 1.0 data model. Namespace nodes exist only
// as results of the namespace axis, never in a tree.
const (
	KindDocument Kind = iota
	KindElement
	KindAttr
	KindText
	KindComment
	KindPI
	KindNamespace
)

// Name is an expanded name: Space is the namespace URI, not the prefix.
type Name struct{ Space, Local string }

// Node is one node of an XML tree. The fields are open so that the owner of a
// tree (form/xform) can build and change it without copies; whoever changes it
// keeps Parent, Children and Attrs consistent.
//
// The text of an element without child nodes is in the element's own Text: most
// nodes of a form are such leaves, and they need no second node. An element
// with children has its text in children of KindText and an empty Text.
type Node struct {
	Kind   Kind
	Blank  bool // not relevant: the string-value is "" whatever Text holds; the owner marks descendants too
	Repeat bool // one instance of a repeat: Path shows its number
	Number int  // place among the repeat instances of its name, from 1; 0: count them
	Prefix string
	Name   Name
	Text   string // value of text, attribute, comment, PI; text of a leaf element
	Parent *Node

	Children, Attrs []*Node

	NS   map[string]string // namespace declarations made on this element: prefix → URI; nil mostly
	Data any               // the owner's hook; looked at only for ChildIndex
}

// ChildIndex may be implemented by the Data of an element with many children, so
// that a path finds a child without comparing names with all of them. Named
// gives the place of the element children with this local name, which stand side
// by side: Children[from:to]; ok is false when that cannot be said.
type ChildIndex interface {
	Named(local string) (from, to int, ok bool)
}

// named narrows the children of n to those that the step can match.
func (s *step) named(n *Node) []*Node {
	if len(n.Children) <= manyChildren || s.kind != testName || s.any {
		return n.Children
	}
	if x, ok := n.Data.(ChildIndex); ok {
		if from, to, ok := x.Named(s.name.Local); ok && from >= 0 && from <= to && to <= len(n.Children) {
			return n.Children[from:to]
		}
	}
	return n.Children
}

// manyChildren: up to here comparing names is faster than asking an index.
const manyChildren = 12

// StringValue returns the string-value of XPath 1.0: the concatenated text of
// an element, the value of anything else. Blank nodes contribute nothing.
func (n *Node) StringValue() string {
	if n == nil || n.Blank {
		return ""
	}
	if len(n.Children) == 0 {
		return n.Text
	}
	if len(n.Children) == 1 && n.Children[0].Kind == KindText {
		return n.Children[0].StringValue()
	}
	var b strings.Builder
	n.appendText(&b)
	return b.String()
}

func (n *Node) appendText(b *strings.Builder) {
	if n.Blank {
		return
	}
	if len(n.Children) == 0 {
		b.WriteString(n.Text)
		return
	}
	for _, c := range n.Children {
		if c.Kind == KindElement || c.Kind == KindText {
			c.appendText(b)
		}
	}
}

// Root returns the topmost node: the document, or the top of a detached tree.
func (n *Node) Root() *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// Element returns the root element of a document node, or nil.
func (n *Node) Element() *Node {
	for _, c := range n.Children {
		if c.Kind == KindElement {
			return c
		}
	}
	return nil
}

// Attr returns the value of an attribute and whether it is there.
func (n *Node) Attr(space, local string) (string, bool) {
	for _, a := range n.Attrs {
		if a.Name.Local == local && a.Name.Space == space {
			return a.Text, true
		}
	}
	return "", false
}

// LookupPrefix resolves a prefix ("" = default) with the declarations in scope
// at n. The prefix "xml" is always declared.
func (n *Node) LookupPrefix(prefix string) (uri string, ok bool) {
	if prefix == "xml" {
		return xmlSpace, true
	}
	for ; n != nil; n = n.Parent {
		if uri, ok := n.NS[prefix]; ok {
			return uri, prefix == "" || uri != ""
		}
	}
	return "", prefix == ""
}

// QName returns the name as written: with its prefix, if any.
func (n *Node) QName() string {
	if n.Prefix == "" {
		return n.Name.Local
	}
	return n.Prefix + ":" + n.Name.Local
}

// Path returns the absolute path of an element or attribute with prefixes as
// written: "/data/rep[2]/q". Only repeat instances (Node.Repeat) carry a
// number, counted from 1 among the instances of the same name. The document is
// "/"; other kinds of nodes have the path of their parent.
func (n *Node) Path() string {
	var parts [16]*Node
	chain := parts[:0]
	for p := n; p != nil; p = p.Parent {
		if p.Kind == KindElement || p.Kind == KindAttr {
			chain = append(chain, p)
		}
	}
	if len(chain) == 0 {
		return "/"
	}
	var b strings.Builder
	for i := len(chain) - 1; i >= 0; i-- {
		p := chain[i]
		b.WriteByte('/')
		if p.Kind == KindAttr {
			b.WriteByte('@')
		}
		if p.Prefix != "" {
			b.WriteString(p.Prefix)
			b.WriteByte(':')
		}
		b.WriteString(p.Name.Local)
		if p.Repeat {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(p.RepeatIndex()))
			b.WriteByte(']')
		}
	}
	return b.String()
}

// RepeatIndex returns the 1-based position of n among its siblings that have
// the same name, and among repeat instances only when n is one.
func (n *Node) RepeatIndex() int {
	if n.Parent == nil {
		return 1
	}
	if n.Number > 0 {
		return n.Number
	}
	i := 0
	for _, c := range n.Parent.Children {
		if c.Kind == n.Kind && c.Name == n.Name && (c.Repeat || !n.Repeat) {
			i++
		}
		if c == n {
			return i
		}
	}
	return 1
}
