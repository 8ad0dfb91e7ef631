package xform

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"ruhu/form/xpath"
)

// Paradata says how a form was filled in, in sums and not as a log: <ruhu:paradata> in meta. Durations come from a clock that is never set;
// the instants of an opening, from the phone's calendar clock, only place them in a day.
type Paradata struct {
	Openings []Opening `json:"openings"` // in the order of time
	Moves    int       `json:"moves"`    // from page to page
	Timings  []Timing  `json:"timings"`  // by ref
	Oddities []Oddity  `json:"oddities"` // about positions that were read, by code
}

// Opening is one stretch from opening the form to leaving it.
type Opening struct {
	From string `json:"from"` // RFC 3339
	To   string `json:"to"`
	MS   int64  `json:"ms"` // with the form on the screen
	// Ahead is by how many milliseconds the server's clock was ahead of the phone's, as far as the phone knew; 0 when it went right or was never told.
	Ahead int64 `json:"ahead,omitzero"`
}

// Timing is what one question took; the instances of a repeat count together.
type Timing struct {
	Ref   string `json:"ref"`
	MS    int64  `json:"ms"`
	Edits int    `json:"edits"`
}

// Oddity says how often a position looked as if it had not been measured. Browsers do not tell that a position is mocked; these are signs of it.
type Oddity struct {
	Code  string `json:"code"` // one of Oddities
	Times int    `json:"times"`
}

// Oddities are the signs: an accuracy of zero; the same place as an earlier reading to the last decimal; faster from place to place than a car; a place
// with few decimals, as people type it.
var Oddities = []string{"exact", "leap", "rounded", "same"}

const (
	maxOpenings = 100
	maxTimings  = 3000
	maxTimedRef = 500
	maxMS       = int64(1e11) // three years
	maxEdits    = 1_000_000
)

type paradata struct {
	openings []Opening
	moves    int
	timings  map[string]Timing
	oddities map[string]int
}

// SetOpening adds an opening, or goes on with the one that began at the same instant. Of very many the first are put together. The error is an *Error.
func (s *Session) SetOpening(o Opening) error {
	for _, at := range []string{o.From, o.To} {
		if _, err := time.Parse(time.RFC3339, at); err != nil || len(at) > 40 {
			return fail("xform.paradata", "", "opening")
		}
	}
	if o.MS < 0 || o.MS > maxMS || o.Ahead < -maxMS || o.Ahead > maxMS {
		return fail("xform.paradata", "", "opening")
	}
	p := &s.paradata
	if i := slices.IndexFunc(p.openings, func(x Opening) bool { return x.From == o.From }); i >= 0 {
		p.openings[i] = o
		return nil
	}
	p.openings = append(p.openings, o)
	if len(p.openings) > maxOpenings {
		a, b := p.openings[0], p.openings[1]
		p.openings = slices.Delete(p.openings, 0, 1)
		p.openings[0] = Opening{a.From, b.To, min(maxMS, a.MS+b.MS), further(a.Ahead, b.Ahead)}
	}
	return nil
}

// SetMoves says how often the page was changed. The error is an *Error.
func (s *Session) SetMoves(n int) error {
	if n < 0 || n > maxEdits {
		return fail("xform.paradata", "", "moves")
	}
	s.paradata.moves = n
	return nil
}

// SetTiming says what a question took in all. The error is an *Error.
func (s *Session) SetTiming(t Timing) error {
	_, known := s.paradata.timings[t.Ref]
	if _, ok := splitRef(t.Ref); !ok || len(t.Ref) > maxTimedRef || t.MS < 0 || t.MS > maxMS || t.Edits < 0 || t.Edits > maxEdits ||
		!known && len(s.paradata.timings) >= maxTimings {
		return fail("xform.paradata", "", t.Ref)
	}
	if s.paradata.timings == nil {
		s.paradata.timings = map[string]Timing{}
	}
	s.paradata.timings[t.Ref] = t
	return nil
}

// SetOddity says how often a sign was seen. The error is an *Error.
func (s *Session) SetOddity(code string, times int) error {
	if !slices.Contains(Oddities, code) || times < 1 || times > maxEdits {
		return fail("xform.paradata", "", "oddity")
	}
	if s.paradata.oddities == nil {
		s.paradata.oddities = map[string]int{}
	}
	s.paradata.oddities[code] = times
	return nil
}

// Paradata tells what was set, also of the record that the session goes on with.
func (s *Session) Paradata() Paradata {
	var oddities []Oddity
	for _, code := range Oddities {
		if n := s.paradata.oddities[code]; n > 0 {
			oddities = append(oddities, Oddity{code, n})
		}
	}
	return Paradata{
		Oddities: oddities, Openings: slices.Clone(s.paradata.openings), Moves: s.paradata.moves,
		Timings: slices.SortedFunc(maps.Values(s.paradata.timings), func(a, b Timing) int { return cmp.Compare(a.Ref, b.Ref) }),
	}
}

