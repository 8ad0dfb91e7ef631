package xlsform

import (
	"sort"
	"strings"
)

// entity is a row of the sheet entities: a record of a list that the form creates or updates.
type entity struct {
	list  string
	rec   *record
	vars  []*node // questions that its expressions read
	saves []*node // questions that are stored as its properties
	props map[string]int
	scope *node // the repeat around all of them, nil: the survey
	home  *node // the container that carries it
}

var entityAliases = map[string]string{
	"list_name": "list_name", "dataset": "list_name", "label": "label", "entity_id": "entity_id", "create_if": "create_if", "update_if": "update_if",
}

// readEntities reads the sheet and finds a home for each entity.
func (c *conv) readEntities() {
	s := c.wb.Sheet("entities")
	var list []*entity
	if s != nil {
		g := c.rep.gridOf(s, entityAliases, false)
		for i := range c.rep.list { // an unknown column may be a misspelt condition: refuse
			if d := &c.rep.list[i]; d.Sheet == s.Name && d.Code == "xlsform.unknown_column" {
				d.Severity = SeverityError
			}
		}
		for _, rec := range g.rows {
			list = append(list, c.readEntity(g, rec))
		}
	}
	c.readSaves(list)
	for _, e := range list {
		c.entityScope(e)
	}
	c.placeEntities(list)
	c.entities = list
	sort.SliceStable(c.entities, func(i, j int) bool { return depth(c.entities[i].home) > depth(c.entities[j].home) })
}

func (c *conv) readEntity(g *grid, rec *record) *entity {
	e := &entity{list: rec.text("list_name"), rec: rec, props: map[string]int{}}
	at := rec.at("list_name")
	switch {
	case e.list == "":
		c.rep.error(at, "xlsform.empty_cell", "column", "list_name")
	case strings.HasPrefix(e.list, "__"), strings.Contains(e.list, "."), !validNCName(e.list):
		c.rep.error(at, "xlsform.bad_name", "name", e.list)
	}
	id, create, update := rec.text("entity_id"), rec.text("create_if"), rec.text("update_if")
	switch {
	case id == "" && update != "":
		c.rep.error(rec.at("update_if"), "xlsform.entity_id", "list", e.list)
	case id != "" && create != "" && update == "":
		c.rep.error(rec.at("create_if"), "xlsform.entity_update", "list", e.list)
	case id == "" && rec.text("label") == "":
		c.rep.error(rec.at("list_name"), "xlsform.entity_label", "list", e.list)
	}
	for _, col := range []string{"label", "entity_id", "create_if", "update_if"} {
		for _, m := range refRE.FindAllStringSubmatch(rec.text(col), -1) {
			if found := c.byName[m[2]]; len(found) == 1 {
				e.vars = append(e.vars, found[0])
			}
		}
	}
	return e
}

// readSaves gives the columns save_to of the questions to the entities: PROPERTY, or LIST#PROPERTY.
func (c *conv) readSaves(list []*entity) {
	for _, rec := range c.survey.rows {
		if t := parseType(rec.text("type")); rec.text("save_to") != "" && (t.begin || t.end) {
			c.rep.error(rec.at("save_to"), "xlsform.save_container")
		}
	}
	c.root.walk(func(n *node) {
		cl := n.cell("save_to")
		if cl.empty() || n.container() {
			return
		}
		name, prop, prefixed := strings.Cut(cl.any(), "#")
		if !prefixed {
			name, prop = "", name
		}
		switch {
		case len(list) == 0:
			c.rep.error(cl.at, "xlsform.save_no_entity")
			return
		case strings.Contains(prop, "#"), !validNCName(prop), strings.HasPrefix(prop, "__"), strings.EqualFold(prop, "name"), strings.EqualFold(prop, "label"):
			c.rep.error(cl.at, "xlsform.bad_name", "name", prop)
			return
		case !prefixed && len(list) > 1:
			c.rep.error(cl.at, "xlsform.save_prefix", "name", prop)
			return
		}
		for _, e := range list {
			if !prefixed || e.list == name {
				if row, dup := e.props[prop]; dup {
					c.rep.error(cl.at, "xlsform.same_name", "name", prop, "row", itoa(row))
				}
				e.props[prop] = cl.at.row
				e.saves = append(e.saves, n)
				n.saveAs = prop
				return
			}
		}
		c.rep.error(cl.at, "xlsform.unknown_ref", "name", name)
	})
}

// entityScope finds the deepest repeat that the entity's questions are in. All must be in it or around it, the stored ones in it.
func (c *conv) entityScope(e *entity) {
	for _, n := range append(append([]*node{}, e.saves...), e.vars...) {
		r := n.repeat()
		switch {
		case r == nil || r == e.scope || (e.scope != nil && r.above(e.scope)):
		case e.scope == nil || e.scope.above(r):
			e.scope = r
		default:
			c.rep.error(e.rec.at("list_name"), "xlsform.entity_scope", "list", e.list, "name", n.name)
			return
		}
	}
	for _, n := range e.saves {
		if n.repeat() != e.scope {
			c.rep.error(n.rec.at("save_to"), "xlsform.entity_scope", "list", e.list, "name", n.name)
			return
		}
	}
}

