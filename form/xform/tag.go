package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// Tag is what an osm question asks about a place: one of its choices, or any
// text where there are none.
type Tag struct {
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Choices []Choice `json:"choices"`
}

// tag is a tag element of an upload.
type tag struct {
	key   string
	label *text
	items []item
}

func (p *parser) tag(n *xpath.Node, where string) tag {
	t := tag{key: strings.TrimSpace(attr(n, "key")), label: p.readText(child(n, "label"), where+"/tag")}
	for _, k := range n.Children {
		if elem(k, "item") {
			t.items = append(t.items, p.item(k, where+"/tag/item"))
		}
	}
	return t
}

func (s *Session) tags(in *inst) []Tag {
	c := in.def.control
	if c == nil || len(c.tags) == 0 {
		return nil
	}
	out := make([]Tag, len(c.tags))
	for i, t := range c.tags {
		out[i] = Tag{Key: t.key, Label: s.text(t.label, in), Choices: []Choice{}}
		for _, it := range t.items {
			out[i].Choices = append(out[i].Choices, Choice{Value: it.value, Label: s.text(it.label, in)})
		}
	}
	return out
}

// ticks gives the numbers of a range that have a name. Only lists that read no
// answers are known: a scale does not change while it is used.
func (s *Session) ticks(in *inst) []Choice {
	c := in.def.control
	if c == nil || c.ticks == nil || !c.ticks.static {
		return nil
	}
	out := make([]Choice, 0, len(c.ticks.fixed))
	for _, ch := range c.ticks.fixed {
		out = append(out, Choice{Value: ch.value, Label: s.itemText(in, c.ticks, ch)})
	}
	return out
}
