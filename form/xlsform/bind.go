package xlsform

import (
	"errors"
	"regexp"
	"strings"

	"ruhu/form/xpath"
)

// binds writes one bind per node, followed by the actions that compute its default.
func (c *conv) binds() []*elem {
	var out []*elem
	for _, k := range c.root.kids {
		k.walk(func(n *node) {
			if n.typ.kind == kindExternal {
				c.externalFile(n)
				return
			}
			if b := c.bind(n); len(b.attrs) > 1 {
				out = append(out, b)
			}
			if !n.container() && c.dynamic(n) && n.rec != nil {
				out = append(out, c.defaultAction(n, "odk-instance-first-load"))
			}
			if n.typ.name == "background-audio" {
				a := el("odk:recordaudio", "ref", n.path(), "event", "odk-instance-load")
				if q := n.params["quality"]; q != "" {
					a.set("odk:quality", q)
				}
				out = append(out, a)
			}
			if n.typ.name == "start-geopoint" {
				out = append(out, el("odk:setgeopoint", "ref", n.path(), "event", "odk-instance-first-load"))
			}
		})
	}
	return out
}

func (c *conv) externalFile(n *node) {
	if c.extRows[n.name] {
		c.rep.error(n.rec.at("name"), "xlsform.same_instance", "name", n.name)
		return
	}
	c.extRows[n.name] = true
	src := "jr://file/" + n.name + ".xml"
	if n.typ.name == "csv-external" {
		src = "jr://file-csv/" + n.name + ".csv"
	}
	c.addExternal(n.name, src, n.rec.at("name"))
}

func (c *conv) defaultAction(n *node, event string) *elem {
	d := n.cell("default")
	return el("setvalue", "ref", n.path(), "event", event, "value", c.expr(d.any(), n, d.at, false))
}

// Words for true and false that authors use in yes-or-no columns.
var truths = map[string]string{
	"yes": "true()", "true": "true()", "true()": "true()", "no": "false()", "false": "false()", "false()": "false()",
}

var boolBinds = map[string]bool{"bind::relevant": true, "bind::required": true, "bind::readonly": true, "bind::constraint": true, "bind::calculate": true}

// exprBinds hold XPath.
var exprBinds = map[string]bool{
	"bind::relevant": true, "bind::required": true, "bind::readonly": true, "bind::constraint": true,
	"bind::calculate": true, "bind::ruhu:warning": true, "bind::ruhu:prefillEditable": true,
}

func (c *conv) bind(n *node) *elem {
	b := el("bind", "nodeset", n.path())
	for i := 0; i+1 < len(n.typ.bind); i += 2 {
		b.set(n.typ.bind[i], n.typ.bind[i+1])
	}
	for i := 0; i+1 < len(n.bind); i += 2 {
		b.set(n.bind[i], n.bind[i+1])
	}
	if n.typ.name == "generated count" {
		cl := n.cell("body::jr:count")
		return b.set("calculate", c.expr(cl.any(), n, cl.at, false))
	}
	if n.typ.name == "range" {
		s, e, st := rangeOf(n.params)
		if strings.ContainsAny(s+e+st+n.params["tick_interval"]+n.params["placeholder"], ".") {
			b.set("type", "decimal")
		}
	}
	if n.rec == nil {
		return b
	}
	if n.saveAs != "" {
		b.set("entities:saveto", n.saveAs)
	}
	c.paramBinds(n, b)
	for _, key := range n.rec.extra {
		name, ok := strings.CutPrefix(key, "bind::")
		if !ok || (key == "bind::calculate" && !n.cell("trigger").empty()) {
			continue
		}
		cl := n.cell(key)
		if p, _, ok := strings.Cut(name, ":"); ok {
			c.usedNS[p] = true
		}
		b.set(name, c.bindValue(n, key, name, cl))
	}
	return b
}

func (c *conv) bindValue(n *node, key, name string, cl *cell) string {
	switch {
	case boolBinds[key] && truths[strings.ToLower(cl.plain)] != "":
		return truths[strings.ToLower(cl.plain)]
	case exprBinds[key]:
		return c.expr(cl.any(), n, cl.at, false)
	case len(cl.langs) > 0 || (strings.HasSuffix(name, "Msg") && refRE.MatchString(cl.plain)):
		id := n.path() + ":" + name
		c.itextCell(id, "", cl, n)
		return "jr:itext('" + id + "')"
	}
	return c.sub(cl.plain, n, cl.at, false)
}

func (c *conv) paramBinds(n *node, b *elem) {
	for _, key := range n.typ.params {
		v, ok := n.params[key]
		if !ok {
			continue
		}
		switch key {
		case "max-pixels":
			b.set("orx:max-pixels", v)
		case "quality":
			if n.typ.name == "audio" {
				b.set("odk:quality", v)
			}
		case "allow-mock-accuracy":
			b.set("odk:allow-mock-accuracy", v)
		}
	}
}

// expr cleans an expression, puts paths for its references and checks that it is XPath.
func (c *conv) expr(s string, ctx *node, at place, inPredicate bool) string {
	s = straight.Replace(s)
	out := c.sub(s, ctx, at, inPredicate)
	c.pulldata(out, at)
	c.compile(out, at)
	return out
}

// compile reports what is not XPath. Variables ($name) are for the server's sheets only and are put in before.
func (c *conv) compile(s string, at place) {
	if strings.TrimSpace(s) == "" {
		return
	}
	x, err := xpath.Compile(s, &xpath.Options{})
	if err == nil {
		for _, f := range x.Faults() {
			c.rep.warn(at, "xlsform.bad_call", "function", f.Func, "what", f.Msg)
		}
	}
	if err != nil {
		msg, text := err.Error(), s
		var se *xpath.SyntaxError
		if errors.As(err, &se) {
			msg = se.Msg
			if se.Offset >= 0 && se.Offset <= len(s) {
				text = s[se.Offset:]
			}
		}
		if len(text) > 40 {
			text = strings.ToValidUTF8(text[:40], "") + "…"
		}
		c.rep.error(at, "xlsform.bad_xpath", "what", msg, "near", strings.TrimSpace(text))
	}
}

var pulldataRE = regexp.MustCompile(`pulldata\(\s*['"]([^'"]+)['"]`)

func (c *conv) pulldata(s string, at place) {
	for _, m := range pulldataRE.FindAllStringSubmatch(s, -1) {
		id := strings.TrimSuffix(m[1], ".csv")
		c.addExternal(id, "jr://file-csv/"+id+".csv", at)
	}
}

// metaBinds writes the binds of the meta block.
func (c *conv) metaBinds() []*elem {
	base := "/" + c.rootName + "/meta/"
	var out []*elem
	if c.audit != nil {
		b := el("bind", "nodeset", base+"audit", "type", "binary")
		for _, key := range c.audit.typ.params {
			if v, ok := c.audit.params[key]; ok {
				b.set("odk:"+key, v)
			}
		}
		out = append(out, b)
	}
	if !c.settingYes("omit_instanceID") {
		out = append(out, el("bind", "nodeset", base+"instanceID", "type", "string", "readonly", "true()", "jr:preload", "uid"))
	}
	if c.setting("instance_name") != "" {
		at := c.settings.at("instance_name")
		out = append(out, el("bind", "nodeset", base+"instanceName", "type", "string",
			"calculate", c.expr(c.setting("instance_name"), c.root, at, false)))
	}
	return out
}