func depth(n *node) int {
	d := 0
	for p := n; p != nil; p = p.parent {
		d++
	}
	return d
}

// start is the deepest container where the entity may live: around all its stored questions, else at its deepest variable.
func (e *entity) start(root *node) *node {
	top := e.scope
	if top == nil {
		top = root
	}
	var at *node
	for _, n := range e.saves {
		if at == nil {
			at = n.parent
		}
		for at != n.parent && !at.above(n) {
			at = at.parent
		}
	}
	if at != nil {
		return at
	}
	at = top
	for _, n := range e.vars {
		if n.repeat() == e.scope && depth(n.parent) > depth(at) {
			at = n.parent
		}
	}
	return at
}

// placeEntities gives each entity the deepest free container, from its start up to its scope. A container carries one entity,
// and a stored question belongs to the nearest entity above it.
func (c *conv) placeEntities(list []*entity) {
	c.entityAt = map[*node]*entity{}
	if len(list) == 1 && list[0].scope == nil {
		list[0].home = c.root
		c.entityAt[c.root] = list[0]
		return
	}
	order := append([]*entity{}, list...)
	sort.SliceStable(order, func(i, j int) bool {
		a, b := order[i], order[j]
		if (len(a.saves) > 0) != (len(b.saves) > 0) {
			return len(a.saves) > 0
		}
		return len(a.saves) > 0 && depth(a.start(c.root)) > depth(b.start(c.root))
	})
	for _, e := range order {
		top := e.scope
		if top == nil {
			top = c.root
		}
		for n := e.start(c.root); ; n = n.parent {
			if c.entityAt[n] == nil && c.free(n, e, list) {
				e.home = n
				c.entityAt[n] = e
				break
			}
			if n == top || n.parent == nil {
				c.rep.error(e.rec.at("list_name"), "xlsform.entity_home", "list", e.list)
				break
			}
		}
	}
}

// free: no stored question of another entity would have n as its nearest entity.
func (c *conv) free(n *node, e *entity, list []*entity) bool {
	for _, o := range list {
		if o == e {
			continue
		}
		for _, f := range o.saves {
			if n.above(f) && (o.home == nil || o.home.above(n)) {
				return false
			}
		}
	}
	return true
}

// entityElement writes the entity of a container into its meta block.
func (e *entity) element() *elem {
	x := el("entity", "dataset", e.list, "id", "")
	id, create, update := e.rec.text("entity_id"), e.rec.text("create_if"), e.rec.text("update_if")
	if id == "" || (create != "" && update != "") {
		x.set("create", "1")
	}
	if id != "" {
		x.set("update", "1").set("baseVersion", "").set("trunkVersion", "").set("branchId", "")
	}
	if e.rec.text("label") != "" {
		x.add(el("label"))
	}
	return x
}

// entityNode makes the path home/meta/entity/leaf as nodes, for relative references.
func (e *entity) node(leaf string) *node {
	meta := &node{name: "meta", parent: e.home}
	ent := &node{name: "entity", parent: meta}
	return &node{name: leaf, parent: ent}
}

// entityBinds writes the binds and the id's action of an entity.
func (c *conv) entityBinds(e *entity) []*elem {
	var out []*elem
	bind := func(leaf, calc string) {
		b := el("bind", "nodeset", e.node(leaf).path(), "readonly", "true()", "type", "string")
		if calc != "" {
			b.set("calculate", calc)
		}
		out = append(out, b)
	}
	expr := func(col, leaf string, predicate bool) string {
		return c.expr(e.rec.text(col), e.node(leaf), e.rec.at(col), predicate)
	}
	for _, col := range []string{"create_if", "update_if"} {
		if e.rec.text(col) != "" {
			leaf := "@" + strings.TrimSuffix(col, "_if")
			bind(leaf, expr(col, leaf, false))
		}
	}
	id := e.rec.text("entity_id")
	if id == "" {
		bind("@id", "")
		out = append(out, e.newID("odk-instance-first-load"))
	} else {
		for _, a := range []struct{ leaf, field string }{{"@baseVersion", "__version"}, {"@trunkVersion", "__trunkVersion"}, {"@branchId", "__branchId"}} {
			bind(a.leaf, "instance('"+e.list+"')/root/item[name="+expr("entity_id", a.leaf, true)+"]/"+a.field)
		}
		bind("@id", expr("entity_id", "@id", false))
	}
	if e.rec.text("label") != "" {
		bind("label", expr("label", "label", false))
	}
	return out
}

func (e *entity) newID(event string) *elem {
	return el("setvalue", "ref", e.node("@id").path(), "event", event, "value", "uuid()")
}
