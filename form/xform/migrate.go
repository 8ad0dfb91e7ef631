package xform

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ruhu/form/xpath"
)

// Difference is something about a record that is not as it was before it was
// carried over to another version of its form.
type Difference struct {
	Kind   string // DiffGone, …
	Ref    string // of the question now; "" when it is gone
	Was    string // of the question before; "" when it is new
	Type   string // as NodeState.Type
	Label  string // of the question now; of one that is gone, as it was
	Before string // DiffLabel: the label before; DiffWords: the answer in the words before
	Answer string // in words; of a lost one, what is lost
	Lost   bool   // the record has it no more
}

// The kinds of differences.
const (
	DiffGone     = "gone"     // there is no such question, or no such instance, any more
	DiffType     = "type"     // the question takes another kind of answer
	DiffChoice   = "choice"   // the answer, or a part of it, is no choice any more
	DiffComputed = "computed" // the form or a register answers it now, and differently
	DiffSkipped  = "skipped"  // it is not asked now; the answer waits in the draft
	DiffLabel    = "label"    // the answer stays, the question has other words
	DiffWords    = "words"    // the answer stays, the choice has other words
	DiffMoved    = "moved"    // the answer stays, the question stands elsewhere
	DiffNew      = "new"      // a question that is asked now and was not there
)

