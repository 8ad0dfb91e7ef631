package xlsform

import (
	"regexp"
	"strconv"
	"strings"
)

func itoa(i int) string { return strconv.Itoa(i) }

var refRE = regexp.MustCompile(`\$\{\s*(last-saved#)?([^{}]*?)\s*\}`)

// wholeRef returns the name when s is one reference and nothing else.
func wholeRef(s string) string {
	s = strings.TrimSpace(s)
	if m := refRE.FindStringSubmatchIndex(s); m != nil && m[0] == 0 && m[1] == len(s) && m[2] < 0 {
		return s[m[4]:m[5]]
	}
	return ""
}

// lookup finds the node that ${name} means. Mistakes are reported at the place.
func (c *conv) lookup(name string, ctx *node, at place) *node {
	found := c.byName[name]
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) == 0 && (name == "instanceID" || name == "instanceName"):
		return &node{name: name, parent: &node{name: "meta", parent: c.root}}
	case len(found) == 0:
		d := c.rep.error(at, "xlsform.unknown_ref", "name", name)
		if !d.noHint {
			known := make([]string, 0, len(c.byName))
			for k := range c.byName {
				known = append(known, k)
			}
			sortStrings(known)
			d.meant(name, known)
		}
		return nil
	}
	c.rep.error(at, "xlsform.ambiguous_ref", "name", name)
	return found[0]
}

// refPath writes the path to target as seen from ctx: absolute, but relative when both are inside one repeat, because
// an absolute path would mean all its instances. In a predicate the context is another node, so the relative path
// starts at current().
func refPath(target, ctx *node, predicate bool) string {
	if ctx == nil {
		return target.path()
	}
	rep := target.repeat()
	for rep != nil && !rep.above(ctx) {
		rep = rep.repeat()
	}
	if rep == nil {
		return target.path()
	}
	up, meet := 1, ctx.parent
	for !meet.above(target) {
		meet, up = meet.parent, up+1
	}
	down := strings.TrimPrefix(target.path(), meet.path())
	p := strings.Repeat("../", up)
	p = p[:len(p)-1] + down
	if predicate {
		return "current()/" + p
	}
	return p
}

// above tells whether n is a proper ancestor of m.
func (n *node) above(m *node) bool {
	for p := m.parent; p != nil; p = p.parent {
		if p == n {
			return true
		}
	}
	return false
}

// sub replaces the references of an expression by paths, one space on each side. inPredicate says that the whole
// expression will stand in a predicate (choice filters).
func (c *conv) sub(expr string, ctx *node, at place, inPredicate bool) string {
	locs := refRE.FindAllStringSubmatchIndex(expr, -1)
	if locs == nil {
		if i := strings.Index(expr, "${"); i >= 0 {
			c.rep.error(at, "xlsform.broken_ref", "text", expr[i:min(len(expr), i+20)])
		}
		return expr
	}
	var b strings.Builder
	last := 0
	sc := &scope{}
	for _, m := range locs {
		sc.feed(expr[last:m[0]])
		b.WriteString(expr[last:m[0]])
		last = m[1]
		target := c.lookup(expr[m[4]:m[5]], ctx, at)
		if target == nil {
			b.WriteString("''")
			continue
		}
		b.WriteByte(' ')
		if m[2] >= 0 {
			c.lastSave = true
			b.WriteString("instance('__last-saved')" + target.path())
		} else {
			from := ctx
			if sc.indexed() {
				from = nil
			}
			b.WriteString(refPath(target, from, inPredicate || sc.predicate()))
		}
		b.WriteByte(' ')
	}
	b.WriteString(expr[last:])
	return b.String()
}

// scope follows brackets and calls through an expression.
type scope struct {
	quote byte
	stack []frame
	word  string
}

type frame struct {
	open byte
	fn   string
	arg  int
}

func (s *scope) feed(text string) {
	for i := 0; i < len(text); i++ {
		ch := text[i]
		switch {
		case s.quote != 0:
			if ch == s.quote {
				s.quote = 0
			}
			continue
		case ch == '\'' || ch == '"':
			s.quote = ch
		case ch == '(' || ch == '[':
			s.stack = append(s.stack, frame{open: ch, fn: s.word})
		case (ch == ')' || ch == ']') && len(s.stack) > 0:
			s.stack = s.stack[:len(s.stack)-1]
		case ch == ',' && len(s.stack) > 0:
			s.stack[len(s.stack)-1].arg++
		}
		if ch == '-' || ch == '_' || ch == ':' || ch == '.' || ch >= '0' && ch <= '9' || ch >= 'a' && ch <= 'z' || ch >= 'A' && ch <= 'Z' {
			s.word += string(ch)
		} else if ch != ' ' {
			s.word = ""
		}
	}
}

