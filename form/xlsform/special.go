package xlsform

import (
	"path"
	"strings"
)

// externalSelect is the older select over the sheet external_choices: an input with a query.
func (c *conv) externalSelect(n *node, e *elem) {
	s := c.wb.Sheet("external_choices")
	if s == nil {
		c.rep.error(n.rec.at("type"), "xlsform.no_list", "list", n.typ.list).meant("external_choices", c.strays())
		return
	}
	q := "instance('" + n.typ.list + "')/root/item"
	if f := n.cell("choice_filter"); !f.empty() {
		q += "[" + c.expr(f.plain, n, f.at, true) + "]"
	}
	e.set("query", q)
}

// searchItems writes the choices of a select with search() into the body, where clients that know search() want them.
func (c *conv) searchItems(n *node) []*elem {
	if n.typ.file {
		c.rep.error(n.rec.at("type"), "xlsform.search_file", "name", n.name)
		return nil
	}
	l := c.useList(n)
	if l == nil {
		return nil
	}
	l.inline = true
	var out []*elem
	for i, rec := range l.choices {
		item := el("item")
		label := el("label")
		if l.itext {
			id := l.name + "-" + itoa(i)
			c.choiceText(id, rec)
			label.set("ref", "jr:itext('"+id+"')")
		} else {
			label.text(rec.text("label"))
		}
		out = append(out, item.add(label, el("value").text(rec.text("name"))))
	}
	return out
}

// geometryItemset offers the shapes of a list, a file or a repeat as reference on the map.
func (c *conv) geometryItemset(n *node) *elem {
	ref, at := n.params["reference-geometry"], n.rec.at("parameters")
	value, label, nodeset := "name", "label", ""
	filter := n.cell("choice_filter")
	switch {
	case wholeRef(ref) != "":
		rep := c.lookup(wholeRef(ref), n, at)
		if rep == nil {
			return nil
		}
		if rep.typ.kind != kindRepeat {
			c.rep.error(at, "xlsform.not_in_repeat", "name", rep.name)
			return nil
		}
		value, label = "geometry", "geometry"
		test := "./geometry != ''"
		if !filter.empty() {
			test = c.repeatFilter(filter, n, rep)
		}
		return el("itemset", "nodeset", rep.path()+"["+test+"]").add(el("value", "ref", value), el("label", "ref", label))
	case c.lists[ref] != nil:
		c.lists[ref].used = true
		if c.lists[ref].itext {
			label = "jr:itext(itextId)"
		}
	case !c.fileInstance(ref):
		c.rep.error(at, "xlsform.no_list", "list", ref).meant(ref, c.order)
		return nil
	}
	nodeset = "instance('" + ref + "')/root/item"
	if !filter.empty() {
		nodeset += "[" + c.expr(filter.plain, n, filter.at, true) + "]"
	}
	return el("itemset", "nodeset", nodeset).add(el("value", "ref", value), el("label", "ref", label))
}

// fileInstance tells whether some row brings in a file under this id.
func (c *conv) fileInstance(id string) bool {
	if c.files == nil {
		c.files = map[string]bool{}
		c.root.walk(func(n *node) {
			switch {
			case n.typ.kind == kindExternal:
				c.files[n.name] = true
			case n.typ.file:
				c.files[strings.TrimSuffix(n.typ.list, path.Ext(n.typ.list))] = true
			}
		})
	}
	return c.files[id]
}

// tickLabels names the choice list that labels a range's ticks.
func (c *conv) tickLabels(n *node) *elem {
	name := n.params["tick_labelset"]
	if name == "" {
		return nil
	}
	l := c.lists[name]
	if l == nil {
		c.rep.error(n.rec.at("parameters"), "xlsform.no_list", "list", name).meant(name, c.order)
		return nil
	}
	l.used = true
	c.checkTicks(n, l)
	label := "label"
	if l.itext {
		label = "jr:itext(itextId)"
	}
	return el("itemset", "nodeset", "instance('"+name+"')/root/item").add(el("value", "ref", "name"), el("label", "ref", label))
}

// osmLabel is what a row of the sheet osm is called; itext only where there is more than one language, as the reference converter
// writes a single one as it is.
func (c *conv) osmLabel(n *node, rec *record) *elem {
	cl := rec.cells["label"]
	switch {
	case cl.empty():
		return nil
	case len(cl.langs) < 2 || strings.ContainsRune(rec.text("list_name")+rec.text("name"), '\''):
		return el("label").text(cl.any())
	}
	id := n.path() + "/" + rec.text("list_name") + "/" + rec.text("name") + ":label"
	c.itextCell(id, "", cl, nil)
	return el("label", "ref", "jr:itext('"+id+"')")
}

// osmTags lists the tags that an OpenStreetMap question asks for, from the sheet osm.
func (c *conv) osmTags(n *node) []*elem {
	s := c.wb.Sheet("osm")
	var out []*elem
	if s != nil {
		quiet := report{} // the sheet's headers are those of choices; its mistakes are reported by what is missing here
		rows := quiet.gridOf(s, choicesAliases, true).rows
		for _, rec := range rows {
			if rec.text("list_name") != n.typ.list {
				continue
			}
			tag := el("tag", "key", rec.text("name")).add(c.osmLabel(n, rec))
			for _, opt := range rows { // a list that is called as the tag holds its values
				if list := opt.text("list_name"); list == rec.text("name") && list != n.typ.list {
					tag.add(el("item").add(c.osmLabel(n, opt), el("value").text(opt.text("name"))))
				}
			}
			out = append(out, tag)
		}
	}
	if out == nil {
		c.rep.error(n.rec.at("type"), "xlsform.no_list", "list", n.typ.list)
	}
	return out
}
