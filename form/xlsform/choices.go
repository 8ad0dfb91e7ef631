package xlsform

import (
	"path"
	"strings"

	"ruhu/form/xform"
	"ruhu/form/xpath"
)

// list is one choice list.
type list struct {
	name    string
	choices []*record
	extra   []string       // the author's own columns, in order of the sheet
	other   bool           // gets the choice "other"
	used    bool           // by an itemset
	inline  bool           // by a question with search(): choices stand in the body
	itext   bool           // labels come from itext
	rows    map[string]int // choice → row
}

func (c *conv) readChoices() {
	s := c.wb.Sheet("choices")
	if s == nil {
		return
	}
	g := c.rep.gridOf(s, choicesAliases, true)
	if len(g.rows) == 0 {
		return
	}
	for _, need := range []string{"list_name", "name"} {
		if !g.has(need) {
			c.rep.error(place{s.Name, headRow(s), ""}, "xlsform.no_column", "column", need)
			return
		}
	}
	var extra []string
	for _, col := range s.Columns {
		k := canonical(col.Header, choicesAliases)
		switch {
		case k.name == "list_name", k.name == "name", k.name == "label", strings.HasPrefix(k.name, "media::"):
		case !validName(col.Header):
			c.rep.warn(place{s.Name, col.Row, col.Header}, "xlsform.choice_column", "column", col.Header)
		default:
			if !contains(extra, col.Header) {
				extra = append(extra, col.Header)
			}
		}
	}
	for _, rec := range g.rows {
		name := rec.text("list_name")
		if name == "" {
			if rec.cells["name"] != nil {
				c.rep.warn(place{s.Name, rec.num, g.columns["list_name"]}, "xlsform.choice_no_list")
			}
			continue
		}
		l := c.lists[name]
		if l == nil {
			l = &list{name: name, extra: extra, rows: map[string]int{}}
			c.lists[name] = l
			c.order = append(c.order, name)
		}
		c.checkChoice(l, rec, g)
		l.choices = append(l.choices, rec)
		lab := rec.cells["label"]
		l.itext = l.itext || (lab != nil && (len(lab.langs) > 0 || refRE.MatchString(lab.plain)))
		for m := range validMedia {
			l.itext = l.itext || !rec.cells[m].empty()
		}
	}
}

func (c *conv) checkChoice(l *list, rec *record, g *grid) {
	v := rec.text("name")
	switch {
	case v == "":
		c.rep.error(place{g.sheet, rec.num, g.columns["name"]}, "xlsform.choice_no_name", "list", l.name)
		return
	case strings.ContainsAny(v, " \t"):
		c.rep.warn(rec.at("name"), "xlsform.choice_space", "name", v)
	}
	if rec.cells["label"].empty() && g.has("label") {
		c.rep.warn(place{g.sheet, rec.num, g.columns["label"]}, "xlsform.choice_no_label", "name", v)
	}
	if row, dup := l.rows[v]; dup && !c.settingYes("allow_choice_duplicates") {
		c.rep.error(rec.at("name"), "xlsform.same_choice", "name", v, "list", l.name, "row", itoa(row))
		return
	}
	l.rows[v] = rec.num
}

// useList finds the list of a select. Mistakes are reported at its type cell.
func (c *conv) useList(n *node) *list {
	l := c.lists[n.typ.list]
	if l == nil {
		if n.typ.list == "" {
			c.rep.error(n.rec.at("type"), "xlsform.no_list_name", "type", n.typ.name)
			return nil
		}
		d := c.rep.error(n.rec.at("type"), "xlsform.no_list", "list", n.typ.list)
		d.meant(n.typ.list, append(c.order, c.strays()...))
		return nil
	}
	l.other = l.other || n.typ.other
	return l
}

// listInstance writes a choice list as a secondary instance, and its labels into itext where needed.
func (c *conv) listInstance(l *list) *elem {
	root := el("root")
	for i, rec := range l.choices {
		item := el("item")
		id := l.name + "-" + itoa(i)
		if l.itext {
			item.add(el("itextId").text(id))
			c.choiceText(id, rec)
		}
		item.add(el("name").text(rec.text("name")))
		if !l.itext && !rec.cells["label"].empty() {
			item.add(el("label").text(rec.text("label")))
		}
		for _, col := range l.extra {
			if v := rec.text(col); v != "" {
				item.add(el(col).text(v))
			}
		}
		root.add(item)
	}
	if l.other && !hasChoice(l, "other") {
		item := el("item")
		if l.itext {
			id := l.name + "-" + itoa(len(l.choices))
			item.add(el("itextId").text(id))
			for _, lang := range c.itext.langs {
				c.itext.put(id, "", lang, []any{"Other"})
			}
		}
		item.add(el("name").text("other"))
		if !l.itext {
			item.add(el("label").text("Other"))
		}
		root.add(item)
	}
	return el("instance", "id", l.name).add(root)
}

func hasChoice(l *list, name string) bool {
	_, ok := l.rows[name]
	return ok
}

