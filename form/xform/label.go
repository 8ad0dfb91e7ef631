package xform

import "strings"

// maxTextDepth ends texts that contain themselves.
const maxTextDepth = 16

// text puts a label together in the active language.
func (s *Session) text(t *text, in *inst) string {
	if t == nil {
		return ""
	}
	was, saved := s.texting, s.ctx
	s.texting = in
	out := s.textIn(t, in, s.lang, 0)
	s.texting, s.ctx = was, saved
	return out
}

func (s *Session) textIn(t *text, in *inst, lang, depth int) string {
	switch {
	case t == nil || depth > 8:
		return ""
	case t.id != "":
		if lang < len(s.f.itext) {
			if x := s.f.itext[lang][t.id]; x != nil {
				return s.textIn(x, in, lang, depth+1)
			}
		}
		return ""
	case t.expr != nil:
		was := s.lang
		s.lang = lang
		v, _ := t.expr.EvalString(s.at(in))
		s.lang = was
		return v
	case len(t.parts) == 1 && t.parts[0].expr == nil:
		return t.parts[0].lit
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.expr == nil {
			b.WriteString(p.lit)
			continue
		}
		v, _ := p.expr.EvalString(s.at(in))
		b.WriteString(v)
	}
	return b.String()
}

// itextByID answers jr:itext() inside expressions.
func (s *Session) itextByID(id string) (string, bool) {
	if s.lang >= len(s.f.itext) {
		return "", false
	}
	t := s.f.itext[s.lang][id]
	if t == nil {
		return "", false
	}
	if !t.dynamic() || s.texting == nil {
		return t.plain(s.f, s.lang), true
	}
	if s.depth > maxTextDepth {
		return "", false
	}
	s.depth++
	saved := s.ctx
	v := s.textIn(t, s.texting, s.lang, 1)
	s.ctx = saved
	s.depth--
	return v, true
}
