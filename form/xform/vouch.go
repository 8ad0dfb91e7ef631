package xform

import (
	"slices"

	"ruhu/form/xpath"
)

// Vouch says how the person whom an answer names has confirmed the record: part of it, <ruhu:vouch> in meta. It goes when the answer changes.
type Vouch struct {
	Ref     string `json:"ref"`
	Account string `json:"account"` // id
	Method  string `json:"method"`  // one of VouchMethods
	At      string `json:"at"`      // by the clock of the phone
	Token   string `json:"token"`   // what the other phone showed, for badge
}

// VouchMethods are the ways to confirm: whose phone it is taps, somebody else types their PIN, or shows a code on a phone of their own.
var VouchMethods = []string{"own", "pin", "badge"}

// maxVouch bounds the token; the others are bounded by it, too.
const maxVouch = 400

// SetVouch notes how the answer at v.Ref was confirmed. The error is an *Error for a place that is not answered, another method, or what is too long.
func (s *Session) SetVouch(v Vouch) error {
	in := s.find(v.Ref)
	switch {
	case in == nil, in.isRange, !in.def.leaf(), in.answer() == "":
		return fail("xform.vouch", v.Ref, "")
	case !slices.Contains(VouchMethods, v.Method), v.Account == "", max(len(v.Account), len(v.At), len(v.Token)) > maxVouch:
		return fail("xform.vouch", v.Ref, v.Method)
	}
	in.vouch = &v
	return nil
}

// Vouches tells how the answers that people confirmed were confirmed, in the order of the form; also of the record that the session goes on with.
func (s *Session) Vouches() []Vouch {
	var out []Vouch
	s.walk(func(in *inst, ref string) {
		if in.vouch != nil && in.relevant() && in.node.Text != "" {
			v := *in.vouch
			v.Ref = ref
			out = append(out, v)
		}
	})
	return out
}

// vouchNode is the element for meta; nil when nobody confirmed.
func (in *inst) vouchNode(ref string) *xpath.Node {
	v := in.vouch
	if v == nil || in.answer() == "" {
		return nil
	}
	n := &xpath.Node{Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: "vouch"}, Text: v.Token}
	for _, a := range [][2]string{{"ref", ref}, {"account", v.Account}, {"method", v.Method}, {"at", v.At}} {
		n.Attrs = append(n.Attrs, &xpath.Node{Kind: xpath.KindAttr, Name: xpath.Name{Local: a[0]}, Text: a[1]})
	}
	return n
}

// readVouch takes it back from a record; what cannot be one is left out.
func (s *Session) readVouch(n *xpath.Node) {
	at := func(name string) string { v, _ := n.Attr("", name); return v }
	_ = s.SetVouch(Vouch{at("ref"), at("account"), at("method"), at("at"), n.StringValue()})
}
