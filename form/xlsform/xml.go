package xlsform

import (
	"bytes"
	"strings"
)

// elem is an element of the XForm being built. Its children are elements and texts, in order.
type elem struct {
	name  string
	attrs []attr
	kids  []any // *elem or string
}

type attr struct{ name, value string }

func el(name string, kv ...string) *elem {
	e := &elem{name: name}
	for i := 0; i+1 < len(kv); i += 2 {
		e.set(kv[i], kv[i+1])
	}
	return e
}

func (e *elem) set(name, value string) *elem {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			e.attrs[i].value = value
			return e
		}
	}
	e.attrs = append(e.attrs, attr{name, value})
	return e
}

func (e *elem) get(name string) (string, bool) {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

func (e *elem) add(kids ...*elem) *elem {
	for _, k := range kids {
		if k != nil {
			e.kids = append(e.kids, k)
		}
	}
	return e
}

func (e *elem) text(s string) *elem {
	if s != "" {
		e.kids = append(e.kids, s)
	}
	return e
}

func (e *elem) mixed() bool {
	for _, k := range e.kids {
		if _, ok := k.(string); ok {
			return true
		}
	}
	return false
}

// write prints the element with its children indented; mixed content stays on one line, since its white space counts.
func (e *elem) write(b *bytes.Buffer, depth int, inline bool) {
	pad := strings.Repeat("  ", depth)
	if !inline {
		b.WriteString(pad)
	}
	b.WriteByte('<')
	b.WriteString(e.name)
	for _, a := range e.attrs {
		b.WriteByte(' ')
		b.WriteString(a.name)
		b.WriteString(`="`)
		escape(b, a.value, true)
		b.WriteByte('"')
	}
	if len(e.kids) == 0 {
		b.WriteString("/>")
	} else {
		b.WriteByte('>')
		tight := inline || e.mixed()
		for _, k := range e.kids {
			switch k := k.(type) {
			case string:
				escape(b, k, false)
			case *elem:
				if !tight {
					b.WriteByte('\n')
				}
				k.write(b, depth+1, tight)
			}
		}
		if !tight {
			b.WriteByte('\n')
			b.WriteString(pad)
		}
		b.WriteString("</" + e.name + ">")
	}
	if !inline && depth == 0 {
		b.WriteByte('\n')
	}
}

func escape(b *bytes.Buffer, s string, attr bool) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>' && !attr:
			b.WriteString("&gt;")
		case r == '"' && attr:
			b.WriteString("&quot;")
		case (r == '\n' || r == '\t') && attr:
			if r == '\n' {
				b.WriteString("&#10;")
			} else {
				b.WriteString("&#9;")
			}
		case r == '\r':
			b.WriteString("&#13;")
		case r < 0x20 && r != '\n' && r != '\t', r == 0xfffe, r == 0xffff:
			// not allowed in XML 1.0 in any spelling
		default:
			b.WriteRune(r)
		}
	}
}
