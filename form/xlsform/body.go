package xlsform

import "strings"

// body writes the controls.
func (c *conv) body() *elem {
	b := el("h:body")
	if v := c.setting("style"); v != "" {
		b.set("class", v)
	}
	triggers := c.triggers()
	for _, k := range c.root.kids {
		b.add(c.controls(k, triggers)...)
	}
	for _, name := range c.order {
		if l := c.lists[name]; l.inline && l.used {
			c.rep.error(place{sheet: "choices"}, "xlsform.search_list", "list", name)
		}
	}
	return b
}

// triggers collects, per question, the actions that a change of its answer sets off.
func (c *conv) triggers() map[*node][]*elem {
	out, late := map[*node][]*elem{}, map[*node][]*elem{} // values are set before places are taken
	c.root.walk(func(n *node) {
		cl := n.cell("trigger")
		if cl.empty() || n.container() {
			return
		}
		for _, part := range strings.Split(cl.any(), ",") {
			name := wholeRef(part)
			if strings.TrimSpace(part) == "" {
				continue
			}
			if name == "" {
				c.rep.error(cl.at, "xlsform.bad_trigger", "text", strings.TrimSpace(part))
				continue
			}
			t := c.lookup(name, n, cl.at)
			if t == nil {
				continue
			}
			if t.container() || c.silent(t) {
				c.rep.error(cl.at, "xlsform.hidden_trigger", "name", name)
				continue
			}
			if n.typ.name == "background-geopoint" {
				late[t] = append(late[t], c.action(n))
				continue
			}
			out[t] = append(out[t], c.action(n))
		}
	})
	for n, actions := range late {
		out[n] = append(out[n], actions...)
	}
	return out
}

func (c *conv) action(n *node) *elem {
	if n.typ.name == "background-geopoint" {
		return el("odk:setgeopoint", "ref", n.path(), "event", "xforms-value-changed")
	}
	a := el("setvalue", "ref", n.path(), "event", "xforms-value-changed")
	if calc := n.cell("bind::calculate"); !calc.empty() {
		a.set("value", c.expr(calc.any(), n, calc.at, false))
	}
	return a
}

// controls writes the control of a node; none for what the person never sees.
func (c *conv) controls(n *node, triggers map[*node][]*elem) []*elem {
	switch n.typ.kind {
	case kindMeta, kindExternal, kindAudit:
		return nil
	case kindGroup, kindLoop:
		g := el("group", "ref", n.path())
		c.bodyAttrs(n, g)
		label, hint := c.texts(n)
		g.add(label, hint)
		for _, k := range n.kids {
			g.add(c.controls(k, triggers)...)
		}
		return []*elem{g}
	case kindRepeat:
		return []*elem{c.repeatControl(n, triggers)}
	}
	if c.silent(n) {
		return nil
	}
	e := el(n.typ.control, "ref", n.path())
	if n.typ.media != "" {
		e.set("mediatype", n.typ.media)
	}
	c.bodyAttrs(n, e)
	c.paramAttrs(n, e)
	label, hint := c.texts(n)
	e.add(label, hint)
	switch {
	case n.typ.extSel:
		c.externalSelect(n, e)
	case n.typ.kind == kindSelect && strings.Contains(n.val("body::appearance"), "search("):
		e.add(c.searchItems(n)...)
	case n.typ.kind == kindSelect:
		e.add(c.itemset(n))
	case n.typ.name == "osm" && n.typ.list != "":
		e.add(c.osmTags(n)...)
	case n.params["reference-geometry"] != "":
		e.add(c.geometryItemset(n))
	case n.typ.name == "range":
		e.add(c.tickLabels(n))
	}
	e.add(triggers[n]...)
	return []*elem{e}
}

func (c *conv) repeatControl(n *node, triggers map[*node][]*elem) *elem {
	g := el("group", "ref", n.path())
	label, _ := c.texts(n)
	if label == nil {
		label = el("label")
	}
	g.add(label)
	r := el("repeat", "nodeset", n.path())
	c.bodyAttrs(n, r)
	if cl := n.cell("body::jr:count"); !cl.empty() {
		if name := wholeRef(cl.any()); name != "" {
			r.set("jr:count", c.sub(cl.any(), n, cl.at, false))
		} else {
			r.set("jr:count", " "+refPath(&node{name: n.name + "_count", parent: n.parent}, n, false)+" ")
		}
	}
	for _, k := range n.kids {
		r.add(c.controls(k, triggers)...)
	}
	n.walk(func(k *node) {
		if k.rec != nil && k != n && !k.container() && k.repeat() == n && c.dynamic(k) {
			r.add(c.defaultAction(k, "odk-new-repeat"))
		}
	})
	for _, e := range c.entities {
		if e.scope == n && e.home != nil && e.rec.text("entity_id") == "" {
			r.add(e.newID("odk-new-repeat"))
		}
	}
	return g.add(r)
}

// bodyAttrs puts the columns body::… on the control.
func (c *conv) bodyAttrs(n *node, e *elem) {
	if n.look != "" {
		e.set("appearance", n.look)
	}
	if n.rec == nil {
		return
	}
	for _, key := range n.rec.extra {
		name, ok := strings.CutPrefix(key, "body::")
		if !ok || name == "jr:count" {
			continue
		}
		v := n.val(key)
		if name == "appearance" && n.look != "" {
			continue
		}
		e.set(name, c.sub(v, n, n.rec.at(key), false))
	}
}

func (c *conv) paramAttrs(n *node, e *elem) {
	if n.typ.name == "range" {
		s, end, step := rangeOf(n.params)
		e.set("start", s).set("end", end).set("step", step)
		for _, key := range []string{"tick_interval", "placeholder"} {
			if v := n.params[key]; v != "" {
				e.set("odk:"+strings.ReplaceAll(key, "_", "-"), v)
			}
		}
		return
	}
	for _, key := range n.typ.params {
		v, ok := n.params[key]
		if !ok {
			continue
		}
		switch key {
		case "rows":
			e.set("rows", v)
		case "capture-accuracy":
			e.set("accuracyThreshold", v)
		case "warning-accuracy":
			e.set("unacceptableAccuracyThreshold", v)
		case "incremental":
			if truth(v) {
				e.set(key, "true")
			}
		case "app":
			if a := n.val("body::appearance"); a == "" || a == "annotate" {
				e.set("intent", v)
			}
		}
	}
}
