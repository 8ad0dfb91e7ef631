package xlsform

import "strings"

// expandLoop turns `begin loop over LIST` into a group with one group per choice of the list. In texts, %(name)s and
// %(label)s stand for the choice.
func (c *conv) expandLoop(n *node) {
	l := c.lists[n.typ.list]
	if l == nil {
		c.rep.error(n.rec.at("type"), "xlsform.no_list", "list", n.typ.list).meant(n.typ.list, c.order)
		return
	}
	inner := n.kids
	n.kids = nil
	c.forget(inner)
	choices := l.choices
	if l.other && !hasChoice(l, "other") {
		choices = append(choices[:len(choices):len(choices)], c.otherChoice(l))
	}
	for _, choice := range choices {
		rec := &record{num: n.rec.num, sheet: n.rec.sheet, cells: map[string]*cell{}}
		if lab := choice.cells["label"]; lab != nil {
			at := *lab
			at.at = n.rec.at("type")
			rec.cells["label"] = &at
			rec.extra = []string{"label"}
		}
		g := &node{name: choice.text("name"), parent: n, rec: rec, typ: rowType{qtype: qtype{name: "group", kind: kindGroup}}}
		n.kids = append(n.kids, g)
		for _, k := range inner {
			c.copyInto(g, k, choice)
		}
	}
}

// otherChoice is the choice that or_other adds, as a row.
func (c *conv) otherChoice(l *list) *record {
	lab := &cell{plain: "Other"}
	if l.itext && len(l.choices) > 0 {
		if have := l.choices[0].cells["label"]; have != nil && len(have.order) > 0 {
			lab = &cell{langs: map[string]string{}, order: have.order}
			for _, lang := range have.order {
				lab.langs[lang] = "Other"
			}
		}
	}
	return &record{cells: map[string]*cell{"name": {plain: "other"}, "label": lab}}
}

// forget takes nodes out of the names that references find.
func (c *conv) forget(nodes []*node) {
	gone := map[*node]bool{}
	for _, top := range nodes {
		top.walk(func(n *node) { gone[n] = true })
	}
	done := map[string]bool{}
	for n := range gone {
		if done[n.name] {
			continue
		}
		done[n.name] = true
		var rest []*node
		for _, o := range c.byName[n.name] {
			if !gone[o] {
				rest = append(rest, o)
			}
		}
		if c.byName[n.name] = rest; rest == nil {
			delete(c.byName, n.name)
		}
	}
}

// copyInto adds a copy of n, and of all below it, to parent.
func (c *conv) copyInto(parent, n *node, choice *record) {
	if c.nodes++; c.nodes > maxNodes {
		if c.nodes == maxNodes+1 {
			c.rep.error(place{}, "xlsform.too_large", "what", itoa(maxNodes)+" questions")
		}
		return
	}
	k := *n
	k.parent, k.kids = parent, nil
	if n.rec != nil {
		k.rec = n.rec.fill(choice)
	}
	parent.kids = append(parent.kids, &k)
	c.byName[k.name] = append(c.byName[k.name], &k)
	for _, child := range n.kids {
		c.copyInto(&k, child, choice)
	}
}

// fill returns the record with the choice's name and label put into its texts.
func (r *record) fill(choice *record) *record {
	out := &record{num: r.num, sheet: r.sheet, extra: r.extra, cells: map[string]*cell{}}
	put := func(s, lang string) string {
		lab := choice.cells["label"]
		label := lab.any()
		if lab != nil && lab.langs[lang] != "" {
			label = lab.langs[lang]
		}
		return strings.NewReplacer("%(name)s", choice.text("name"), "%(label)s", label).Replace(s)
	}
	for k, cl := range r.cells {
		cp := &cell{plain: put(cl.plain, ""), order: cl.order, at: cl.at}
		for lang, s := range cl.langs {
			if cp.langs == nil {
				cp.langs = map[string]string{}
			}
			cp.langs[lang] = put(s, lang)
		}
		out.cells[k] = cp
	}
	return out
}
