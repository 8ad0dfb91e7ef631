package xpath

import (
	"bufio"
	"io"
	"maps"
	"slices"
	"strings"
)

// WriteXML serialises n: a document (without XML declaration), an element with
// all it contains, or a single text, comment or PI. It writes prefixes as they
// are in the tree and adds the declarations that the subtree needs and that its
// own elements lack, so that a part of a document can stand alone. Text that is
// not allowed in XML (control characters) is left out. Blank makes no
// difference: the owner removes what is not to be sent.
func WriteXML(w io.Writer, n *Node) error {
	x := &xmlWriter{w: bufio.NewWriter(w)}
	x.node(n)
	return x.w.Flush() // bufio keeps the first error
}

type binding struct{ prefix, uri string }

type xmlWriter struct {
	w     *bufio.Writer
	scope []binding // declarations written so far, innermost last
}

func (x *xmlWriter) bound(prefix string) (string, bool) {
	for i := len(x.scope) - 1; i >= 0; i-- {
		if x.scope[i].prefix == prefix {
			return x.scope[i].uri, true
		}
	}
	return "", prefix == ""
}

func (x *xmlWriter) node(n *Node) {
	switch n.Kind {
	case KindDocument:
		for _, c := range n.Children {
			x.node(c)
		}
	case KindElement:
		x.element(n)
	case KindText:
		escape(x.w, n.Text, false)
	case KindComment:
		x.put("<!--", strings.ReplaceAll(n.Text, "--", "- -"))
		if strings.HasSuffix(n.Text, "-") {
			x.put(" ")
		}
		x.put("-->")
	case KindPI:
		x.put("<?", n.Name.Local)
		if n.Text != "" {
			x.put(" ", strings.ReplaceAll(n.Text, "?>", "? >"))
		}
		x.put("?>")
	}
}

func (x *xmlWriter) put(parts ...string) {
	for _, s := range parts {
		_, _ = x.w.WriteString(s) // bufio reports the error at Flush
	}
}

func (x *xmlWriter) element(n *Node) {
	mark := len(x.scope)
	x.put("<")
	x.qname(n)
	if len(n.NS) > 0 {
		for _, p := range slices.Sorted(maps.Keys(n.NS)) {
			x.declare(p, n.NS[p])
		}
	}
	x.need(n.Prefix, n.Name.Space)
	for _, a := range n.Attrs {
		if a.Prefix != "" {
			x.need(a.Prefix, a.Name.Space)
		}
	}
	for _, a := range n.Attrs {
		x.put(" ")
		x.qname(a)
		x.put(`="`)
		escape(x.w, a.Text, true)
		x.put(`"`)
	}
	if len(n.Children) == 0 && n.Text == "" {
		x.put("/>")
	} else {
		x.put(">")
		if len(n.Children) == 0 {
			escape(x.w, n.Text, false)
		}
		for _, c := range n.Children {
			x.node(c)
		}
		x.put("</")
		x.qname(n)
		x.put(">")
	}
	x.scope = x.scope[:mark]
}

func (x *xmlWriter) qname(n *Node) {
	if n.Prefix != "" {
		x.put(n.Prefix, ":")
	}
	x.put(n.Name.Local)
}

func (x *xmlWriter) need(prefix, uri string) {
	if prefix == "xml" {
		return
	}
	if have, ok := x.bound(prefix); !ok || have != uri {
		x.declare(prefix, uri)
	}
}

func (x *xmlWriter) declare(prefix, uri string) {
	if have, ok := x.bound(prefix); ok && have == uri {
		return
	}
	if prefix == "" {
		x.put(` xmlns="`)
	} else {
		x.put(" xmlns:", prefix, `="`)
	}
	escape(x.w, uri, true)
	x.put(`"`)
	x.scope = append(x.scope, binding{prefix, uri})
}

func escape(w *bufio.Writer, s string, attr bool) {
	start := 0
	for i := 0; i < len(s); i++ {
		var r string
		switch c := s[i]; {
		case c == '&':
			r = "&amp;"
		case c == '<':
			r = "&lt;"
		case c == '>':
			r = "&gt;"
		case c == '\r':
			r = "&#13;"
		case c == '"' && attr:
			r = "&quot;"
		case c == '\n' && attr:
			r = "&#10;"
		case c == '\t' && attr:
			r = "&#9;"
		case c == '\n', c == '\t', c >= 0x20:
			continue
		}
		_, _ = w.WriteString(s[start:i])
		_, _ = w.WriteString(r)
		start = i + 1
	}
	_, _ = w.WriteString(s[start:])
}
