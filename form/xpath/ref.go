package xpath

// Axis is one of the thirteen axes of XPath 1.0.
type Axis uint8

// The axes.
const (
	AxisChild Axis = iota
	AxisSelf
	AxisParent
	AxisAttribute
	AxisDescendant
	AxisDescendantOrSelf
	AxisAncestor
	AxisAncestorOrSelf
	AxisFollowing
	AxisFollowingSibling
	AxisPreceding
	AxisPrecedingSibling
	AxisNamespace
)

var axisNames = [...]string{
	"child", "self", "parent", "attribute", "descendant", "descendant-or-self", "ancestor",
	"ancestor-or-self", "following", "following-sibling", "preceding", "preceding-sibling", "namespace",
}

// String returns the name as written before "::".
func (a Axis) String() string { return axisNames[a] }

// RefBase says where the steps of a Ref start.
type RefBase uint8

// The bases.
const (
	RefContext  RefBase = iota // the node the expression is evaluated at
	RefRoot                    // the document of the primary instance
	RefInstance                // a secondary instance, named by Ref.Instance
)

// Ref is a location path that an expression reads: what a dependency graph is
// built from. Paths in predicates appear with the steps that lead to them, so
// that /data/rep[a = 1]/b gives /data/rep/b and /data/rep/a.
type Ref struct {
	Base     RefBase
	Instance string // with RefInstance; "" if the id is computed
	Steps    []RefStep
}

// RefStep is one step of a Ref.
type RefStep struct {
	Axis   Axis
	Name   string // as written, with prefix; "" for node() and similar tests, "*" for any name
	Filter bool   // the step has predicates: not all nodes it reaches are read
}

// String writes the reference as a path.
func (r Ref) String() string {
	var b []byte
	switch r.Base {
	case RefInstance:
		b = append(b, "instance('"+r.Instance+"')"...)
	case RefRoot:
		if len(r.Steps) == 0 {
			return "/"
		}
	}
	for i, s := range r.Steps {
		if i > 0 || r.Base != RefContext {
			b = append(b, '/')
		}
		switch {
		case s.Axis == AxisParent && s.Name == "":
			b = append(b, ".."...)
			continue
		case s.Axis == AxisSelf && s.Name == "":
			b = append(b, '.')
			continue
		case s.Axis == AxisAttribute:
			b = append(b, '@')
		case s.Axis != AxisChild:
			b = append(b, s.Axis.String()+"::"...)
		}
		if s.Name == "" {
			b = append(b, "node()"...)
		} else {
			b = append(b, s.Name...)
		}
	}
	if len(b) == 0 {
		return "."
	}
	return string(b)
}
