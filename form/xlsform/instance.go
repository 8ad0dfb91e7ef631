package xlsform

import "strings"

// instance writes the primary instance.
func (c *conv) instance() *elem {
	root := el(c.rootName)
	if v := c.setting("instance_xmlns"); v != "" {
		root.set("xmlns", v)
	}
	root.set("id", c.formID)
	if v := c.setting("version"); v != "" {
		root.set("version", v)
	}
	for _, s := range []string{"prefix", "delimiter"} {
		if v := c.setting(s); v != "" {
			root.set("odk:"+s, v)
		}
	}
	if c.settings != nil {
		for _, k := range c.settings.extra {
			if a, ok := strings.CutPrefix(k, "attribute::"); ok {
				root.set(a, c.settings.text(k))
			}
		}
	}
	for _, k := range c.root.kids {
		root.add(c.instanceOf(k, false)...)
	}
	meta := el("meta")
	if c.audit != nil {
		meta.add(el("audit"))
	}
	if e := c.entityAt[c.root]; e != nil {
		meta.add(e.element())
	}
	if !c.settingYes("omit_instanceID") {
		meta.add(el("instanceID"))
	}
	if c.setting("instance_name") != "" {
		meta.add(el("instanceName"))
	}
	if len(meta.kids) > 0 {
		root.add(meta)
	}
	return root
}

// instanceOf writes a node. A repeat gives its template and its first instance; the template of a nested repeat stands in
// the template of the outer one.
func (c *conv) instanceOf(n *node, template bool) []*elem {
	if n.typ.kind == kindExternal || n.typ.kind == kindAudit {
		return nil
	}
	one := func(template bool) *elem {
		e := el(n.name)
		for _, k := range n.kids {
			e.add(c.instanceOf(k, template)...)
		}
		if ent := c.entityAt[n]; ent != nil {
			e.add(el("meta").add(ent.element()))
		}
		if n.rec != nil {
			for _, k := range n.rec.extra {
				if a, ok := strings.CutPrefix(k, "instance::"); ok {
					e.set(a, n.val(k))
				}
			}
			if d := n.val("default"); d != "" && !n.container() && !c.dynamic(n) {
				if n.typ.name == "image" && !strings.HasPrefix(d, "jr://") {
					d = "jr://images/" + d
				}
				e.text(d)
			}
		}
		return e
	}
	if n.typ.kind != kindRepeat {
		return []*elem{one(template)}
	}
	t := one(true)
	t.attrs = append([]attr{{"jr:template", ""}}, t.attrs...)
	switch {
	case template && n.parent.typ.kind == kindRepeat:
		return []*elem{t}
	case template:
		return []*elem{t, one(true)}
	case n.repeat() != nil:
		return []*elem{one(false)} // its template stands in the outer template
	}
	return []*elem{t, one(false)}
}
