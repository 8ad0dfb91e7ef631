package layout

import (
	"strconv"
	"strings"
)

// cond is a condition of the simple kind: comparisons of one question with one value, joined by and, or, not.
type cond struct {
	op    string // and or not = != < <= > >= selected true false
	kids  []*cond
	path  string // of the question, absolute
	value string
}

// parse reads an XPath expression of the simple kind at the question base; nil when it is of another kind.
func parse(src, base string) *cond {
	p := &parser{src: src, base: base}
	c := p.or()
	p.space()
	if p.bad || p.at != len(p.src) {
		return nil
	}
	return c
}

type parser struct {
	src, base string
	at        int
	bad       bool
}

func (p *parser) space() {
	for p.at < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.at]) >= 0 {
		p.at++
	}
}

// take skips s when it stands next.
func (p *parser) take(s string) bool {
	p.space()
	if strings.HasPrefix(p.src[p.at:], s) {
		p.at += len(s)
		return true
	}
	return false
}

// word skips s when it stands next as a whole word.
func (p *parser) word(s string) bool {
	p.space()
	rest := p.src[p.at:]
	if strings.HasPrefix(rest, s) && (len(rest) == len(s) || !nameByte(rest[len(s)])) {
		p.at += len(s)
		return true
	}
	return false
}

func nameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.' || b >= 0x80
}

func (p *parser) fail() *cond {
	p.bad = true
	return &cond{op: "true"}
}

func (p *parser) joined(op string, next func() *cond) *cond {
	c := &cond{op: op, kids: []*cond{next()}}
	for !p.bad && p.word(op) {
		c.kids = append(c.kids, next())
	}
	if len(c.kids) == 1 {
		return c.kids[0]
	}
	return c
}

func (p *parser) or() *cond  { return p.joined("or", p.and) }
func (p *parser) and() *cond { return p.joined("and", p.one) }

func (p *parser) one() *cond {
	switch {
	case p.bad || len(p.src) > 2000:
		return p.fail()
	case p.take("true()"):
		return &cond{op: "true"}
	case p.take("false()"):
		return &cond{op: "false"}
	case p.word("not"):
		if !p.take("(") {
			return p.fail()
		}
		c := &cond{op: "not", kids: []*cond{p.or()}}
		if !p.take(")") {
			return p.fail()
		}
		return c
	case p.word("selected"):
		return p.selected()
	case p.take("("):
		c := p.or()
		if !p.take(")") {
			return p.fail()
		}
		return c
	}
	return p.comparison()
}

func (p *parser) selected() *cond {
	if !p.take("(") {
		return p.fail()
	}
	path, ok := p.path()
	if !ok || !p.take(",") {
		return p.fail()
	}
	v, ok := p.literal()
	if !ok || !p.take(")") {
		return p.fail()
	}
	return &cond{op: "selected", path: path, value: v}
}

var mirrored = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (p *parser) comparison() *cond {
	if v, ok := p.literal(); ok { // the value first: '1' = ../q
		op := p.operator()
		path, ok := p.path()
		if op == "" || !ok {
			return p.fail()
		}
		return &cond{op: mirrored[op], path: path, value: v}
	}
	path, ok := p.path()
	op := p.operator()
	v, okV := p.literal()
	if !ok || op == "" || !okV {
		return p.fail()
	}
	return &cond{op: op, path: path, value: v}
}

func (p *parser) operator() string {
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if p.take(op) {
			return op
		}
	}
	return ""
}

func (p *parser) literal() (string, bool) {
	p.space()
	rest := p.src[p.at:]
	if rest == "" {
		return "", false
	}
	if q := rest[0]; q == '\'' || q == '"' {
		end := strings.IndexByte(rest[1:], q)
		if end < 0 {
			return "", false
		}
		p.at += end + 2
		return rest[1 : 1+end], true
	}
	n := 0
	for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == '.' && n > 0 || rest[n] == '-' && n == 0) {
		n++
	}
	if _, err := strconv.ParseFloat(rest[:n], 64); n == 0 || err != nil {
		return "", false
	}
	p.at += n
	return rest[:n], true
}

// path reads a location path without predicates and makes it absolute.
func (p *parser) path() (string, bool) {
	p.space()
	rest := p.src[p.at:]
	n := 0
	for n < len(rest) && (nameByte(rest[n]) || rest[n] == '/') {
		n++
	}
	if s := rest[:n]; n > 0 && (n == len(rest) || strings.IndexByte("([*:@$", rest[n]) < 0) {
		p.at += n
		return resolve(s, p.base)
	}
	return "", false
}

func resolve(path, base string) (string, bool) {
	at := base
	if strings.HasPrefix(path, "/") {
		at = ""
	}
	for step := range strings.SplitSeq(path, "/") {
		switch step {
		case "", ".":
		case "..":
			i := strings.LastIndexByte(at, '/')
			if i < 0 {
				return "", false
			}
			at = at[:i]
		default:
			at += "/" + step
		}
	}
	return at, strings.HasPrefix(at, "/")
}

// verdict is what is known of a condition.
type verdict int

const (
	no      verdict = -1
	unknown verdict = 0
	yes     verdict = 1
)

func is(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// holds works a condition out as far as the known answers allow (three values, Kleene). An absent path is unknown, not blank.
func (c *cond) holds(known map[string]string) verdict {
	switch c.op {
	case "true":
		return yes
	case "false":
		return no
	case "?":
		return unknown
	case "not":
		return -c.kids[0].holds(known)
	case "and", "or":
		out := yes
		if c.op == "or" {
			out = no
		}
		for _, k := range c.kids {
			v := k.holds(known)
			if c.op == "and" {
				out = min(out, v)
			} else {
				out = max(out, v)
			}
		}
		return out
	}
	v, ok := known[c.path]
	if !ok {
		return unknown
	}
	switch c.op {
	case "selected":
		for s := range strings.FieldsSeq(v) {
			if s == c.value {
				return yes
			}
		}
		return no
	case "=":
		return is(same(v, c.value))
	case "!=":
		return is(!same(v, c.value))
	}
	a, errA := strconv.ParseFloat(v, 64)
	b, errB := strconv.ParseFloat(c.value, 64)
	if errA != nil || errB != nil {
		return no // a comparison with NaN
	}
	switch c.op {
	case "<":
		return is(a < b)
	case "<=":
		return is(a <= b)
	case ">":
		return is(a > b)
	}
	return is(a >= b)
}

// same compares as XPath does where the types do not matter: equal texts, or equal numbers.
func same(a, b string) bool {
	if a == b {
		return true
	}
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	return errA == nil && errB == nil && x == y
}
