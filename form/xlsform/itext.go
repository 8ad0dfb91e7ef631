package xlsform

import "sort"

func sortStrings(s []string) { sort.Strings(s) }

// itext collects the translated texts of a form.
type itext struct {
	langs []string
	ids   []string
	texts map[string]*itextEntry
}

type itextEntry struct {
	forms  []string                    // "" is the plain text, else image, audio, guidance …
	values map[string]map[string][]any // form → language → content
}

// has tells whether the text says anything in that language.
func (e *itextEntry) has(lang string) bool {
	for _, byLang := range e.values {
		if _, ok := byLang[lang]; ok {
			return true
		}
	}
	return false
}

func newItext() *itext { return &itext{texts: map[string]*itextEntry{}} }

func (t *itext) put(id, form, lang string, content []any) {
	if !contains(t.langs, lang) {
		t.langs = append(t.langs, lang)
	}
	e := t.texts[id]
	if e == nil {
		e = &itextEntry{values: map[string]map[string][]any{}}
		t.texts[id] = e
		t.ids = append(t.ids, id)
	}
	if e.values[form] == nil {
		e.values[form] = map[string][]any{}
		e.forms = append(e.forms, form)
	}
	e.values[form][lang] = content
}

// xml writes the itext element, nil when nothing is translated. A text missing in a language is "-", so that a reader
// sees the gap instead of an identifier.
func (t *itext) xml(defLang string) *elem {
	if len(t.ids) == 0 {
		return nil
	}
	root := el("itext")
	for _, lang := range t.langs {
		tr := el("translation", "lang", lang)
		if lang == defLang {
			tr.set("default", "true()")
		}
		for _, id := range t.ids {
			e := t.texts[id]
			txt := el("text", "id", id)
			for _, form := range e.forms {
				v := el("value")
				if form != "" {
					v.set("form", form)
				}
				content, ok := e.values[form][lang]
				switch {
				case !ok && mediaFolder[form] != "" && (e.values[""] != nil || e.has(lang)):
					continue // a picture need not be there in every language
				case !ok:
					content = []any{"-"}
				}
				v.kids = content
				txt.add(v)
			}
			tr.add(txt)
		}
		root.add(tr)
	}
	return root
}

var mediaFolder = map[string]string{"image": "images", "big-image": "images", "audio": "audio", "video": "video"}

// itextCell puts a cell's texts under an id and form. Text without language belongs to the default language.
func (c *conv) itextCell(id, form string, cl *cell, ctx *node) {
	put := func(lang, s string) {
		var content []any
		if folder := mediaFolder[form]; folder != "" {
			content = []any{"jr://" + folder + "/" + s}
			if refRE.MatchString(s) {
				content = c.mixed("jr://"+folder+"/"+s, ctx, cl.at)
			}
		} else {
			content = c.mixed(s, ctx, cl.at)
		}
		c.itext.put(id, form, lang, content)
	}
	if cl.plain != "" && cl.langs[c.defLang] == "" {
		put(c.defLang, cl.plain)
	}
	for _, lang := range cl.order {
		put(lang, cl.langs[lang])
	}
}

var mediaForms = []string{"image", "big-image", "video", "audio"}

// texts makes a question's label and hint elements, with itext where they are translated or have media or guidance.
func (c *conv) texts(n *node) (label, hint *elem) {
	path := n.path()
	lab := n.cell("label")
	if n.mute {
		return nil, nil
	}
	if n.text != "" && lab.empty() {
		return el("label").text(n.text), nil
	}
	media := false
	for _, m := range mediaForms {
		media = media || !n.cell("media::"+m).empty()
	}
	switch {
	case media || (lab != nil && len(lab.langs) > 0):
		id := path + ":label"
		if !lab.empty() {
			c.itextCell(id, "", lab, n)
		}
		for _, m := range mediaForms {
			if cl := n.cell("media::" + m); !cl.empty() {
				c.itextCell(id, m, cl, n)
			}
		}
		label = el("label", "ref", "jr:itext('"+id+"')")
	case !lab.empty():
		label = el("label")
		label.kids = c.mixed(lab.plain, n, lab.at)
	}
	h, g := n.cell("hint"), n.cell("guidance_hint")
	switch {
	case !g.empty() || (h != nil && len(h.langs) > 0):
		id := path + ":hint"
		if !h.empty() {
			c.itextCell(id, "", h, n)
		}
		if !g.empty() {
			c.itextCell(id, "guidance", g, n)
		}
		hint = el("hint", "ref", "jr:itext('"+id+"')")
	case h.empty() && n.typ.hint != "":
		hint = el("hint").text(n.typ.hint)
	case !h.empty():
		hint = el("hint")
		hint.kids = c.mixed(h.plain, n, h.at)
	}
	if label == nil && hint != nil && !n.container() {
		label = el("label")
	}
	return label, hint
}
