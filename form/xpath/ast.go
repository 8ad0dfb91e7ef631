package xpath

// The syntax tree. Every node knows its offset in the source for messages.
type (
	node interface{ offset() int }

	at int // embedded: the offset

	numberLit struct {
		at
		v float64
	}
	stringLit struct {
		at
		v string
	}
	varRef struct {
		at
		name string
	}
	negation struct {
		at
		x node
	}
	binaryOp struct {
		at
		op   string
		l, r node
	}
	call struct {
		at
		name string // as written
		key  string // as looked up: see canonical
		args []node
	}
	// path is a location path: steps from the context node, from the root, or
	// from the nodes of a filter expression.
	path struct {
		at
		root   bool
		filter node // nil: not a filter expression
		steps  []*step
	}
	// filtered is a primary expression with predicates: (//a)[1].
	filtered struct {
		at
		x     node
		preds []node
	}
)

func (a at) offset() int { return int(a) }

type testKind uint8

const (
	testName testKind = iota
	testNode
	testText
	testComment
	testPI
)

type step struct {
	axis  Axis
	kind  testKind
	name  Name
	src   string // the name as written
	any   bool   // any local name
	loose bool   // any namespace
	preds []node
	progs []*prog // compiled predicates
}

// matches applies the node test; the axis decides the principal kind.
func (s *step) matches(n *Node) bool {
	switch s.kind {
	case testNode:
		return true
	case testText:
		return n.Kind == KindText
	case testComment:
		return n.Kind == KindComment
	case testPI:
		return n.Kind == KindPI && (s.any || n.Name.Local == s.name.Local)
	}
	principal := KindElement
	switch s.axis {
	case AxisAttribute:
		principal = KindAttr
	case AxisNamespace:
		principal = KindNamespace
	}
	return n.Kind == principal && (s.any || n.Name.Local == s.name.Local) && (s.loose || n.Name.Space == s.name.Space)
}

// wantsText tells whether text nodes can match: only then does the text of a
// leaf element have to be seen as a node.
func (s *step) wantsText() bool { return s.kind == testNode || s.kind == testText }
