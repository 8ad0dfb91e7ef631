package xform

import (
	"slices"
	"strings"

	"ruhu/form/xpath"
)

// Visit says who was met: part of every record, <ruhu:visit> in meta, whatever the form asks.
type Visit struct {
	Guide      string `json:"guide"`      // who showed the way
	Respondent string `json:"respondent"` // one of Respondents; "" when the form asks it itself
	Name       string `json:"name"`       // of who answered for the household
	Elsewhere  string `json:"elsewhere"`  // why the form was filled in far from where the household lives
}

// Respondents are the ways in which answers are got (S1.13): the household itself, another member, a cadre who answers for it, by telephone, from
// registers, and nobody, because contact is lost.
var Respondents = []string{"self", "member", "cadre", "phone", "registers", "lost"}

const maxVisitText = 100

// SetVisit sets one field of the visit: guide, respondent, name or elsewhere. The error is an *Error for another field, respondent or a long text.
func (s *Session) SetVisit(field, value string) error {
	value = strings.TrimSpace(value)
	switch {
	case len([]rune(value)) > maxVisitText:
	case field == "guide":
		s.visit.Guide = value
		return nil
	case field == "name":
		s.visit.Name = value
		return nil
	case field == "elsewhere":
		s.visit.Elsewhere = value
		return nil
	case field == "respondent" && (value == "" || slices.Contains(Respondents, value)):
		s.visit.Respondent = value
		return nil
	}
	return fail("xform.visit", "", field)
}

// Visit tells what SetVisit was told, also of the record that the session goes on with.
func (s *Session) Visit() Visit { return s.visit }

// AppendJSON appends the JSON of a visit.
func (v *Visit) AppendJSON(b []byte) []byte {
	b = appendField(b, `{"guide":`, v.Guide)
	b = appendField(b, `,"respondent":`, v.Respondent)
	b = appendField(b, `,"name":`, v.Name)
	return append(appendField(b, `,"elsewhere":`, v.Elsewhere), '}')
}

// visitNode is the element for meta; nil when there is nothing to say.
func (s *Session) visitNode() []*xpath.Node {
	if s.visit == (Visit{}) {
		return nil
	}
	n := &xpath.Node{Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: "visit"}}
	for _, a := range []struct{ name, v string }{
		{"guide", s.visit.Guide}, {"respondent", s.visit.Respondent}, {"name", s.visit.Name}, {"elsewhere", s.visit.Elsewhere},
	} {
		if a.v != "" {
			n.Attrs = append(n.Attrs, &xpath.Node{Kind: xpath.KindAttr, Name: xpath.Name{Local: a.name}, Text: a.v})
		}
	}
	return []*xpath.Node{n}
}

// readVisit takes it back from a record; what it cannot be is left out.
func (s *Session) readVisit(n *xpath.Node) {
	for _, field := range []string{"guide", "respondent", "name", "elsewhere"} {
		v, _ := n.Attr("", field)
		_ = s.SetVisit(field, v)
	}
}
