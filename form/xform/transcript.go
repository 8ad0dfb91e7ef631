package xform

import (
	"strconv"
	"strings"

	"ruhu/form/xpath"
)

// Transcribed says of a question that a register has an answer for what that answer is, and what became of it: taken over as it is, looked at and
// found right, or corrected, with a reason. A locked one cannot be corrected: its reason says what is wrong with it. It is part of the record,
// <ruhu:prefill> in meta; no rule reads it.
type Transcribed struct {
	Key     string `json:"key"`     // bind ruhu:prefill
	Was     string `json:"was"`     // what the register has
	Checked bool   `json:"checked"` // a person has looked at it and says that the answer is right
	Reason  string `json:"reason"`  // why the answer differs, or what is wrong with a locked one; "" when nothing is
}

// transcript is what an inst knows of its register.
type transcript struct {
	key, was, reason string
	checked          bool
}

// prefill transcribes register values into a new record and locks them. In a
// record that is gone on with, a question is locked when the register still has
// a value for it, or, without a register at hand, when it holds one.
func (s *Session) prefill() {
	s.seatMembers()
	for _, d := range s.f.defs {
		if d.bind.prefill == "" || !d.leaf() {
			continue
		}
		for _, in := range s.byDef[d.id] {
			key := s.prefillKey(in)
			v, ok := s.env.Prefill[key]
			if s.takesOver(in) && ok && v != "" {
				s.store(in, entered(d.bind.typ, v))
			}
			if t := s.transcript(in); v != "" && !t.checked { // what somebody has looked at stays what it was then
				t.was = entered(d.bind.typ, v)
			}
			in.prefilled = in.answer() != "" && (v != "" || (s.env.Prefill == nil && s.restored))
			if in.prefilled && !d.bind.prefillEditable {
				in.roSelf, in.readonly = true, true
			}
		}
	}
}

// takesOver says whether an inst gets what a register has: in a new record, and for a question that
// an older version of the form did not prefill, unless it has an answer that may stay.
func (s *Session) takesOver(in *inst) bool {
	if !s.restored {
		return true
	}
	if !s.isFresh(in.def) || in.def.bind.prefillEditable && in.answer() != "" {
		return false
	}
	_, ofMember := memberField(in.def.bind.prefill)
	return !ofMember || in.def.anchor == nil || in.instance().member
}

// instance is the instance of the repeat around an inst.
func (in *inst) instance() *inst {
	x := in
	for x.def != in.def.anchor {
		x = x.up
	}
	return x
}

func (s *Session) transcript(in *inst) *transcript {
	if in.trans == nil {
		in.trans = &transcript{key: s.prefillKey(in)}
	}
	return in.trans
}

// memberKey begins the keys of what is known of a member of the household; the
// register numbers them: member[2].name.
const memberKey = "member"

func memberField(key string) (string, bool) { return strings.CutPrefix(key, memberKey+".") }

// prefillKey is the key under which the register knows an inst.
func (s *Session) prefillKey(in *inst) string {
	key := in.def.bind.prefill
	field, ok := memberField(key)
	if !ok || in.def.anchor == nil {
		return key
	}
	x := in.instance()
	n := 1
	for _, k := range x.up.kids[x.def.order].kids {
		if k == x {
			break
		}
		n++
	}
	return memberKey + "[" + strconv.Itoa(n) + "]." + field
}

// seatMembers gives each member that the register knows an instance of the
// repeats that ask for members, and marks it: it can be filled in and marked as
// moved or died, but not removed.
func (s *Session) seatMembers() {
	known := 0
	for k := range s.env.Prefill {
		if rest, ok := strings.CutPrefix(k, memberKey+"["); ok {
			digits, _, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(digits); err == nil && n > known && n <= 200 {
				known = n
			}
		}
	}
	if known == 0 {
		return
	}
	seen := map[*def]bool{}
	for _, d := range s.f.defs {
		if _, ok := memberField(d.bind.prefill); !ok || !d.leaf() || d.anchor == nil || seen[d.anchor] {
			continue
		}
		seen[d.anchor] = true
		if d.anchor.control != nil && d.anchor.control.Fixed {
			continue
		}
		for _, r := range s.ranges[d.anchor.id] {
			fresh := s.isFresh(d.anchor)
			if fresh && len(r.kids) < known {
				s.grow(r, known-len(r.kids))
			}
			for _, x := range r.kids[:min(known, len(r.kids))] {
				x.member = fresh || s.isMember(x)
			}
		}
	}
}

// isMember says whether an instance of a record is still about the member whose
// place it has: it holds something that the register says of that one.
func (s *Session) isMember(x *inst) bool {
	for _, k := range x.kids {
		if k.isRange {
			continue
		}
		if !k.def.leaf() {
			if s.isMember(k) {
				return true
			}
			continue
		}
		if _, ok := memberField(k.def.bind.prefill); !ok {
			continue
		}
		if v := s.env.Prefill[s.prefillKey(k)]; v != "" && k.answer() == entered(k.def.bind.typ, v) {
			return true
		}
	}
	return false
}

// Verify says that somebody has looked at an answer that a register has, too: it is right as it is, or it was corrected, and reason says why; of
// a locked answer, which cannot be corrected, a reason says that the register is wrong. A changed answer takes that back. Errors: unknown_ref, not_prefilled, no_reason (the answer is another than the register's).
func (s *Session) Verify(ref, reason string) (Change, error) {
	in := s.find(ref)
	reason = strings.TrimSpace(reason)
	switch {
	case in == nil:
		return Change{}, fail("xform.unknown_ref", ref, "")
	case in.trans == nil || in.trans.was == "":
		return Change{}, fail("xform.not_prefilled", ref, "")
	case reason == "" && in.answer() != in.trans.was:
		return Change{}, fail("xform.no_reason", ref, "")
	}
	if in.answer() == in.trans.was && !in.readonly {
		reason = ""
	}
	in.trans.checked, in.trans.reason = true, reason
	s.touch(in)
	return s.settle()
}

// transcribed is what the screen is told; nil when no register knows an answer.
func (in *inst) transcribed() *Transcribed {
	t := in.trans
	if t == nil || t.was == "" {
		return nil
	}
	return &Transcribed{t.key, t.was, t.checked, t.reason}
}

// transcriptNode is the element for meta; nil when nobody has looked at the answer.
func (in *inst) transcriptNode(ref string) *xpath.Node {
	t := in.trans
	if t == nil || !t.checked {
		return nil
	}
	return &xpath.Node{
		Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: "prefill"}, Text: t.reason,
		Attrs: []*xpath.Node{
			{Kind: xpath.KindAttr, Name: xpath.Name{Local: "ref"}, Text: ref},
			{Kind: xpath.KindAttr, Name: xpath.Name{Local: "was"}, Text: t.was},
		},
	}
}

// readTranscript takes it back from a record.
func (s *Session) readTranscript(n *xpath.Node) {
	ref, _ := n.Attr("", "ref")
	was, _ := n.Attr("", "was")
	if in := s.find(ref); in != nil && !in.isRange && in.def.bind.prefill != "" && was != "" {
		t := s.transcript(in)
		t.was, t.checked, t.reason = was, true, n.StringValue()
	}
}
