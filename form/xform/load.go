package xform

import (
	"errors"
	"strings"

	"ruhu/form/xpath"
)

// maxInstance limits a record in bytes; a form of 2,000 questions with long
// texts stays far below.
const maxInstance = 8 << 20

func readInstance(src []byte) (*xpath.Node, error) {
	doc, err := xpath.ParseXML(src, xpath.Limits{Bytes: maxInstance, Nodes: 400_000, DataOnly: true, KeepSource: true})
	if err != nil {
		code := "xform.instance"
		var xe *xpath.XMLError
		if errors.As(err, &xe) && xe.TooLarge {
			code = "xform.too_large"
		}
		return nil, fail(code, "", err.Error())
	}
	return doc.Element(), nil
}

// accepts refuses a record of another form.
func (f *Form) accepts(top *xpath.Node) error {
	if top == nil || top.Name.Local != f.root.node.Name.Local {
		return fail("xform.wrong_form", "", "")
	}
	if id, ok := top.Attr("", "id"); ok && id != f.id {
		return fail("xform.wrong_form", "", id)
	}
	return nil
}

// loadText takes the text of a form's (own) or record's element. A default that
// does not fit its type is dropped; what was submitted is kept and judged.
func (s *Session) loadText(in *inst, src *xpath.Node, own bool) {
	v := src.Text
	if len(src.Children) > 0 {
		v = src.StringValue()
	}
	if v == "" {
		return
	}
	if !own {
		v = entered(in.def.bind.typ, v)
	} else if v = canonical(in.def.bind.typ, v); !valid(in.def.bind.typ, v) {
		return
	}
	c := in.def.control
	if c != nil && c.itemset != nil && !c.itemset.static {
		in.hidden, in.raw = true, v // until the list of choices is known
		return
	}
	s.store(in, v)
}

// readNotes takes what was said beside the answers out of the meta element.
func (s *Session) readNotes(top *xpath.Node) {
	for _, m := range top.Children {
		if m.Name.Local != "meta" {
			continue
		}
		for _, n := range m.Children {
			if n.Name.Space != NSRuhu {
				continue
			}
			if n.Name.Local == "capture" && n.StringValue() == CapturePaper {
				s.capture = CapturePaper
			}
			switch n.Name.Local {
			case "visit":
				s.readVisit(n)
			case "paradata":
				s.readParadata(n)
			case "vouch":
				s.readVouch(n)
			case "reply":
				to, _ := n.Attr("", "to")
				_ = s.SetReply(to, n.StringValue()) // what cannot be one is left out
			case "prefill":
				s.readTranscript(n)
			case "note":
				ref, _ := n.Attr("", "ref")
				if in := s.find(ref); in != nil && !in.isRange {
					in.note = n.StringValue()
				}
			}
		}
	}
}

// find returns the inst of a ref: "/data/rep[2]/q"; "/data/rep" is the range of
// a repeat. It is nil when there is none.
func (s *Session) find(ref string) *inst {
	steps, ok := splitRef(ref)
	if !ok || len(steps) == 0 || steps[0].name != s.root.node.QName() || steps[0].index > 1 {
		return nil
	}
	in := s.root
	for i, st := range steps[1:] {
		var next *inst
		if name, ok := strings.CutPrefix(st.name, "@"); ok {
			for _, a := range in.atts {
				if a.node.QName() == name {
					next = a
				}
			}
		}
		kids := in.kids
		if k, ok := in.def.names[localName(st.name)]; ok && k >= 0 {
			kids = kids[k : k+1]
		}
		for _, k := range kids {
			if k.node.Name.Local == st.name || k.node.QName() == st.name {
				next = k
				break
			}
		}
		if next == nil {
			return nil
		}
		if next.isRange {
			last := i == len(steps)-2
			switch {
			case st.index == 0 && last:
				return next
			case st.index == 0 && len(next.kids) == 1:
				next = next.kids[0]
			case st.index < 1 || st.index > len(next.kids):
				return nil
			default:
				next = next.kids[st.index-1]
			}
		} else if st.index > 1 {
			return nil
		}
		in = next
	}
	return in
}

func localName(name string) string {
	if i := strings.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

type refStep struct {
	name  string
	index int
}

// splitRef cuts a ref into steps.
func splitRef(ref string) ([]refStep, bool) {
	if ref == "" || ref[0] != '/' {
		return nil, false
	}
	var out []refStep
	for i := 1; i < len(ref); {
		j := i
		for j < len(ref) && ref[j] != '/' && ref[j] != '[' {
			j++
		}
		st := refStep{name: ref[i:j]}
		if j < len(ref) && ref[j] == '[' {
			for j++; j < len(ref) && ref[j] >= '0' && ref[j] <= '9'; j++ {
				if st.index = st.index*10 + int(ref[j]-'0'); st.index > maxRepeats {
					return nil, false
				}
			}
			if j >= len(ref) || ref[j] != ']' || st.index == 0 {
				return nil, false
			}
			j++
		}
		if st.name == "" || (j < len(ref) && ref[j] != '/') {
			return nil, false
		}
		out = append(out, st)
		i = j + 1
	}
	return out, true
}
