// Package merge compares three instances of one form: the one that two phones began with, the one that stands, and the one that came second;
// and puts the two edits together where they did not touch the same question. No database, no clock of its own.
package merge

import (
	"slices"
	"strings"

	"ruhu/form/xform"
)

// Answer is a question that the second edit changed, in three versions. Display forms are for people, names of choices instead of codes.
type Answer struct {
	Ref     string `json:"ref"`
	Label   string `json:"label"`
	PII     string `json:"pii"`
	Base    string `json:"base"`
	Current string `json:"current"`
	Other   string `json:"other"`
}

// Result of a merge. XML is the instance with both edits in it; nil when they overlap, and when the second one brings nothing new.
type Result struct {
	XML      []byte
	Compared bool     // false in the zero Result: nothing could be compared
	Taken    []Answer // of the second edit, alone
	Overlaps []Answer // touched by both, differently
}

// page is an instance by question.
type page struct {
	session *xform.Session
	nodes   map[string]xform.NodeState
	order   []string
}

func read(f *xform.Form, instance []byte, e xform.Env) (*page, error) {
	r, err := f.Validate(instance, e)
	if err != nil {
		return nil, err
	}
	p := &page{session: r.Session, nodes: map[string]xform.NodeState{}}
	for _, n := range r.Session.State() {
		key := n.Ref
		if n.Type == "repeat" { // a repeat and its first instance may share a ref
			key += "|range"
		}
		if _, seen := p.nodes[key]; !seen {
			p.order = append(p.order, key)
		}
		p.nodes[key] = n
	}
	return p, nil
}

// Merge compares. An error means that one of the three is no instance of the form.
//
// A question counts as changed when its answer or the reason for its warning differs from the base. Instances of a repeat have no name but
// their place, so an edit that adds or removes one is never put together with the other by the program: it is an overlap at the repeat. Answers
// that the form calculates follow from the others.
func Merge(f *xform.Form, base, current, other []byte, e xform.Env) (Result, error) {
	var pages [3]*page
	for i, x := range [][]byte{base, current, other} {
		p, err := read(f, x, e)
		if err != nil {
			return Result{}, err
		}
		pages[i] = p
	}
	b, c, o := pages[0], pages[1], pages[2]
	out := Result{Compared: true}
	for _, key := range union(o.order, b.order) {
		if within(key, out.Overlaps) || !differs(b, o, key) || !differs(c, o, key) {
			continue
		}
		a := answer(b, c, o, key)
		if strings.HasSuffix(key, "|range") || differs(b, c, key) {
			out.Overlaps = append(out.Overlaps, a)
		} else {
			out.Taken = append(out.Taken, a)
		}
	}
	if len(out.Overlaps) > 0 || len(out.Taken) == 0 {
		return out, nil
	}
	return out, out.apply(f, current, o, e)
}

// apply writes the second edit's answers into the current instance. What cannot be written there after all is an overlap.
func (r *Result) apply(f *xform.Form, current []byte, o *page, e xform.Env) error {
	e.Instance = current
	s, err := f.NewSession(e)
	if err != nil {
		return err
	}
	vouches := map[string]xform.Vouch{}
	for _, v := range o.session.Vouches() {
		vouches[v.Ref] = v
	}
	for _, a := range r.Taken {
		n := o.nodes[a.Ref]
		if _, err := s.Set(a.Ref, n.Value); err != nil {
			r.Overlaps = append(r.Overlaps, a)
			continue
		}
		if v, ok := vouches[a.Ref]; ok {
			_ = s.SetVouch(v) // an answer that the form has emptied meanwhile is not confirmed
		}
		if n.Warning != nil && n.Warning.Reason != "" {
			if _, err := s.Confirm(a.Ref, n.Warning.Reason); err != nil { // the doubt went away with the other edit
				continue
			}
		}
	}
	if len(r.Overlaps) > 0 {
		return nil
	}
	xml, err := s.XML()
	r.XML = xml
	return err
}

// union gives the keys of both in the order of the first.
func union(first, second []string) []string {
	out := slices.Clone(first)
	for _, k := range second {
		if !slices.Contains(first, k) {
			out = append(out, k)
		}
	}
	return out
}

// within reports whether a key lies in a repeat that is an overlap already.
func within(key string, overlaps []Answer) bool {
	for _, a := range overlaps {
		if strings.HasPrefix(key, a.Ref+"[") {
			return true
		}
	}
	return false
}

// asked reports whether a node is something that a person answers.
func asked(n xform.NodeState) bool {
	switch n.Type {
	case "input", "select", "select1", "rank", "range", "trigger", "upload":
		return true
	}
	return false
}

// differs compares what people answered at a key.
func differs(x, y *page, key string) bool {
	a, inA := x.nodes[key]
	b, inB := y.nodes[key]
	if a.Type == "repeat" || b.Type == "repeat" {
		return a.Count != b.Count
	}
	if !asked(a) && !asked(b) || inA && a.Readonly && inB && b.Readonly {
		return false
	}
	return value(a) != value(b) || reason(a) != reason(b)
}

func value(n xform.NodeState) string {
	if !n.Relevant {
		return ""
	}
	return n.Value
}

func reason(n xform.NodeState) string {
	if n.Warning == nil || !n.Relevant {
		return ""
	}
	return n.Warning.Reason
}

func answer(b, c, o *page, key string) Answer {
	n := o.nodes[key]
	if n.Ref == "" {
		n = b.nodes[key]
	}
	return Answer{
		Ref: n.Ref, Label: n.Label, PII: n.PII,
		Base: display(b.nodes[key]), Current: display(c.nodes[key]), Other: display(o.nodes[key]),
	}
}

func display(n xform.NodeState) string {
	if n.Type == "repeat" {
		return strings.Repeat("●", min(n.Count, 50))
	}
	v := value(n)
	if v == "" || n.Choices == nil {
		return withReason(v, n)
	}
	labels := map[string]string{}
	for _, c := range n.Choices {
		labels[c.Value] = c.Label
	}
	words := strings.Fields(v)
	for i, w := range words {
		if l, ok := labels[w]; ok && l != "" {
			words[i] = l
		}
	}
	return withReason(strings.Join(words, "、"), n)
}

func withReason(s string, n xform.NodeState) string {
	if r := reason(n); r != "" {
		return s + "（" + r + "）"
	}
	return s
}
