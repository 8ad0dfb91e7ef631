package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// action is a setvalue or setgeopoint element: when the event happens, the
// target gets the value.
type action struct {
	target *def
	where  *xpath.Expr // the target as written, when it has predicates
	value  *xpath.Expr
	lit    string
	geo    bool
	source *def // the control or repeat it stands in; nil: the model
}

// Events of the ODK specification.
const (
	evFirstLoad = "odk-instance-first-load"
	evLoad      = "odk-instance-load"
	evChanged   = "xforms-value-changed"
	evNewRepeat = "odk-new-repeat"
	evReady     = "xforms-ready"
)

// actions reads the actions inside n, which is the model, a control or a repeat.
func (p *parser) actions(n *xpath.Node, source *def) {
	for _, c := range n.Children {
		switch {
		case elem(c, "setvalue"), elem(c, "setgeopoint"):
			p.action(c, source)
		case elem(c, "recordaudio"):
			p.task(c, source)
		case elem(c, "action"):
			p.actions(c, source)
		}
	}
}

func (p *parser) action(n *xpath.Node, source *def) {
	base := ""
	if source != nil {
		base = source.path
	}
	ref := attr(n, "ref")
	if ref == "" {
		ref = attr(n, "target")
	}
	if ref == "" {
		if d := p.binds[plainAttr(n, "bind")]; d != nil {
			ref = d.path
		}
	}
	t := p.lookup(stripPredicates(p.absolute(ref, base)))
	where := n.Name.Local
	if t == nil && strings.Contains(ref, "@") {
		p.warn("xform.unknown_node", where, ref)
		return
	}
	if t == nil {
		p.err("xform.unknown_node", where, ref)
		return
	}
	a := &action{target: t, source: source, geo: elem(n, "setgeopoint")}
	if strings.Contains(ref, "[") {
		a.where = p.compile(ref, where+" "+t.path)
	}
	if src, ok := attrOK(n, "value"); ok && !a.geo {
		a.value = p.compile(src, where+" "+t.path)
	} else {
		a.lit = n.StringValue()
	}
	for _, ev := range strings.Fields(attr(n, "event")) {
		switch ev {
		case evFirstLoad, evLoad, evReady:
			p.f.actions[ev] = append(p.f.actions[ev], a)
		case evChanged:
			if source != nil {
				source.onChange = append(source.onChange, a)
			}
		case evNewRepeat:
			if source != nil && source.repeat {
				source.onNew = append(source.onNew, a)
			}
		default:
			p.err("xform.unknown_event", where+" "+t.path, ev)
		}
	}
}

// stripPredicates removes [...] from a path.
func stripPredicates(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