func (c *conv) choiceText(id string, rec *record) {
	if lab := rec.cells["label"]; !lab.empty() {
		c.itextCell(id, "", lab, nil)
	}
	for _, m := range mediaForms {
		if cl := rec.cells["media::"+m]; !cl.empty() {
			c.itextCell(id, m, cl, nil)
		}
	}
}

// itemset writes where a select takes its choices from.
func (c *conv) itemset(n *node) *elem {
	value, label := "name", "label"
	nodeset, id := "", ""
	switch {
	case n.typ.file:
		ext := strings.ToLower(path.Ext(n.typ.list))
		id = strings.TrimSuffix(n.typ.list, path.Ext(n.typ.list))
		if wholeRef(id) == "" {
			switch ext {
			case ".csv":
				c.addExternal(id, "jr://file-csv/"+n.typ.list, n.rec.at("type"))
			case ".xml", ".geojson":
				c.addExternal(id, "jr://file/"+n.typ.list, n.rec.at("type"))
				if ext == ".geojson" {
					value, label = "id", "title"
				}
			default:
				c.rep.error(n.rec.at("type"), "xlsform.file_ending", "file", n.typ.list)
			}
		}
		nodeset = "instance('" + id + "')/root/item"
	case wholeRef(n.typ.list) != "":
		return c.repeatItemset(n)
	default:
		l := c.useList(n)
		if l == nil {
			return nil
		}
		l.used = true
		if l.itext {
			label = "jr:itext(itextId)"
		}
		nodeset = "instance('" + l.name + "')/root/item"
	}
	value, label = or(n.params["value"], value), or(n.params["label"], label)
	if f := n.cell("choice_filter"); !f.empty() {
		nodeset += "[" + c.expr(f.plain, n, f.at, true) + "]"
	}
	nodeset = c.randomized(n, nodeset)
	return el("itemset", "nodeset", nodeset).add(el("value", "ref", value), el("label", "ref", label))
}

// repeatItemset offers the answers given in a repeat as choices.
func (c *conv) repeatItemset(n *node) *elem {
	target := c.lookup(wholeRef(n.typ.list), n, n.rec.at("type"))
	if target == nil {
		return nil
	}
	rep := target.repeat()
	if rep == nil {
		c.rep.error(n.rec.at("type"), "xlsform.not_in_repeat", "name", target.name)
		return nil
	}
	nodeset := refPath(rep, n, false)
	if rep.above(n) {
		up := "../../"
		for p := n.parent; p != rep; p = p.parent {
			up += "../"
		}
		nodeset = up + rep.name
	}
	field := strings.TrimPrefix(target.path(), rep.path()+"/")
	filter := "./" + field + " != ''"
	if f := n.cell("choice_filter"); !f.empty() {
		filter = c.repeatFilter(f, n, rep)
	}
	nodeset = c.randomized(n, nodeset+"["+filter+"]")
	return el("itemset", "nodeset", nodeset).add(el("value", "ref", field), el("label", "ref", field))
}

// repeatFilter writes references to questions of the repeat itself as children of the item under test.
func (c *conv) repeatFilter(f *cell, n, rep *node) string {
	s := refRE.ReplaceAllStringFunc(f.plain, func(m string) string {
		if t := c.byName[wholeRef(m)]; len(t) == 1 && rep.above(t[0]) {
			return " ./" + strings.TrimPrefix(t[0].path(), rep.path()+"/") + " "
		}
		return m
	})
	return c.expr(s, n, f.at, true)
}

func (c *conv) randomized(n *node, nodeset string) string {
	if !truth(n.params["randomize"]) {
		return nodeset
	}
	seed := n.params["seed"]
	if seed == "" {
		return "randomize(" + nodeset + ")"
	}
	return "randomize(" + nodeset + ", " + c.expr(seed, n, n.rec.at("parameters"), false) + ")"
}

// addExternal names a file as a secondary instance.
func (c *conv) addExternal(id, src string, at place) {
	if old, ok := c.extSeen[id]; ok {
		if old != src {
			c.rep.error(at, "xlsform.same_instance", "name", id)
		}
		return
	}
	c.extSeen[id] = src
	e := el("instance", "id", id)
	if c.wb.Files == nil {
		c.external = append(c.external, e.set("src", src))
		return
	}
	c.external = append(c.external, e.add(c.fileItems(path.Base(src), at)))
}

// fileItems reads a file beside the form.
func (c *conv) fileItems(name string, at place) *elem {
	data, err := c.wb.Files(name)
	if err != nil {
		c.rep.error(at, "xlsform.no_file", "name", name)
		return el("root")
	}
	doc, err := xform.ReadItems(name, data)
	if err != nil || doc.Element() == nil {
		c.rep.error(at, "xlsform.bad_file", "name", name)
		return el("root")
	}
	return copied(doc.Element())
}

// copied makes an element of our own from what was read: expressions go by local names.
func copied(n *xpath.Node) *elem {
	e := el(n.Name.Local)
	for _, a := range n.Attrs {
		e.set(a.Name.Local, a.Text)
	}
	if len(n.Children) == 0 {
		return e.text(n.Text)
	}
	for _, k := range n.Children {
		switch k.Kind {
		case xpath.KindElement:
			e.add(copied(k))
		case xpath.KindText:
			e.text(k.Text)
		}
	}
	return e
}
