package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// Set stores an answer in its lexical form (docs/form-trace.md): select
// answers separated by spaces, ISO 8601 dates, "lat lon alt acc"; "" clears.
// An answer that breaks a constraint or does not fit its type is stored and
// flagged. The error is an *Error: unknown_ref, not_value, readonly, rank (the
// order leaves out choices), runaway, many_targets (an action that the answer
// caused means several nodes; the answer itself is stored).
func (s *Session) Set(ref, value string) (Change, error) {
	in := s.find(ref)
	if in == nil {
		return Change{}, fail("xform.unknown_ref", ref, "")
	}
	if in.isRange || !in.def.leaf() {
		return Change{}, fail("xform.not_value", ref, "")
	}
	if in.readonly {
		return Change{}, fail("xform.readonly", ref, "")
	}
	if in.def.control != nil && in.def.control.Type == "rank" && !s.ranksAll(in, value) {
		return Change{}, fail("xform.rank", ref, "")
	}
	in.userSet = true
	s.setText(in, entered(in.def.bind.typ, value), nil)
	return s.settle()
}

// AddRepeat appends an instance to the repeat ref ("/data/rep", no number at
// the end). Errors: unknown_ref, not_repeat, fixed_repeat, too_many_repeats.
func (s *Session) AddRepeat(ref string) (Change, error) {
	r := s.find(ref)
	switch {
	case r == nil:
		return Change{}, fail("xform.unknown_ref", ref, "")
	case !r.isRange:
		return Change{}, fail("xform.not_repeat", ref, "")
	case r.def.control != nil && r.def.control.Fixed:
		return Change{}, fail("xform.fixed_repeat", ref, "")
	case r.readonly:
		return Change{}, fail("xform.readonly", ref, "")
	case len(r.kids) >= maxRepeats:
		return Change{}, fail("xform.too_many_repeats", ref, "")
	}
	s.grow(r, 1)
	return s.settle()
}

// RemoveRepeat removes the instance ref ("/data/rep[2]"). Later instances move
// up. Errors: unknown_ref, not_repeat, fixed_repeat, readonly, member (the
// register knows this one: it is marked, not removed).
func (s *Session) RemoveRepeat(ref string) (Change, error) {
	in := s.find(ref)
	switch {
	case in == nil:
		return Change{}, fail("xform.unknown_ref", ref, "")
	case in.isRange || !in.def.repeat:
		return Change{}, fail("xform.not_repeat", ref, "")
	case in.def.control != nil && in.def.control.Fixed:
		return Change{}, fail("xform.fixed_repeat", ref, "")
	case in.readonly:
		return Change{}, fail("xform.readonly", ref, "")
	case in.member:
		return Change{}, fail("xform.member", ref, "")
	}
	r := in.up.kids[in.def.order]
	for i, k := range r.kids {
		if k == in {
			s.shrink(r, i, 1)
			for _, x := range r.kids[min(i, len(r.kids)):] {
				s.touchBelow(x) // their refs have changed
			}
			break
		}
	}
	return s.settle()
}

func (s *Session) touchBelow(in *inst) {
	s.touch(in)
	for _, k := range in.kids {
		s.touchBelow(k)
	}
}

// SetLanguage switches the language of labels: a name of Form.Languages, or the
// code in its parentheses. Everything with a text is in the Change.
func (s *Session) SetLanguage(name string) (Change, error) {
	i := s.f.language(name)
	if i < 0 {
		return Change{}, fail("xform.language", "", name)
	}
	if i == s.lang {
		return Change{}, nil
	}
	s.lang = i
	for _, c := range s.f.cells {
		for _, x := range append(append([]*xpath.Expr{}, c.expr), c.more...) {
			if x != nil && speaks(x) {
				s.markAll(c)
			}
		}
	}
	s.touchBelow(s.root)
	return s.settle()
}

// speaks says whether an expression depends on the language.
func speaks(e *xpath.Expr) bool {
	for _, name := range e.Calls() {
		if name == "jr:itext" || name == "jr:choice-name" {
			return true
		}
	}
	return false
}

// Language returns the active language, "" in a form without translations.
func (s *Session) Language() string {
	if s.lang < len(s.f.languages) {
		return s.f.languages[s.lang]
	}
	return ""
}

// Confirm records the written reason (核实说明) for a warning that stands. A
// changed answer drops it. Errors: unknown_ref, no_warning, no_reason.
func (s *Session) Confirm(ref, reason string) (Change, error) {
	in := s.find(ref)
	reason = strings.TrimSpace(reason)
	switch {
	case in == nil:
		return Change{}, fail("xform.unknown_ref", ref, "")
	case !in.warn:
		return Change{}, fail("xform.no_warning", ref, "")
	case reason == "":
		return Change{}, fail("xform.no_reason", ref, "")
	}
	in.note = reason
	s.touch(in)
	return s.settle()
}

// Eval evaluates an expression at the root of the instance, with everything
// that a bind expression can use. It compiles each time: for repeated use see
// Form.CompileExpr and EvalExpr.
func (s *Session) Eval(expr string) (xpath.Value, error) {
	e, err := s.f.CompileExpr(expr)
	if err != nil {
		return xpath.Value{}, err
	}
	return s.EvalExpr(e)
}

// EvalExpr evaluates a compiled expression at the root of the instance.
func (s *Session) EvalExpr(e *xpath.Expr) (xpath.Value, error) {
	return e.Eval(s.at(s.root))
}

// ranksAll tells whether an order has every choice that is offered, as a rank
// question demands; no order at all is fine.
func (s *Session) ranksAll(in *inst, value string) bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(value) {
		words[w] = true
	}
	if len(words) == 0 {
		return true
	}
	for _, c := range s.choiceList(in) {
		if !words[c.value] {
			return false
		}
	}
	return true
}

// settle recomputes and collects what has changed.
func (s *Session) settle() (Change, error) {
	err := s.run()
	if err == nil && s.fault != nil {
		err = s.fault
	}
	s.fault = nil
	return s.flush(), err
}

// flush turns the record of changes into a Change, in document order.
func (s *Session) flush() Change {
	var ch Change
	known := map[string]bool{}
	if len(s.removed) > 0 {
		s.walk(func(_ *inst, ref string) { known[ref] = true })
	}
	for _, ref := range s.removed {
		if !known[ref] {
			ch.Removed = append(ch.Removed, ref)
		}
	}
	if len(s.changed) > 0 {
		s.walkTouched(func(in *inst, ref string) {
			ch.Changed = append(ch.Changed, s.state(in, ref))
		})
	}
	s.forget()
	return ch
}

// forget ends the record of changes.
func (s *Session) forget() {
	for _, in := range s.changed {
		in.touched = false
		for x := in; x != nil; x = x.up {
			x.below = false
			if x.def.repeat && !x.isRange && x.up != nil && len(x.up.kids) > x.def.order {
				x.up.kids[x.def.order].below = false
			}
		}
	}
	s.changed, s.removed = s.changed[:0], nil
}
