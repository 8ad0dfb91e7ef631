package xform

import (
	"cmp"
	"slices"
	"strings"

	"ruhu/form/xpath"
)

// Revised is what a newer version of a form makes of a question, group or value.
type Revised struct {
	Kind  string `json:"kind"` // added, removed, changed
	Path  string `json:"path"` // now; "" when removed
	Was   string `json:"was"`  // before; "" when added
	Type  string `json:"type"` // as NodeState.Type
	Label string `json:"label"`
	Edits []Edit `json:"edits"` // of a changed one
}

// Edit is one thing that is otherwise: place, type, label, hint, choices, relevant,
// required, readonly, constraint, calculate, warning, message, prefill or count.
type Edit struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// The kinds of Revised.
const (
	RevisedAdded   = "added"
	RevisedRemoved = "removed"
	RevisedChanged = "changed"
)

// Compare tells what f has otherwise than an older version, in the order of f; what
// is gone comes last. Questions are found again as Migrate does. Texts are in a
// language, named as in Env.Language, else in each form's default language.
func (f *Form) Compare(old *Form, language string) []Revised {
	p := pair(old, f)
	before, after := old.facts(language), f.facts(language)
	out := []Revised{}
	for _, d := range f.defs {
		if d.parent == nil || d.attr || d.inMeta() {
			continue
		}
		o := p.was[d.id]
		r := Revised{Path: d.path, Type: d.nodeType(), Label: after.label(d), Edits: []Edit{}}
		if o == nil {
			r.Kind = RevisedAdded
			out = append(out, r)
			continue
		}
		r.Kind, r.Was = RevisedChanged, o.path
		if p.moved(d) {
			r.Edits = append(r.Edits, Edit{"place", o.path, d.path})
		}
		a, b := before.of(o), after.of(d)
		for i := range b {
			if a[i].text != b[i].text {
				r.Edits = append(r.Edits, Edit{b[i].what, a[i].text, b[i].text})
			}
		}
		if was, is := before.choices(o), after.choices(d); !slices.Equal(was, is) {
			r.Edits = append(r.Edits, Edit{"choices", without(was, is), without(is, was)})
		}
		if len(r.Edits) > 0 {
			out = append(out, r)
		}
	}
	for _, o := range old.defs {
		if o.parent != nil && !o.attr && !o.inMeta() && p.is[o.id] == nil {
			out = append(out, Revised{Kind: RevisedRemoved, Was: o.path, Type: o.nodeType(), Label: before.label(o), Edits: []Edit{}})
		}
	}
	return out
}

func (d *def) inMeta() bool {
	for ; d != nil; d = d.parent {
		if d.notes {
			return true
		}
	}
	return false
}

// without lists the choices of one version that the other does not have, value and label.
func without(list, other []worded) string {
	var out []string
	for _, c := range list {
		if !slices.Contains(other, c) {
			out = append(out, c.value+" "+c.label)
		}
	}
	return strings.Join(out, "、")
}

// worded is a choice with its label.
type worded struct{ value, label string }

type fact struct{ what, text string }

// facts reads what a version says of its questions, in one language.
type facts struct {
	f *Form
	s *Session // without answers: evaluates the labels of lists
}

func (f *Form) facts(language string) *facts {
	s := f.session(Env{})
	if i := f.language(language); language != "" && i >= 0 {
		s.lang = i
	}
	return &facts{f, s}
}

func (x *facts) label(d *def) string {
	if d.control != nil {
		return cmp.Or(d.control.label.plain(x.f, x.s.lang), d.node.Name.Local)
	}
	return d.node.Name.Local
}

// of lists facts, always the same in the same order.
func (x *facts) of(d *def) []fact {
	r := d.bind.rules(x.f, x.s.lang)
	label, hint, typ, count := "", "", d.nodeType(), ""
	if c := d.control; c != nil {
		label, hint = c.label.plain(x.f, x.s.lang), c.hint.plain(x.f, x.s.lang)
		if c.count != nil {
			count = c.count.String()
		}
	}
	if d.leaf() {
		typ += " " + d.bind.typ
	}
	message := strings.Join(slices.DeleteFunc([]string{r.ConstraintMsg, d.bind.requiredMsg.plain(x.f, x.s.lang), r.WarningMsg}, func(s string) bool { return s == "" }), "；")
	return []fact{
		{"type", typ},
		{"label", label},
		{"hint", hint},
		{"relevant", r.Relevant},
		{"required", r.Required},
		{"readonly", r.Readonly},
		{"constraint", r.Constraint},
		{"calculate", r.Calculate},
		{"warning", r.Warning},
		{"message", message},
		{"prefill", d.bind.prefill},
		{"count", count},
	}
}

// choices lists what a question offers, whatever the answers that filter it; nothing when that
// depends on answers alone.
func (x *facts) choices(d *def) []worded {
	c := d.control
	if c == nil || c.family() != familyChoice {
		return nil
	}
	var out []worded
	for _, it := range c.items {
		out = append(out, worded{it.value, it.label.plain(x.f, x.s.lang)})
	}
	if c.itemset == nil {
		return out
	}
	list := c.itemset.fixed
	if !c.itemset.static {
		nodes, _ := x.f.itemsOf(c)
		for _, n := range nodes {
			list = append(list, choice{value: strings.TrimSpace(childText(n, c.itemset.value.String())), node: n})
		}
	}
	in := &inst{def: d, node: xpath.Node{Kind: xpath.KindElement, Parent: &x.s.doc}}
	for _, ch := range list {
		out = append(out, worded{ch.value, x.s.choiceText(in, ch)})
	}
	return out
}
