package collect

import (
	_ "embed"
	"encoding/json"
	"strings"

	"ruhu/form/xform"
	"ruhu/form/xpath"
)

//go:embed locale.json
var localeJSON []byte

// words are the texts that Make adds to a form, by id.
var words = func() map[string]struct{ ZH, EN string } {
	var w map[string]struct{ ZH, EN string }
	if err := json.Unmarshal(localeJSON, &w); err != nil {
		panic("collect: locale.json: " + err.Error())
	}
	return w
}()

// chosen is the entity of the household, as a path.
func (m *maker) chosen() string {
	return "instance('" + EntityList + "')/root/item[" + ColumnName + "=" + m.path(visit+"/"+household) + "]"
}

// visitPage adds the page on which the household is chosen.
func (m *maker) visitPage() {
	page := add(m.data(visit), m.data(household), m.data(returned))
	insert(m.top, 0, page)
	if !m.client {
		return
	}
	second := m.el("instance", "id", EntityList, "src", "jr://file-csv/"+EntityList+".csv")
	after(m.lastInstance(), second)
	setAttr(m.bindOf(m.path(visit+"/"+household)), "required", "true()")
	note := m.bindOf(m.path(visit + "/" + returned))
	setAttr(note, "readonly", "true()")
	setAttr(note, "relevant", m.chosen()+"/"+ColumnNote+" != ''")

	m.chooser = add(m.el("select1", "ref", m.path(visit+"/"+household), "appearance", "minimal autocomplete"),
		m.label(textHouse, ""),
		add(m.el("itemset", "nodeset", "instance('"+EntityList+"')/root/item["+ColumnForm+"='"+m.formID+"']"),
			m.el("value", "ref", ColumnName), m.el("label", "ref", ColumnLabel)))
	back := add(m.el("input", "ref", m.path(visit+"/"+returned)), m.label(textReturned, m.chosen()+"/"+ColumnNote))
	insert(m.body, 0, add(m.el("group", "ref", m.path(visit), "appearance", "field-list"), m.chooser, back))
}

func (m *maker) lastInstance() *xpath.Node {
	var last *xpath.Node
	for _, c := range m.model.Children {
		if c.Kind == xpath.KindElement && c.Name.Local == "instance" {
			last = c
		}
	}
	return last
}

// label makes a label with one of our texts in every language of the form; output is shown behind it.
func (m *maker) label(id, output string) *xpath.Node {
	text := func(zh bool) []*xpath.Node {
		w := words[id].EN
		if zh {
			w = words[id].ZH
		}
		out := []*xpath.Node{textNode(w)}
		if output != "" {
			out = append(out, m.el("output", "value", output))
		}
		return out
	}
	itext := child(m.model, "itext")
	if itext == nil {
		return add(m.el("label"), text(true)...)
	}
	for _, tr := range itext.Children {
		if tr.Kind != xpath.KindElement || find(tr, func(n *xpath.Node) bool { return n.Name.Local == "text" && attr(n, "id") == id }) != nil {
			continue
		}
		english := strings.Contains(attr(tr, "lang"), "(en") || strings.HasPrefix(attr(tr, "lang"), "en")
		add(tr, add(m.el("text", "id", id), add(m.el("value"), text(!english)...)))
	}
	return m.el("label", "ref", "jr:itext('"+id+"')")
}

// prefills sets the prefilled questions when the household is chosen, and what is derived from them when the form is opened.
func (m *maker) prefills() {
	known := []string{}
	for _, b := range m.model.Children {
		key, ok := b.Attr(xform.NSRuhu, "prefill")
		path := attr(b, "nodeset")
		if b.Kind != xpath.KindElement || b.Name.Local != "bind" || !ok || !strings.HasPrefix(key, "household.") || m.inRepeat(path) {
			continue
		}
		known = append(known, path)
		value := m.chosen() + "/" + Column(key)
		add(m.chooser, m.el("setvalue", "event", "xforms-value-changed", "ref", path, "value", value))
		if editable, _ := b.Attr(xform.NSRuhu, "prefillEditable"); editable != "" && editable != "false()" {
			continue
		}
		locked := value + " != ''"
		if own := attr(b, "readonly"); own != "" {
			locked = "(" + own + ") or " + locked
		}
		setAttr(b, "readonly", locked)
	}
	for _, a := range m.model.Children {
		if a.Kind != xpath.KindElement || a.Name.Local != "setvalue" || attr(a, "value") == "" || !strings.Contains(attr(a, "event"), "first-load") {
			continue
		}
		for _, path := range known {
			if mentions(attr(a, "value"), path) {
				add(m.chooser, m.el("setvalue", "event", "xforms-value-changed", "ref", attr(a, "ref"), "value", attr(a, "value")))
				break
			}
		}
	}
}

func (m *maker) inRepeat(path string) bool {
	for r := range m.repeats {
		if strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}
