package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// Namespaces that a form uses.
const (
	NSRuhu     = "https://ruhu.dev/xforms"
	nsJavaRosa = "http://openrosa.org/javarosa"
)

// usualPrefixes may be used in expressions even where a form forgot to declare
// them.
var usualPrefixes = map[string]string{
	"jr": nsJavaRosa, "ruhu": NSRuhu,
	"odk": "http://www.opendatakit.org/xforms", "orx": "http://openrosa.org/xforms",
	"h": "http://www.w3.org/1999/xhtml", "xsd": "http://www.w3.org/2001/XMLSchema",
	"ev": "http://www.w3.org/2001/xml-events", "entities": "http://www.opendatakit.org/xforms/entities",
	"enk": "http://enketo.org/xforms", "oc": "http://openclinica.org/xforms",
}

// elem says whether n is the element called local. Forms in the field put
// XForms elements in the XForms namespace, in none, or in a mistyped one, with
// and without prefixes: the local name is what they agree on.
func elem(n *xpath.Node, local string) bool {
	return n.Kind == xpath.KindElement && n.Name.Local == local
}

func child(n *xpath.Node, local string) *xpath.Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if elem(c, local) {
			return c
		}
	}
	return nil
}

// attr returns an attribute by local name, whatever its namespace.
func attr(n *xpath.Node, local string) string {
	s, _ := attrOK(n, local)
	return s
}

func attrOK(n *xpath.Node, local string) (string, bool) {
	for _, a := range n.Attrs {
		if a.Name.Local == local {
			return a.Text, true
		}
	}
	return "", false
}

// plainAttr returns an attribute that has no prefix.
func plainAttr(n *xpath.Node, local string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == local && a.Prefix == "" {
			return a.Text
		}
	}
	return ""
}

// prefixedAttr returns an attribute that has a prefix.
func prefixedAttr(n *xpath.Node, local string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == local && a.Prefix != "" {
			return a.Text
		}
	}
	return ""
}

func ruhuAttr(n *xpath.Node, local string) string {
	s, _ := n.Attr(NSRuhu, local)
	return s
}

// datatype reduces the type of a bind to the names of the ODK specification.
func datatype(s string) string {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		s = s[i+1:]
	}
	switch s {
	case "int", "decimal", "boolean", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape",
		"binary", "barcode", "intent":
		return s
	case "integer", "long", "short", "nonNegativeInteger", "positiveInteger", "unsignedInt":
		return "int"
	case "double", "float":
		return "decimal"
	case "datetime":
		return "dateTime"
	}
	return "string"
}
