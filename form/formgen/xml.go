package formgen

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// XML writes the form as an XForm.
func (f *Form) XML() []byte {
	var w writer
	w.add(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms"><h:head><h:title>%s</h:title><model><instance><data id="%s" version="1">`, f.ID, f.ID)
	w.instance(f.Items)
	w.add(`<meta><instanceID/></meta></data></instance>`)
	for _, l := range f.Lists {
		w.add(`<instance id="%s"><root>`, l.Name)
		for _, c := range l.Choices {
			w.add(`<item><name>%s</name><label>%s</label><g>%s</g></item>`, c.Value, c.Label, c.Group)
		}
		w.add(`</root></instance>`)
	}
	w.binds(f.Items, "/data")
	w.add(`<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/></model></h:head><h:body>`)
	w.body(f.Items, "/data")
	w.add(`</h:body></h:html>`)
	return w.Bytes()
}

type writer struct{ bytes.Buffer }

// add formats its arguments as XML text: they may hold < and quotes.
func (w *writer) add(format string, args ...any) {
	for i, a := range args {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(fmt.Sprint(a))) // a buffer never fails
		args[i] = b.String()
	}
	fmt.Fprintf(w, format, args...)
}

func (w *writer) instance(items []Item) {
	for _, it := range items {
		switch it.Kind {
		case "group", "repeat":
			w.add(`<%s>`, it.Name)
			w.instance(it.Items)
			w.add(`</%s>`, it.Name)
		default:
			w.add(`<%s>%s</%s>`, it.Name, it.Default, it.Name)
		}
	}
}

func (w *writer) binds(items []Item, path string) {
	for _, it := range items {
		ref := path + "/" + it.Name
		w.add(`<bind nodeset="%s"`, ref)
		for _, a := range [][2]string{
			{"type", it.Type},
			{"relevant", it.Relevant},
			{"required", it.Required},
			{"readonly", it.Readonly},
			{"constraint", it.Constraint},
			{"calculate", it.Calculate},
		} {
			if a[1] != "" {
				w.add(` `+a[0]+`="%s"`, a[1])
			}
		}
		w.add(`/>`)
		w.binds(it.Items, ref)
	}
}

func (w *writer) body(items []Item, path string) {
	for _, it := range items {
		ref := path + "/" + it.Name
		switch it.Kind {
		case "value":
		case "group":
			w.add(`<group ref="%s"><label>%s</label>`, ref, it.Name)
			w.body(it.Items, ref)
			w.add(`</group>`)
		case "repeat":
			w.add(`<group ref="%s"><label>%s</label><repeat nodeset="%s"`, ref, it.Name, ref)
			if it.Count != "" {
				w.add(` jr:count="%s" jr:noAddRemove="true()"`, it.Count)
			}
			w.add(`>`)
			w.body(it.Items, ref)
			w.add(`</repeat></group>`)
		default:
			w.control(it, ref)
		}
	}
}

func (w *writer) control(it Item, ref string) {
	tag := it.Kind
	switch tag {
	case "note":
		tag = "input"
	case "rank":
		tag = "odk:rank"
	}
	w.WriteString("<" + tag)
	w.add(` ref="%s"><label>%s`, ref, it.Name)
	if it.Output != "" {
		w.add(`<output value="%s"/>`, it.Output)
	}
	w.add(`</label>`)
	if it.List != "" {
		set := "instance('" + it.List + "')/root/item"
		if it.Filter != "" {
			set += "[" + it.Filter + "]"
		}
		w.add(`<itemset nodeset="%s"><value ref="name"/><label ref="label"/></itemset>`, set)
	}
	for _, c := range it.Choices {
		w.add(`<item><label>%s</label><value>%s</value></item>`, c.Label, c.Value)
	}
	w.WriteString("</" + tag + ">")
}