// MS is how long the form was on the screen.
func (p *Paradata) MS() int64 {
	var sum int64
	for _, o := range p.Openings {
		sum += o.MS
	}
	return sum
}

// Ahead is the offset of the opening at which the phone's clock was furthest from the server's, in milliseconds.
func (p *Paradata) Ahead() int64 {
	var most int64
	for _, o := range p.Openings {
		most = further(most, o.Ahead)
	}
	return most
}

func further(a, b int64) int64 {
	if max(b, -b) > max(a, -a) {
		return b
	}
	return a
}

// AppendJSON appends the JSON of paradata.
func (p *Paradata) AppendJSON(b []byte) []byte {
	b = append(b, `{"openings":[`...)
	for i, o := range p.Openings {
		b = appendField(comma(b, i), `{"from":`, o.From)
		b = appendField(b, `,"to":`, o.To)
		b = strconv.AppendInt(append(b, `,"ms":`...), o.MS, 10)
		if o.Ahead != 0 {
			b = strconv.AppendInt(append(b, `,"ahead":`...), o.Ahead, 10)
		}
		b = append(b, '}')
	}
	b = strconv.AppendInt(append(b, `],"moves":`...), int64(p.Moves), 10)
	b = append(b, `,"timings":[`...)
	for i, t := range p.Timings {
		b = appendField(comma(b, i), `{"ref":`, t.Ref)
		b = strconv.AppendInt(append(b, `,"ms":`...), t.MS, 10)
		b = append(strconv.AppendInt(append(b, `,"edits":`...), int64(t.Edits), 10), '}')
	}
	b = append(b, `],"oddities":[`...)
	for i, d := range p.Oddities {
		b = appendField(comma(b, i), `{"code":`, d.Code)
		b = append(strconv.AppendInt(append(b, `,"times":`...), int64(d.Times), 10), '}')
	}
	return append(b, ']', '}')
}

// paradataNode is the element for meta; nil when there is nothing to say.
func (s *Session) paradataNode() []*xpath.Node {
	p := s.Paradata()
	if len(p.Openings) == 0 && p.Moves == 0 && len(p.Timings) == 0 && len(p.Oddities) == 0 {
		return nil
	}
	element := func(name string, attrs ...string) *xpath.Node {
		n := &xpath.Node{Kind: xpath.KindElement, Prefix: "ruhu", Name: xpath.Name{Space: NSRuhu, Local: name}}
		for i := 0; i < len(attrs); i += 2 {
			n.Attrs = append(n.Attrs, &xpath.Node{Kind: xpath.KindAttr, Name: xpath.Name{Local: attrs[i]}, Text: attrs[i+1]})
		}
		return n
	}
	ms := func(n int64) string { return strconv.FormatInt(n, 10) }
	top := element("paradata", "moves", strconv.Itoa(p.Moves))
	for _, o := range p.Openings {
		attrs := []string{"from", o.From, "to", o.To, "ms", ms(o.MS)}
		if o.Ahead != 0 {
			attrs = append(attrs, "ahead", ms(o.Ahead))
		}
		top.Children = append(top.Children, element("opening", attrs...))
	}
	for _, t := range p.Timings {
		top.Children = append(top.Children, element("timing", "ref", t.Ref, "ms", ms(t.MS), "edits", strconv.Itoa(t.Edits)))
	}
	for _, d := range p.Oddities {
		top.Children = append(top.Children, element("oddity", "code", d.Code, "times", strconv.Itoa(d.Times)))
	}
	for _, c := range top.Children {
		c.Parent = top
	}
	return []*xpath.Node{top}
}

// readParadata takes it back from a record; what it cannot be is left out.
func (s *Session) readParadata(top *xpath.Node) {
	number := func(n *xpath.Node, name string) int64 {
		v, _ := n.Attr("", name)
		x, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return -1
		}
		return x
	}
	_ = s.SetMoves(int(number(top, "moves")))
	for _, n := range top.Children {
		switch n.Name.Local {
		case "opening":
			from, _ := n.Attr("", "from")
			to, _ := n.Attr("", "to")
			o := Opening{From: from, To: to, MS: number(n, "ms")}
			if _, told := n.Attr("", "ahead"); told {
				o.Ahead = number(n, "ahead")
			}
			_ = s.SetOpening(o)
		case "timing":
			ref, _ := n.Attr("", "ref")
			_ = s.SetTiming(Timing{ref, number(n, "ms"), int(number(n, "edits"))})
		case "oddity":
			code, _ := n.Attr("", "code")
			_ = s.SetOddity(code, int(number(n, "times")))
		}
	}
}
