package xform

import (
	"bytes"
	"slices"

	"ruhu/form/xpath"
)

// XML returns the submission: nodes that are not relevant are left out, the
// confirmations of warnings are in meta. Timestamps of completion are set by
// this call.
func (s *Session) XML() ([]byte, error) {
	if err := s.stampEnd(); err != nil {
		return nil, err
	}
	return s.write(false)
}

// Draft returns everything, for Env.Instance of a later session: also answers
// that do not count at the moment.
func (s *Session) Draft() ([]byte, error) { return s.write(true) }

func (s *Session) write(all bool) ([]byte, error) {
	top := s.copyTree(s.root, all)
	if top == nil {
		top = &xpath.Node{Kind: xpath.KindElement, Name: s.root.node.Name, Prefix: s.root.node.Prefix, Attrs: s.root.node.Attrs}
	}
	s.writeNotes(top, all)
	var b bytes.Buffer
	err := xpath.WriteXML(&b, top)
	return b.Bytes(), err
}

// copyTree copies what is to be written; nil when nothing is.
func (s *Session) copyTree(in *inst, all bool) *xpath.Node {
	if !all && !in.relevant() {
		return nil
	}
	n := &xpath.Node{Kind: xpath.KindElement, Name: in.node.Name, Prefix: in.node.Prefix, NS: in.node.NS, Attrs: in.node.Attrs}
	if !all {
		n.Attrs = sentAttrs(n.Attrs)
	}
	if len(in.def.children) == 0 {
		n.Text = in.node.Text
		if all {
			n.Text = in.answer()
		}
		return n
	}
	add := func(k *inst) {
		if c := s.copyTree(k, all); c != nil {
			c.Parent = n
			n.Children = append(n.Children, c)
		}
	}
	for _, k := range in.kids {
		if !k.isRange {
			add(k)
			continue
		}
		for _, x := range k.kids {
			add(x)
		}
	}
	return n
}

// writeNotes puts <ruhu:note ref="…">reason</ruhu:note> into meta for every
// confirmed warning, what became of answers that a register has, how the record was
// captured, who was met, who confirmed it how, and how it was filled in.
func (s *Session) writeNotes(top *xpath.Node, all bool) {
	s.writeNotesAt(top, all, func(_ *inst, ref string) string { return ref })
}

// writeNotesAt writes them with other refs; what has none is left out.
func (s *Session) writeNotesAt(top *xpath.Node, all bool, place func(in *inst, ref string) string) {
	var notes []*xpath.Node
	s.walk(func(in *inst, ref string) {
		if ref = place(in, ref); in.isRange || ref == "" {
			return
		}
		if n := in.transcriptNode(ref); n != nil && (all || in.relevant()) {
			notes = append(notes, n)
		}
		if n := in.vouchNode(ref); n != nil && (all || in.relevant()) {
			notes = append(notes, n)
		}
		if in.note == "" || (!all && (!in.relevant() || !in.warn)) {
			return
		}
		notes = append(notes, &xpath.Node{
			Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: "note"}, Text: in.note,
			Attrs: []*xpath.Node{{Kind: xpath.KindAttr, Name: xpath.Name{Local: "ref"}, Text: ref}},
		})
	})
	notes = append(append(notes, s.captureNode()...), s.visitNode()...)
	notes = append(append(notes, s.replyNodes()...), s.paradataNode()...)
	if len(notes) == 0 {
		return
	}
	i := slices.IndexFunc(top.Children, func(c *xpath.Node) bool { return c.Name.Local == "meta" })
	if i < 0 {
		top.Children = append(top.Children, &xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Local: "meta"}, Parent: top})
		i = len(top.Children) - 1
	}
	meta := top.Children[i]
	for _, n := range notes {
		n.Parent = meta
	}
	meta.Children = append(meta.Children, notes...)
}
