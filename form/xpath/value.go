package xpath

import "math"

// Type is the type of a Value.
type Type uint8

// The four types of XPath 1.0.
const (
	TypeString Type = iota
	TypeNumber
	TypeBoolean
	TypeNodeSet
)

// Value is the result of an expression. The zero Value is the empty string.
// The nodes of a node-set are in document order and must not be changed.
type Value struct {
	typ   Type
	b     bool
	date  bool // a string made by date() or its kin
	num   float64
	str   string
	nodes []*Node
}

// Number makes a number Value.
func Number(f float64) Value { return Value{typ: TypeNumber, num: f} }

// String makes a string Value.
func String(s string) Value { return Value{typ: TypeString, str: s} }

// Boolean makes a boolean Value.
func Boolean(b bool) Value { return Value{typ: TypeBoolean, b: b} }

// NodeSet makes a node-set Value; the nodes must be in document order, each once.
func NodeSet(nodes ...*Node) Value { return Value{typ: TypeNodeSet, nodes: nodes} }

// Type returns the type.
func (v Value) Type() Type { return v.typ }

// Nodes returns the nodes of a node-set, nil for other types.
func (v Value) Nodes() []*Node { return v.nodes }

// String converts as the function string() does: the string-value of the first
// node, "true"/"false", a number in plain decimals (NaN is "").
func (v Value) String() string {
	switch v.typ {
	case TypeNumber:
		if v.num != v.num {
			return v.str // "", or "NaN" with Options.PlainNaN
		}
		return FormatNumber(v.num)
	case TypeBoolean:
		return formatBool(v.b)
	case TypeNodeSet:
		if len(v.nodes) == 0 {
			return ""
		}
		return v.nodes[0].StringValue()
	}
	return v.str
}

// Number converts as the function number() does: NaN for what is not a number,
// days since 1970-01-01 for an ISO 8601 date. A date-time without a zone counts
// as UTC here; inside an expression Env.Zone decides.
func (v Value) Number() float64 {
	switch v.typ {
	case TypeNumber:
		return v.num
	case TypeBoolean:
		if v.b {
			return 1
		}
		return 0
	}
	return ParseNumber(v.String(), nil)
}

// Bool converts as the function boolean() does: a non-empty node-set, a
// non-empty string (also "false" and "0"), a number that is neither 0 nor NaN.
func (v Value) Bool() bool {
	switch v.typ {
	case TypeNumber:
		return truthy(v.num)
	case TypeBoolean:
		return v.b
	case TypeNodeSet:
		return len(v.nodes) > 0
	}
	return v.str != ""
}

func truthy(f float64) bool { return f != 0 && !math.IsNaN(f) }

func formatBool(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
