package xlsform

import "strings"

// tableList rewrites a group with the appearance table-list: it becomes a page on which the first select is shown once
// more as a row of labels, and the selects under it show only their buttons.
func (c *conv) tableList(n *node) {
	switch {
	case n.typ.kind == kindGroup && strings.Contains(n.val("body::appearance"), "table-list"):
		n.look = strings.Replace(n.val("body::appearance"), "table-list", "field-list", 1)
		if lab := n.cell("label"); !lab.empty() {
			n.mute = true
			c.generated(n, "generated_table_list_label_"+itoa(n.rec.num), rowType{qtype: named("note")}, n.rec, "label")
		}
	case n.typ.kind == kindSelect && strings.Contains(n.parent.val("body::appearance"), "table-list") && n.parent.look != "":
		n.look = "list-nolabel"
		for _, k := range n.parent.kids {
			if k.look == "label" {
				return
			}
		}
		h := c.generated(n.parent, "reserved_name_for_field_list_labels_"+itoa(n.rec.num), n.typ, n.rec, "type", "choice_filter", "parameters")
		h.text, h.look, h.params = " ", "label", n.params
		h.typ.other = false
	}
}

func named(typ string) qtype {
	q := types[typ]
	q.name = typ
	return q
}

// generated adds a node that no row stands for, with these cells of a row.
func (c *conv) generated(parent *node, name string, typ rowType, from *record, cells ...string) *node {
	rec := &record{num: from.num, sheet: from.sheet, cells: map[string]*cell{}}
	for _, k := range cells {
		if cl := from.cells[k]; cl != nil {
			rec.cells[k] = cl
			rec.extra = append(rec.extra, k)
		}
	}
	n := &node{name: name, typ: typ, parent: parent, rec: rec}
	parent.kids = append(parent.kids, n)
	c.byName[name] = append(c.byName[name], n)
	return n
}
