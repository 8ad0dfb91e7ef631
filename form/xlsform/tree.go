package xlsform

import (
	"strings"
)

// node is an element of the primary instance: the root, a group, a repeat or a question.
type node struct {
	name   string
	typ    rowType
	rec    *record // nil for generated nodes
	parent *node
	kids   []*node
	// for generated nodes and dynamic text
	bind   []string          // extra attributes of the bind, pairs; values are final
	text   string            // default label where there is no record
	params map[string]string // parameters column, parsed
	saveAs string            // property of an entity
	look   string            // appearance in place of the author's
	mute   bool              // its label is shown elsewhere
}

func (n *node) path() string {
	if n.parent == nil {
		return "/" + n.name
	}
	return n.parent.path() + "/" + n.name
}

func (n *node) cell(name string) *cell {
	if n.rec == nil {
		return nil
	}
	return n.rec.cells[name]
}

func (n *node) val(name string) string { return n.cell(name).any() }

// repeat returns the nearest repeat around the node, the node itself not counted.
func (n *node) repeat() *node {
	for p := n.parent; p != nil; p = p.parent {
		if p.typ.kind == kindRepeat {
			return p
		}
	}
	return nil
}

func (n *node) walk(f func(*node)) {
	f(n)
	for _, k := range n.kids {
		k.walk(f)
	}
}

// container tells groups, repeats and the root from questions.
func (n *node) container() bool {
	return n.typ.kind == kindGroup || n.typ.kind == kindRepeat || n.typ.kind == kindLoop
}

// readTree builds the tree of nodes from the rows of the survey sheet.
func (c *conv) readTree() {
	c.root = &node{name: c.rootName, typ: rowType{qtype: qtype{kind: kindGroup, name: "survey"}}}
	at, level := c.root, 0
	for _, rec := range c.survey.rows {
		typ := strings.TrimSpace(rec.text("type"))
		if yes(rec.text("disabled")) {
			continue
		}
		if typ == "" {
			if len(rec.cells) > 0 && (rec.cells["name"] != nil || rec.cells["label"] != nil) {
				c.rep.error(place{rec.sheet, rec.num, c.survey.columns["type"]}, "xlsform.no_type")
			}
			continue
		}
		t := parseType(typ)
		switch {
		case t.unknown:
			c.rep.error(rec.at("type"), "xlsform.unknown_type", "type", typ).meant(typ, typeNames())
		case t.end:
			if at != c.root {
				level--
			}
			at = c.endSection(at, t, rec)
		default:
			n := c.newNode(at, t, rec)
			if n == nil || !t.begin {
				continue
			}
			if at, level = n, level+1; level > maxDepth {
				c.rep.error(rec.at("type"), "xlsform.too_deep", "count", itoa(maxDepth))
				c.root.kids = nil
				return
			}
		}
	}
	for ; at != c.root; at = at.parent {
		c.rep.error(at.rec.at("type"), "xlsform.not_closed", "type", at.typ.name, "name", at.name)
	}
}

func (c *conv) endSection(at *node, t rowType, rec *record) *node {
	if name := rec.text("name"); at != c.root && name != "" && name != at.name {
		c.rep.warn(rec.at("name"), "xlsform.end_name", "name", name, "open", at.name)
	}
	switch {
	case at == c.root:
		c.rep.error(rec.at("type"), "xlsform.not_open", "type", t.name)
		return at
	case at.typ.name != t.name:
		c.rep.error(rec.at("type"), "xlsform.wrong_end", "type", t.name, "open", at.typ.name, "name", at.name)
	}
	if at.typ.kind == kindLoop {
		c.expandLoop(at)
	}
	return at.parent
}

func yes(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "true", "true()", "1":
		return true
	}
	return false
}

