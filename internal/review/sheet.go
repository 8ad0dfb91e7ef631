package review

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/submission"
)

// Section is a page of the questionnaire with its answers.
type Section struct {
	Ref     string
	Title   string
	Answers []Answer
}

// Answer is a question that was asked, in words.
type Answer struct {
	Ref      string
	Label    string
	Type     string // of the control: input, select1, select, upload …
	Value    string // as stored
	Display  string // for people: names of choices instead of codes
	Previous string // Display in the revision before, when Changed
	Changed  bool
	Register *Register // what the base list has, where somebody looked at it or changed it
	Comments []Comment
	Findings []submission.Finding
}

// Register is what the base list has for an answer.
type Register struct {
	Was     string // in words
	Changed bool   // the answer is another
	Reason  string // why it was corrected; what is wrong with the base list's, where the answer is locked and so not changed
}

// Vouch is how an enumerator has confirmed.
type Vouch struct {
	Ref    string `json:"ref"`
	Label  string `json:"label"`
	Name   string `json:"name"`   // of whose account confirmed; what the form says where that is not known
	Method string `json:"method"` // own, pin, badge; "" where the form says nothing of it: an older phone, another app
	At     string `json:"at"`     // by the phone's clock
	Holds  bool   `json:"holds"`  // nothing was found against it; a PIN cannot be looked at again
}

// sheet turns instances of a form into words.
type sheet struct {
	form  *xform.Form
	zone  *time.Location
	lang  string            // "zh" or "en"
	names map[string]string // account id → name
	mask  bool              // hide ID numbers and phones
}

// page is an instance in words.
type page struct {
	visit    xform.Visit
	vouches  []Vouch
	replies  map[string]string // by the id of a comment
	order    []string          // refs of questions
	answers  map[string]Answer
	sections []string          // refs of sections in order
	titles   map[string]string // section ref → title
	within   map[string]string // question ref → section ref
}

// read gives the questions that an instance answers or leaves open. An instance that the engine cannot read gives nil.
func (sh sheet) read(instance []byte, at time.Time) *page {
	if len(instance) == 0 {
		return nil
	}
	at = at.In(sh.zone)
	report, err := sh.form.Validate(instance, xform.Env{Now: func() time.Time { return at }, Zone: sh.zone})
	if err != nil {
		return nil
	}
	s := report.Session
	for _, l := range sh.form.Languages() {
		if strings.Contains(l, "("+sh.lang+")") || l == sh.lang {
			_, _ = s.SetLanguage(l) // a form without this language keeps its own
		}
	}
	appearance := appearances(sh.form.Body(), map[string]string{})
	vouches := map[string]xform.Vouch{}
	for _, v := range s.Vouches() {
		vouches[v.Ref] = v
	}
	p := &page{visit: s.Visit(), replies: s.Replies(), answers: map[string]Answer{}, titles: map[string]string{}, within: map[string]string{}}
	for _, n := range s.State() {
		sec := sectionOf(n.Ref)
		if n.Ref == sec {
			p.titles[sec] = n.Label
		}
		if !n.Relevant || !asked(n) {
			continue
		}
		if _, seen := p.titles[sec]; !seen {
			p.titles[sec] = ""
		}
		if len(p.sections) == 0 || p.sections[len(p.sections)-1] != sec {
			p.sections = append(p.sections, sec)
		}
		value, display := n.Value, sh.display(n, appearance[plain(n.Ref)])
		if sh.mask {
			value, display = masked(n.PII, value), masked(n.PII, display)
		}
		if n.Value != "" && isEnumerator(appearance[plain(n.Ref)]) {
			v := vouches[n.Ref]
			p.vouches = append(p.vouches, Vouch{Ref: n.Ref, Label: n.Label, Name: cmp.Or(sh.names[v.Account], display), Method: v.Method, At: v.At, Holds: true})
		}
		p.order = append(p.order, n.Ref)
		p.within[n.Ref] = sec
		p.answers[n.Ref] = Answer{Ref: n.Ref, Label: n.Label, Type: n.Type, Value: value, Display: display, Register: sh.register(n)}
	}
	return p
}

func (sh sheet) register(n xform.NodeState) *Register {
	t := n.Transcribed
	if t == nil || !t.Checked {
		return nil
	}
	was := n
	was.Value = t.Was
	r := &Register{Was: sh.display(was, ""), Changed: t.Was != n.Value, Reason: t.Reason}
	if sh.mask {
		r.Was, r.Reason = masked(n.PII, r.Was), maskedIn(n.PII, r.Reason)
	}
	return r
}

