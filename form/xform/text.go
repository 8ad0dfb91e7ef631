package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// text is a label, hint or message: fixed words and values in between, or a
// reference to an itext entry.
type text struct {
	parts []part
	id    string      // itext id
	expr  *xpath.Expr // a computed text: jr:itext(node), an item's child
	media map[string]string

	guidance *text // of an itext entry: the long explanation of a hint
}

// part is a run of words or the value of an expression (<output>).
type part struct {
	lit  string
	expr *xpath.Expr
}

// dynamic says whether the text can change with the answers.
func (t *text) dynamic() bool {
	if t == nil {
		return false
	}
	if t.expr != nil {
		return true
	}
	for _, p := range t.parts {
		if p.expr != nil {
			return true
		}
	}
	return false
}

// exprs calls fn for each expression that the text can read, in all languages.
func (t *text) exprs(f *Form, fn func(*xpath.Expr)) {
	if t == nil {
		return
	}
	if t.expr != nil {
		fn(t.expr)
	}
	for _, p := range t.parts {
		if p.expr != nil {
			fn(p.expr)
		}
	}
	t.guidance.exprs(f, fn)
	if t.id != "" {
		for _, m := range f.itext {
			m[t.id].exprs(f, fn)
		}
	}
}

// plain returns the words without the computed parts.
func (t *text) plain(f *Form, lang int) string {
	if t == nil {
		return ""
	}
	if t.id != "" {
		if lang < len(f.itext) {
			return f.itext[lang][t.id].plain(f, lang)
		}
		return ""
	}
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.lit)
	}
	return b.String()
}

// readText compiles a label, hint, value or message element with its outputs.
func (p *parser) readText(n *xpath.Node, where string) *text {
	if n == nil {
		return nil
	}
	if ref, ok := attrOK(n, "ref"); ok && ref != "" {
		return p.textRef(ref, where)
	}
	t := &text{}
	if len(n.Children) == 0 {
		if n.Text != "" {
			t.parts = []part{{lit: n.Text}}
		}
		return t
	}
	p.textParts(t, n, where)
	return t
}

func (p *parser) textParts(t *text, n *xpath.Node, where string) {
	if len(n.Children) == 0 && n.Text != "" {
		t.parts = append(t.parts, part{lit: n.Text})
	}
	for _, c := range n.Children {
		switch {
		case c.Kind == xpath.KindText:
			t.parts = append(t.parts, part{lit: c.Text})
		case elem(c, "output"):
			src := attr(c, "value")
			if src == "" {
				src = attr(c, "ref")
			}
			if e := p.compile(src, where); e != nil {
				t.parts = append(t.parts, part{expr: e})
			}
		case c.Kind == xpath.KindElement:
			p.textParts(t, c, where) // HTML mark-up in labels: its words count
		}
	}
}

// textRef reads "jr:itext('id')" or an expression that gives the text.
func (p *parser) textRef(src, where string) *text {
	if id, ok := itextLiteral(src); ok {
		if !p.hasText(id) {
			p.warn("xform.unknown_text", where, id)
		}
		return &text{id: id}
	}
	e := p.compile(src, where)
	if e == nil {
		return nil
	}
	return &text{expr: e}
}

// message reads jr:constraintMsg and the like: plain words or jr:itext('id').
func (p *parser) message(src, where string) *text {
	if src == "" {
		return nil
	}
	if id, ok := itextLiteral(src); ok && p.hasText(id) {
		return &text{id: id}
	}
	if strings.HasPrefix(strings.TrimSpace(src), "jr:itext(") {
		return p.textRef(src, where)
	}
	return &text{parts: []part{{lit: src}}}
}

// itextLiteral recognises jr:itext('id').
func itextLiteral(src string) (string, bool) {
	s := strings.TrimSpace(src)
	s, ok := strings.CutPrefix(s, "jr:itext(")
	if !ok || !strings.HasSuffix(s, ")") {
		return "", false
	}
	s = strings.TrimSpace(s[:len(s)-1])
	if len(s) < 2 || (s[0] != '\'' && s[0] != '"') || s[len(s)-1] != s[0] || strings.ContainsRune(s[1:len(s)-1], rune(s[0])) {
		return "", false
	}
	return s[1 : len(s)-1], true
}

func (p *parser) hasText(id string) bool {
	for _, m := range p.f.itext {
		if m[id] != nil {
			return true
		}
	}
	return false
}

// parseIText reads all translations. The default one is marked, else the first.
func (p *parser) parseIText(n *xpath.Node) {
	if n == nil {
		return
	}
	for _, tr := range n.Children {
		if !elem(tr, "translation") {
			continue
		}
		lang := attr(tr, "lang")
		if _, ok := attrOK(tr, "default"); ok {
			p.f.defaultLang = len(p.f.languages)
		}
		p.f.languages = append(p.f.languages, lang)
		m := map[string]*text{}
		p.f.itext = append(p.f.itext, m)
		for _, tx := range tr.Children {
			if elem(tx, "text") {
				m[attr(tx, "id")] = p.itextEntry(tx)
			}
		}
	}
}

// itextEntry takes the value without form (or "long") as the words and keeps
// the others ("image", "audio", "short") by name. Guidance is words of its own.
func (p *parser) itextEntry(tx *xpath.Node) *text {
	where := "itext/" + attr(tx, "id")
	t := &text{}
	have := false
	for _, v := range tx.Children {
		if !elem(v, "value") {
			continue
		}
		switch form := attr(v, "form"); form {
		case "":
			t.parts = p.readText(v, where).parts
			have = true
		case "long":
			if !have {
				t.parts = p.readText(v, where).parts
			}
		case "guidance":
			t.guidance = p.readText(v, where)
		default:
			p.choiceMedia = true
			if t.media == nil {
				t.media = map[string]string{}
			}
			t.media[form] = v.StringValue()
		}
	}
	return t
}
