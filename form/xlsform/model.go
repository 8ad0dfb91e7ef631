package xlsform

import (
	"regexp"
	"sort"
	"strings"
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
		{"submission_url", "action"},
		{"public_key", "base64RsaPublicKey"},
		{"auto_send", "orx:auto-send"},
		{"auto_delete", "orx:auto-delete"},
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