// asked reports whether a node is a question on a page.
func asked(n xform.NodeState) bool {
	switch n.Type {
	case "input", "select", "select1", "rank", "range", "trigger", "upload":
		return true
	}
	return false
}

func (sh sheet) display(n xform.NodeState, appearance string) string {
	if n.Choices != nil && n.Value != "" {
		labels := map[string]string{}
		for _, c := range n.Choices {
			labels[c.Value] = c.Label
		}
		var words []string
		for v := range strings.FieldsSeq(n.Value) {
			if l := labels[v]; l != "" {
				v = l
			}
			words = append(words, v)
		}
		return strings.Join(words, "；")
	}
	if name := sh.names[n.Value]; name != "" && isEnumerator(appearance) {
		return name
	}
	return n.Value
}

// isEnumerator tells a question in which an enumerator confirms.
func isEnumerator(appearance string) bool {
	return slices.Contains(strings.Fields(appearance), "enumerator")
}

func masked(pii, s string) string {
	switch pii {
	case "id_number":
		return idnumber.Mask(s)
	case "phone":
		return idnumber.MaskPhone(s)
	}
	return s
}

// maskedIn hides the numbers in a sentence about such an answer.
func maskedIn(pii, s string) string {
	return longNumber.ReplaceAllStringFunc(s, func(number string) string { return masked(pii, number) })
}

var longNumber = regexp.MustCompile(`[0-9]{7,}[Xx]?`)

// sectionOf is the part of a ref that names the page: "/data/g_q4/q4" lies in "/data/g_q4".
func sectionOf(ref string) string {
	parts := strings.SplitN(ref, "/", 4)
	if len(parts) < 3 {
		return ref
	}
	return "/" + parts[1] + "/" + parts[2]
}

// plain drops repeat numbers.
func plain(ref string) string {
	for {
		i := strings.IndexByte(ref, '[')
		if i < 0 {
			return ref
		}
		j := strings.IndexByte(ref[i:], ']')
		if j < 0 {
			return ref
		}
		ref = ref[:i] + ref[i+j+1:]
	}
}

func appearances(cs []*xform.Control, into map[string]string) map[string]string {
	for _, c := range cs {
		if c.Appearance != "" {
			into[c.Ref] = c.Appearance
		}
		appearances(c.Children, into)
	}
	return into
}

// sections joins the answers of now with what was before, comments and findings.
func sections(now, before *page, comments []Comment, findings []submission.Finding) []Section {
	if now == nil {
		return nil
	}
	at := map[string]int{}
	var out []Section
	for _, ref := range now.order {
		sec := now.within[ref]
		i, ok := at[sec]
		if !ok {
			i = len(out)
			at[sec] = i
			out = append(out, Section{Ref: sec, Title: now.titles[sec]})
		}
		a := now.answers[ref]
		if before != nil {
			if old := before.answers[ref]; old.Display != a.Display {
				a.Changed, a.Previous = true, old.Display
			}
		}
		for _, c := range comments {
			if c.Ref == ref {
				a.Comments = append(a.Comments, c)
			}
		}
		for _, f := range findings {
			if f.Ref == ref {
				a.Findings = append(a.Findings, f)
			}
		}
		out[i].Answers = append(out[i].Answers, a)
	}
	return out
}

// diff lists the questions of two pages whose answers differ, those of the newer one first in its order.
func diff(from, to *page) []Change {
	out := []Change{}
	if from == nil {
		from = &page{}
	}
	if to == nil {
		to = &page{}
	}
	for _, ref := range to.order {
		a, old := to.answers[ref], from.answers[ref]
		if a.Display != old.Display {
			out = append(out, Change{ref, a.Label, old.Display, a.Display})
		}
	}
	for _, ref := range from.order {
		if _, still := to.answers[ref]; !still && from.answers[ref].Display != "" {
			out = append(out, Change{ref, from.answers[ref].Label, from.answers[ref].Display, ""})
		}
	}
	return out
}

// idsIn finds texts between tags, and accounts that confirmed, that are written as our ids.
func idsIn(instance []byte) []string {
	var out []string
	for _, part := range bytes.Split(instance, []byte(` account="`))[1:] {
		text, _, _ := bytes.Cut(part, []byte{'"'})
		if k, err := id.Parse(string(text)); err == nil && len(out) < 10 {
			out = append(out, k)
		}
	}
	for part := range bytes.SplitSeq(instance, []byte{'>'}) {
		text, _, _ := bytes.Cut(part, []byte{'<'})
		if len(text) != 36 {
			continue
		}
		if k, err := id.Parse(string(text)); err == nil && len(out) < 20 {
			out = append(out, k)
		}
	}
	return out
}
