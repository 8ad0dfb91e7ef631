package collect

import (
	"strings"

	"ruhu/form/xform"
	"ruhu/form/xpath"
)

// warnings adds a note and a question for the reason beside every question with a warning.
func (m *maker) warnings() {
	for _, b := range append([]*xpath.Node(nil), m.model.Children...) {
		condition, ok := b.Attr(xform.NSRuhu, "warning")
		path := attr(b, "nodeset")
		node := m.element(path)
		if b.Kind != xpath.KindElement || b.Name.Local != "bind" || !ok || node == nil || node.Parent == nil {
			continue
		}
		after(node, m.data(node.Name.Local+noteSuffix), m.data(node.Name.Local+reasonSuffix))
		if m.client {
			m.warning(b, path, node.QName(), condition)
		}
	}
}

// warning writes a warning as standard parts. The engine warns where the question is asked and answered and the condition does not hold.
func (m *maker) warning(b *xpath.Node, path, name, condition string) {
	self := "../" + name
	relevant := self + " != '' and not(" + beside(condition, self) + ")"
	if own := attr(b, "relevant"); own != "" {
		relevant = "(" + beside(own, self) + ") and " + relevant
	}
	note, reason := m.bindOf(path+noteSuffix), m.bindOf(path+reasonSuffix)
	setAttr(note, "relevant", relevant)
	setAttr(note, "readonly", "true()")
	setAttr(reason, "relevant", relevant)
	setAttr(reason, "required", "true()")

	said := m.label(textWarning, "")
	if msg, _ := b.Attr(xform.NSRuhu, "warningMsg"); strings.HasPrefix(msg, "jr:itext(") {
		said = m.el("label", "ref", msg)
	} else if msg != "" {
		said = add(m.el("label"), textNode(msg))
	}
	parts := []*xpath.Node{
		add(m.el("input", "ref", path+noteSuffix), said),
		add(m.el("input", "ref", path+reasonSuffix, "appearance", "multiline"), m.label(textReason, "")),
	}
	if c := find(m.body, func(n *xpath.Node) bool {
		return attr(n, "ref") == path && n.Name.Local != "group" && n.Name.Local != "setvalue"
	}); c != nil {
		after(c, parts...)
		return
	}
	add(m.body, parts...) // a warning at something that is not shown: at the end
}

// element gives the element of the primary instance with this path.
func (m *maker) element(path string) *xpath.Node {
	steps := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if steps[0] != m.top.QName() {
		return nil
	}
	n := m.top
	for _, s := range steps[1:] {
		var next *xpath.Node
		for _, c := range n.Children {
			if c.Kind == xpath.KindElement && c.QName() == s {
				next = c
				break
			}
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

// beside rewrites an expression of a question for an element that stands beside it: "." becomes self. Absolute paths and "../x" mean the same there.
func beside(expr, self string) string {
	var b strings.Builder
	var quote byte
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '.' && i+1 < len(expr) && expr[i+1] == '.':
			b.WriteString("..")
			i++
			continue
		case c == '.' && alone(expr, i) && (!strings.HasSuffix(b.String(), "/") || strings.HasSuffix(b.String(), "current()/")):
			b.WriteString(self)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// alone reports whether the dot at i is a step, not part of a number or name.
func alone(expr string, i int) bool {
	return (i == 0 || !nameByte(expr[i-1])) && (i+1 == len(expr) || !nameByte(expr[i+1]))
}

func nameByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '-' || c >= 0x80
}

// mentions reports whether an expression names a path.
func mentions(expr, path string) bool {
	for at := 0; ; {
		i := strings.Index(expr[at:], path)
		if i < 0 {
			return false
		}
		if at += i + len(path); at == len(expr) || !nameByte(expr[at]) && expr[at] != '/' {
			return true
		}
	}
}