func (c *conv) newNode(parent *node, t rowType, rec *record) *node {
	name := strings.TrimSpace(rec.text("name"))
	if t.kind == kindMeta && name == "" {
		name = t.name
	}
	n := &node{name: name, typ: t, rec: rec, parent: parent}
	switch {
	case t.kind == kindAudit:
		if name != "" && name != "audit" {
			c.rep.error(rec.at("name"), "xlsform.audit_name")
		}
		n.name, c.audit = "audit", n
		n.params = c.parameters(n)
		c.checkAudit(n)
		return n
	case name == "":
		c.rep.error(rec.at("type"), "xlsform.no_name", "type", rec.text("type"))
		if !t.begin {
			return nil
		}
		n.name = "unnamed"
	case name == "meta":
		c.rep.error(rec.at("name"), "xlsform.meta_name")
	case !validName(name):
		c.rep.error(rec.at("name"), "xlsform.bad_name", "name", name)
	}
	n.params = c.parameters(n)
	if t.kind == kindRepeat {
		c.repeatCount(n)
	}
	c.tableList(n)
	parent.kids = append(parent.kids, n)
	if t.kind != kindExternal {
		c.byName[n.name] = append(c.byName[n.name], n)
	}
	if t.other {
		if l := c.lists[t.list]; l != nil {
			l.other = true
		}
		c.addOther(n)
	}
	return n
}

// repeatCount makes a node for a count that is not simply a reference.
func (c *conv) repeatCount(n *node) {
	count := n.val("body::jr:count")
	if count == "" || wholeRef(count) != "" {
		return
	}
	g := &node{
		name: n.name + "_count", parent: n.parent, rec: n.rec,
		typ: rowType{qtype: qtype{name: "generated count", kind: kindMeta, bind: []string{"type", "string", "readonly", "true()"}}},
	}
	n.parent.kids = append(n.parent.kids, g)
	c.byName[g.name] = append(c.byName[g.name], g)
}

// addOther adds the text question that a select "or_other" asks.
func (c *conv) addOther(n *node) {
	if !n.cell("choice_filter").empty() {
		c.rep.error(n.rec.at("choice_filter"), "xlsform.other_filter")
	}
	o := &node{
		name: n.name + "_other", parent: n.parent, text: "Specify other.",
		typ:  rowType{qtype: types["text"]},
		bind: []string{"relevant", "selected(../" + n.name + ", 'other')"},
	}
	n.parent.kids = append(n.parent.kids, o)
	c.byName[o.name] = append(c.byName[o.name], o)
}

// checkTree finds double names and controls without a text.
func (c *conv) checkTree() {
	repeats := map[string]*node{}
	c.root.walk(func(n *node) {
		if n.typ.kind == kindRepeat {
			if r := repeats[n.name]; r != nil && r.parent != n.parent {
				c.rep.error(n.rec.at("name"), "xlsform.same_repeat", "name", n.name)
			}
			repeats[n.name] = n
			if n.name == c.root.name {
				c.rep.error(n.rec.at("name"), "xlsform.root_name", "name", n.name)
			}
		}
		seen := map[string]*node{}
		for _, k := range n.kids {
			low := strings.ToLower(k.name)
			other := seen[low]
			switch {
			case other == nil:
				seen[low] = k
			case other.name == k.name:
				at, row := place{}, ""
				if k.rec != nil {
					at = k.rec.at("name")
				}
				if other.rec != nil {
					row = itoa(other.rec.num)
				}
				c.rep.error(at, "xlsform.same_name", "name", k.name, "row", row)
			case k.rec != nil:
				c.rep.warn(k.rec.at("name"), "xlsform.case_name", "name", k.name, "other", other.name)
			}
			c.checkQuestion(k)
		}
	})
}

func (c *conv) checkQuestion(n *node) {
	if n.rec == nil || n.container() {
		return
	}
	t := n.typ
	if t.name == "calculate" && n.cell("bind::calculate").empty() && !c.dynamic(n) && n.cell("trigger").empty() {
		c.rep.error(n.rec.at("type"), "xlsform.no_calculation", "name", n.name)
	}
	if t.control == "" || c.silent(n) || n.hasText() {
		return
	}
	c.rep.error(n.rec.at("type"), "xlsform.no_label", "name", n.name)
}

func (n *node) hasText() bool {
	for _, k := range []string{"label", "hint", "media::image", "media::audio", "media::video", "media::big-image"} {
		if !n.cell(k).empty() {
			return true
		}
	}
	return n.text != ""
}

// silent questions have no control: a calculated value of some datatype without label.
func (c *conv) silent(n *node) bool {
	if n.typ.control == "" {
		return true
	}
	if n.rec == nil || n.hasText() {
		return false
	}
	calc := !n.cell("bind::calculate").empty() || (!n.cell("trigger").empty())
	return calc
}