func (s *scope) predicate() bool {
	for _, f := range s.stack {
		if f.open == '[' {
			return true
		}
	}
	return false
}

// indexed: inside indexed-repeat() the target and the repeats (arguments 1, 2, 4, 6) are named as a whole, so absolutely.
func (s *scope) indexed() bool {
	for _, f := range s.stack {
		if f.open == '(' && f.fn == "indexed-repeat" {
			return f.arg == 0 || f.arg%2 == 1
		}
	}
	return false
}

// mixed turns a text with references into texts and <output> elements. With references the text gets a space at each
// end, as the reference converter writes it.
func (c *conv) mixed(s string, ctx *node, at place) []any {
	spans := outputSpans(s)
	if spans == nil {
		return []any{s}
	}
	kids, last := []any{" "}, 0
	for _, m := range spans {
		kids = append(kids, s[last:m[0]])
		if wholeRef(s[m[0]:m[1]]) == "" || c.lookup(wholeRef(s[m[0]:m[1]]), ctx, at) != nil {
			v := c.sub(s[m[0]:m[1]], ctx, at, false)
			c.compile(v, at)
			kids = append(kids, el("output", "value", v))
		}
		last = m[1]
	}
	return append(kids, s[last:], " ")
}

var instanceRE = regexp.MustCompile(`instance\(\s*['"][^'"]+['"]\s*\)/`)

// outputSpans finds what is to be computed in a text: references, and paths that start at instance('…').
func outputSpans(s string) [][2]int {
	var out [][2]int
	for i := 0; i < len(s); {
		ref, inst := refRE.FindStringIndex(s[i:]), instanceRE.FindStringIndex(s[i:])
		switch {
		case inst != nil && (ref == nil || inst[0] < ref[0]):
			end := i + inst[1] + pathEnd(s[i+inst[1]:])
			out = append(out, [2]int{i + inst[0], end})
			i = end
		case ref != nil:
			out = append(out, [2]int{i + ref[0], i + ref[1]})
			i += ref[1]
		default:
			return out
		}
	}
	return out
}

// pathEnd is where a path that runs on through names, slashes and predicates ends.
func pathEnd(s string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		ch := s[i]
		switch {
		case quote != 0:
			if ch == quote {
				quote = 0
			}
		case ch == '[':
			depth++
		case ch == ']':
			depth--
		case depth > 0:
			if ch == '\'' || ch == '"' {
				quote = ch
			}
		case ch == '/' || ch == '_' || ch == '-' || ch == '.' && i+1 < len(s) && s[i+1] != ' ':
		case ch >= '0' && ch <= '9' || ch >= 'a' && ch <= 'z' || ch >= 'A' && ch <= 'Z' || ch >= 0x80:
		default:
			return i
		}
	}
	return len(s)
}

var dynamicRE = regexp.MustCompile(`[\w.-]+\s*\(.*\)|\[.*\]|\$\{`)

var mathRE = regexp.MustCompile(`(^|[\s)\d])([+*|]|-|div|mod)([\s(\d]|$)`)

// dynamic tells whether the default of a question has to be computed when the form opens.
func (c *conv) dynamic(n *node) bool { return dynamicDefault(n.val("default"), n.typ.name) }

func dynamicDefault(s, typ string) bool {
	if s == "" {
		return false
	}
	if dynamicRE.MatchString(s) {
		return true
	}
	switch typ {
	case "date", "dateTime", "time", "geopoint", "geotrace", "geoshape", "select_one", "select_multiple", "rank":
		return false
	}
	bare := s
	if len(s) > 1 && (s[0] == '-' || s[0] == '+') {
		bare = s[1:]
	}
	for _, m := range mathRE.FindAllStringSubmatch(bare, -1) {
		word := m[2] == "div" || m[2] == "mod"
		if !word || (strings.TrimSpace(m[1]) == "" && m[1] != "" && m[3] != "") {
			return true
		}
	}
	return false
}
