package xform

import (
	"slices"
	"strconv"
	"strings"

	"ruhu/form/xpath"
)

// carrier makes a record of a newer version of a form out of a session of an
// older one.
type carrier struct {
	*pairing
	s    *Session         // of the older version
	f    *Form            // the newer one
	refs map[*inst]string // where the newer record has what the older one had
	kept map[*inst]string // the answer as the newer record has it
	lost map[*inst]loss
}

// loss is an answer, or a part of it, that the newer version cannot hold.
type loss struct {
	kind string // DiffType, DiffChoice
	text string // in words
}

// element copies what stands in d; from is the older instance of the repeat around
// it, or the older root.
func (c *carrier) element(d *def, from *inst, ref string) *xpath.Node {
	n := &xpath.Node{Kind: xpath.KindElement, Name: d.node.Name, Prefix: d.node.Prefix, NS: d.node.NS}
	if o := c.was[d.id]; o != nil {
		in := from
		if !d.repeat {
			in = descend(from, o)
		}
		c.refs[in] = ref
		if d.parent != nil { // the root has id and version of its own
			n.Attrs = in.node.Attrs
		}
		if d.leaf() {
			text, fits := c.answer(d, o, in)
			if !fits {
				return nil // as in a new record
			}
			n.Text, c.kept[in] = text, text
			return n
		}
	} else if d.leaf() {
		return nil
	}
	for _, k := range d.children {
		at := ref + "/" + k.node.QName()
		if !k.repeat {
			if x := c.element(k, from, at); x != nil {
				n.Children = append(n.Children, x)
			}
			continue
		}
		o := c.was[k.id]
		if o == nil {
			continue
		}
		r := descend(from, o)
		c.refs[r] = at
		for i, x := range r.kids {
			n.Children = append(n.Children, c.element(k, x, at+"["+strconv.Itoa(i+1)+"]"))
		}
	}
	for _, k := range n.Children {
		k.Parent = n
	}
	return n
}

// descend finds what stands at o below an instance of the repeat around it.
func descend(from *inst, o *def) *inst {
	if o == from.def {
		return from
	}
	return descend(from, o.parent).kids[o.order]
}

// answer gives an older answer as the newer question can hold it. false: it cannot
// hold it at all, which is noted.
func (c *carrier) answer(d, o *def, in *inst) (string, bool) {
	v := in.answer()
	if v == "" {
		return "", true
	}
	if d.control != nil && o.control != nil && d.control.family() != o.control.family() {
		return c.drop(in, DiffType, v)
	}
	if d.control == nil || d.control.family() != familyChoice {
		t := d.bind.typ
		if t == o.bind.typ {
			return v, true
		}
		if v = entered(t, v); !valid(t, v) || geo(t) != geo(o.bind.typ) {
			return c.drop(in, DiffType, in.answer())
		}
		return v, true
	}
	words := strings.Fields(v)
	if d.control.Type == "select1" && len(words) > 1 || (d.control.Type == "rank") != (o.control != nil && o.control.Type == "rank") {
		return c.drop(in, DiffType, v)
	}
	offered, known := c.f.offers(d.control)
	if !known {
		return v, true // the session decides
	}
	gone := func(w string) bool { return !offered[w] }
	if !slices.ContainsFunc(words, gone) {
		return v, true
	}
	if d.control.Type == "rank" {
		return c.drop(in, DiffChoice, v)
	}
	if said := slices.DeleteFunc(strings.Fields(in.node.Text), func(w string) bool { return offered[w] }); len(said) > 0 {
		_, _ = c.drop(in, DiffChoice, strings.Join(said, " "))
	}
	words = slices.DeleteFunc(words, gone)
	return strings.Join(words, " "), len(words) > 0
}

func (c *carrier) drop(in *inst, kind, v string) (string, bool) {
	c.lost[in] = loss{kind, c.s.inWords(in, v)}
	return "", false
}

func geo(typ string) string {
	if strings.HasPrefix(typ, "geo") {
		return typ
	}
	return ""
}

// The families of controls whose answers mean the same kind of thing.
const (
	familyChoice = "choice"
	familyValue  = "value"
)

func (c *Control) family() string {
	switch c.Type {
	case "select", "select1", "rank":
		return familyChoice
	case "upload":
		kind, _, _ := strings.Cut(c.Mediatype, "/")
		return "upload " + kind
	case "trigger":
		return c.Type
	}
	return familyValue
}

// inWords is an answer as people read it: choices by their labels.
func (s *Session) inWords(in *inst, v string) string {
	c := in.def.control
	if c == nil || c.family() != familyChoice {
		return v
	}
	labels := map[string]string{}
	for _, ch := range s.choiceList(in) {
		labels[ch.value] = s.choiceText(in, ch)
	}
	words := strings.Fields(v)
	for i, w := range words {
		if l := labels[w]; l != "" {
			words[i] = l
		}
	}
	return strings.Join(words, "、")
}

// offers lists the values that a question's choices can have, whatever the answers
// that filter them; false when that cannot be told without answers.
func (f *Form) offers(c *Control) (map[string]bool, bool) {
	out := map[string]bool{}
	if c.itemset == nil {
		for _, it := range c.items {
			out[it.value] = true
		}
		return out, true
	}
	if c.itemset.static {
		for _, ch := range c.itemset.fixed {
			out[ch.value] = true
		}
		return out, true
	}
	items, ok := f.itemsOf(c)
	for _, it := range items {
		out[strings.TrimSpace(childText(it, c.itemset.value.String()))] = true
	}
	return out, ok
}

// itemsOf gives all items of the list that an itemset takes some from; false when
// it is not a list of the form, or not read by a plain column.
func (f *Form) itemsOf(c *Control) ([]*xpath.Node, bool) {
	var out []*xpath.Node
	if c.itemset.value == nil {
		return nil, false
	}
	known := false
	for _, r := range c.itemset.nodes.Refs() {
		if r.Base != xpath.RefInstance {
			continue
		}
		top := f.instances[r.Instance]
		if top == nil || f.lastSaved[r.Instance] {
			return nil, false
		}
		if top.Kind == xpath.KindDocument {
			top = top.Element()
		}
		if top == nil {
			return nil, false
		}
		for _, it := range top.Children {
			if it.Kind == xpath.KindElement && child(it, c.itemset.value.String()) == nil {
				return nil, false
			}
			out, known = append(out, it), true
		}
	}
	return out, known
}
