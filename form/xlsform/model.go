package xlsform

import (
	"errors"
	"regexp"
	"sort"
	"strings"

	"ruhu/form/xpath"
)

// The namespaces of an XForm. ruhu is ours; it is declared when a column uses it.
var namespaces = []attr{
	{"xmlns", "http://www.w3.org/2002/xforms"},
	{"xmlns:h", "http://www.w3.org/1999/xhtml"},
	{"xmlns:ev", "http://www.w3.org/2001/xml-events"},
	{"xmlns:xsd", "http://www.w3.org/2001/XMLSchema"},
	{"xmlns:jr", "http://openrosa.org/javarosa"},
	{"xmlns:orx", "http://openrosa.org/xforms"},
	{"xmlns:odk", "http://www.opendatakit.org/xforms"},
}

// RuhuNamespace is the namespace of the columns bind::ruhu:….
const RuhuNamespace = "https://ruhu.dev/xforms"

// xform builds the document.
func (c *conv) xform() *elem {
	body := c.body() // first: it decides which choice lists are used
	doc := el("h:html")
	doc.attrs = append(doc.attrs, namespaces...)
	model := el("model", "odk:xforms-version", "1.0.0")
	binds := c.binds()
	lists := c.listInstances()
	c.submission(model)
	meta := c.metaBinds()
	for _, e := range c.entities {
		if e.home != nil {
			binds = append(binds, c.entityBinds(e)...)
		}
	}
	if len(c.entities) > 0 {
		version := "2025.1.0" // several entities, or one in a repeat; older readers know the form with one only
		if len(c.entities) == 1 && c.entities[0].home == c.root {
			version = "2024.1.0"
		}
		model.set("entities:entities-version", version)
		doc.set("xmlns:entities", "http://www.opendatakit.org/xforms/entities")
	}
	if t := c.itextOrdered(); t != nil {
		model.add(t)
	}
	model.add(el("instance").add(c.instance()))
	if c.lastSave {
		model.add(el("instance", "id", "__last-saved", "src", "jr://instance/last-saved"))
	}
	model.add(c.external...)
	model.add(lists...)
	model.add(binds...)
	model.add(meta...)
	c.declare(doc)
	return doc.add(el("h:head").add(el("h:title").text(c.title), model), body)
}

// itextOrdered writes choice texts before the texts of questions.
func (c *conv) itextOrdered() *elem {
	sort.SliceStable(c.itext.ids, func(i, j int) bool {
		return !strings.HasPrefix(c.itext.ids[i], "/") && strings.HasPrefix(c.itext.ids[j], "/")
	})
	return c.itext.xml(c.defLang)
}

var nsPairRE = regexp.MustCompile(`([\w.-]+)\s*=\s*["“”']([^"“”']*)["“”']`)

func (c *conv) declare(doc *elem) {
	for _, m := range nsPairRE.FindAllStringSubmatch(c.setting("namespaces"), -1) {
		doc.set("xmlns:"+m[1], m[2])
	}
	if c.usedNS["ruhu"] {
		if _, ok := doc.get("xmlns:ruhu"); !ok {
			doc.set("xmlns:ruhu", RuhuNamespace)
		}
	}
}

// submission adds the model's submission element where settings ask for one.
func (c *conv) submission(model *elem) {
	sub := el("submission")
	for _, s := range []struct{ setting, attr string }{
		{"submission_url", "action"}, {"public_key", "base64RsaPublicKey"}, {"auto_send", "orx:auto-send"}, {"auto_delete", "orx:auto-delete"},
		{"client_editable", "odk:client-editable"},
	} {
		v := c.setting(s.setting)
		if v == "" {
			continue
		}
		if s.setting == "client_editable" {
			if !c.settingYes(s.setting) {
				continue
			}
			v = "true"
		}
		sub.set(s.attr, v)
		if s.setting == "submission_url" {
			sub.set("method", "post")
		}
	}
	if len(sub.attrs) > 0 {
		model.add(sub)
	}
}

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

func (c *conv) listInstances() []*elem {
	var out []*elem
	for _, name := range c.order {
		l := c.lists[name]
		if l.inline && !l.used {
			continue
		}
		if _, clash := c.extSeen[name]; clash {
			c.rep.error(place{sheet: "choices"}, "xlsform.same_instance", "name", name)
			continue
		}
		for _, lang := range c.allLangs() {
			if l.itext && l.other && !contains(c.itext.langs, lang) {
				c.itext.langs = append(c.itext.langs, lang)
			}
		}
		out = append(out, c.listInstance(l))
	}
	return out
}

// allLangs are the languages named in headers of both sheets.
func (c *conv) allLangs() []string { return c.survey.langs }

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