// AppendJSON appends the JSON of a difference.
func (d *Difference) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"kind":`, d.Kind)
	b = appendField(b, `,"ref":`, d.Ref)
	b = appendField(b, `,"was":`, d.Was)
	b = appendField(b, `,"type":`, d.Type)
	b = appendField(b, `,"label":`, d.Label)
	b = appendField(b, `,"before":`, d.Before)
	b = appendField(b, `,"answer":`, d.Answer)
	return append(strconv.AppendBool(append(b, `,"lost":`...), d.Lost), '}')
}

// Migration is a record that was carried over to another version of its form.
type Migration struct {
	Session     *Session
	Differences []Difference      // answers first, in the order of the older form; then what is new
	Moved       map[string]string // places that are others now, by the place before, without repeat numbers
}

// Migrate carries a record of an older version over to f: e.Instance is the
// record, a draft or a submission.
//
// An answer is kept where its question still is: at the same place, or, when its
// name is the only one of its kind in both versions, where it was moved to. What
// the newer question cannot hold is left out and reported; instances of repeats
// keep their order. What is new begins as in a new record: with the form's
// default, the register's value or the phone's. A question that is newly taken
// over from a register and locked gets the register's value. Reasons for
// warnings, corrections of the register, answers to reviewers, who was met, how
// it was confirmed and filled in go along where their question stands.
//
// Only answers of persons are reported, and only those that counted. Whether
// they keep the newer form's rules is for Check to say. The error is an *Error:
// instance, too_large, wrong_form, runaway.
func (f *Form) Migrate(old *Form, e Env) (*Migration, error) {
	if old.id != f.id {
		return nil, fail("xform.wrong_form", "", old.id)
	}
	before := e
	if old.language(e.Language) < 0 {
		before.Language = ""
	}
	s, err := old.NewSession(before)
	if err != nil {
		return nil, err
	}
	c := &carrier{pairing: pair(old, f), s: s, f: f, refs: map[*inst]string{}, kept: map[*inst]string{}, lost: map[*inst]loss{}}
	top := c.element(f.root, s.root, f.root.path)
	c.notes(top)
	now, err := f.resume(e, top, c.fresh())
	if err != nil {
		return nil, err
	}
	out := &Migration{Session: now, Moved: c.places()}
	out.Differences = append(c.answers(now), c.news(now)...)
	return out, nil
}

// resume is NewSession with a record that is read already.
func (f *Form) resume(e Env, top *xpath.Node, fresh []bool) (*Session, error) {
	s := f.session(e)
	s.fresh = fresh
	if err := s.speak(e.Language); err != nil {
		return nil, err
	}
	if err := s.start(top); err != nil {
		return nil, err
	}
	s.fresh = nil
	s.forget()
	return s, nil
}

// fresh marks what the older version did not have, or did not take over from the
// same field of a register.
func (c *carrier) fresh() []bool {
	out := make([]bool, len(c.f.defs))
	for i, d := range c.f.defs {
		o := c.was[i]
		out[i] = o == nil || d.bind.prefill != o.bind.prefill
	}
	return out
}

// notes adds what the older record says beside the answers, at the places of now.
func (c *carrier) notes(top *xpath.Node) {
	p, at := &c.s.paradata, c.places()
	timings := make(map[string]Timing, len(p.timings))
	for ref, t := range p.timings {
		t.Ref = cmp.Or(at[ref], ref)
		timings[t.Ref] = t
	}
	p.timings = timings
	c.s.writeNotesAt(top, true, func(in *inst, _ string) string { return c.refs[in] })
}

// places lists what stands elsewhere now.
func (c *carrier) places() map[string]string {
	out := map[string]string{}
	for i, o := range c.was {
		if d := c.f.defs[i]; o != nil && !d.attr && o.path != d.path {
			out[o.path] = d.path
		}
	}
	return out
}

// answers tells what has become of the answers that counted.
func (c *carrier) answers(now *Session) []Difference {
	var out []Difference
	c.s.walk(func(in *inst, ref string) {
		if in.isRange || !in.answered() {
			return
		}
		d := Difference{Was: ref, Type: in.def.nodeType(), Answer: c.s.inWords(in, in.node.Text)}
		d.Label = c.s.labelOf(in)
		if c.settle(&d, in, now) {
			out = append(out, d)
		}
	})
	return out
}

// answered says whether a person's answer counts here.
func (in *inst) answered() bool {
	d := in.def
	return d.leaf() && d.editable() && d.bind.calculate == nil && in.relevant() && in.node.Text != "" && (!in.prefilled || !in.roSelf)
}

// settle finds out what is different about one answer; false for nothing.
func (c *carrier) settle(d *Difference, in *inst, now *Session) bool {
	var x *inst
	if d.Ref = c.refs[in]; d.Ref != "" {
		x = now.find(d.Ref)
	}
	if x == nil {
		d.Kind, d.Ref, d.Lost = DiffGone, "", true
		return true
	}
	label := now.labelOf(x)
	label, d.Label = d.Label, label
	kept, fits := c.kept[in]
	loss, lost := c.lost[in]
	words := now.inWords(x, x.node.Text)
	switch {
	case lost:
		d.Kind, d.Answer, d.Lost = loss.kind, loss.text, true
	case x.answer() != kept && fits:
		d.Kind, d.Lost = DiffComputed, true
	case !x.relevant():
		d.Kind = DiffSkipped
	case !says(x, in):
		d.Kind, d.Lost = DiffChoice, true
	case in.def.control.Type != x.def.control.Type || in.def.bind.typ != x.def.bind.typ:
		d.Kind = DiffType
	case label != d.Label:
		d.Kind, d.Before = DiffLabel, label
	case words != d.Answer:
		d.Kind, d.Before, d.Answer = DiffWords, d.Answer, words
	case c.moved(x.def):
		d.Kind = DiffMoved
	default:
		return false
	}
	return true
}

// says tells whether the newer question still counts what the older one counted.
func says(now, was *inst) bool {
	if now.def.control.family() != familyChoice {
		return now.node.Text == now.answer()
	}
	words := strings.Fields(now.node.Text)
	return !slices.ContainsFunc(strings.Fields(was.node.Text), func(w string) bool { return !slices.Contains(words, w) })
}

// news lists the questions that are asked now and were not there, once each.
func (c *carrier) news(now *Session) []Difference {
	var out []Difference
	seen := map[*def]bool{}
	now.walk(func(in *inst, ref string) {
		d := in.def
		if c.was[d.id] != nil || seen[d] || !in.relevant() || d.control == nil {
			return
		}
		asked := d.leaf() && d.editable() && d.bind.calculate == nil && !in.readonly
		if !asked && !(in.isRange && len(in.kids) == 0) {
			return
		}
		seen[d] = true
		out = append(out, Difference{Kind: DiffNew, Ref: ref, Type: d.nodeType(), Label: now.labelOf(in)})
	})
	return out
}

// labelOf is the label of a question, or its name.
func (s *Session) labelOf(in *inst) string {
	if c := in.def.control; c != nil {
		if l := s.text(c.label, in); l != "" {
			return l
		}
	}
	return in.def.node.Name.Local
}
