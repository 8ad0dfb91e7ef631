package xpath

import (
	"fmt"
	"strconv"
	"strings"
)

// maxDepth bounds nesting, so that no expression can exhaust the stack.
const maxDepth = 400

// maxSteps bounds the steps of one path.
const maxSteps = 500

type parser struct {
	src   string
	toks  []token
	pos   int
	depth int
	opt   *Options
}

func parse(src string, o *Options) (node, error) {
	toks, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, toks: toks, opt: o}
	if p.peek().kind == tokEnd {
		return nil, p.fail(0, "the expression is empty")
	}
	x, err := p.expr()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokEnd {
		return nil, p.unexpected(t)
	}
	return x, nil
}

func (p *parser) peek() token { return p.toks[p.pos] }

func (p *parser) take() token {
	t := p.toks[p.pos]
	if t.kind != tokEnd {
		p.pos++
	}
	return t
}

func (p *parser) isOp(text string) bool {
	t := p.peek()
	return t.kind == tokOp && t.text == text
}

func (p *parser) accept(text string) bool {
	if p.isOp(text) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if p.accept(text) {
		return nil
	}
	t := p.peek()
	if t.kind == tokEnd {
		return p.fail(t.off, "%q is missing at the end", text)
	}
	return p.fail(t.off, "%q is expected before %q", text, t.text)
}

func (p *parser) fail(off int, format string, args ...any) error {
	return &SyntaxError{Expr: p.src, Offset: off, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) unexpected(t token) error {
	if t.kind == tokEnd {
		return p.fail(t.off, "the expression ends too early")
	}
	return p.fail(t.off, "%q is not expected here", t.text)
}

// levels lists the binary operators from the loosest to the tightest.
var levels = [...][]string{
	{"or"}, {"and"}, {"=", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "div", "mod"},
}

func (p *parser) expr() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.peek().off, "the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	return p.level(0)
}

func (p *parser) level(i int) (node, error) {
	if i == len(levels) {
		return p.unary()
	}
	l, err := p.level(i + 1)
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		if t.kind != tokOp || !contains(levels[i], t.text) {
			return l, nil
		}
		p.pos++
		r, err := p.level(i + 1)
		if err != nil {
			return nil, err
		}
		l = &binaryOp{at(t.off), t.text, l, r}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (p *parser) unary() (node, error) {
	minus := 0
	off := p.peek().off
	for p.accept("-") {
		minus++
	}
	x, err := p.union()
	if err != nil || minus == 0 {
		return x, err
	}
	x = &negation{at(off), x}
	if minus%2 == 0 { // still a number, with its sign restored
		x = &negation{at(off), x}
	}
	return x, nil
}

func (p *parser) union() (node, error) {
	l, err := p.path()
	if err != nil {
		return nil, err
	}
	for p.isOp("|") {
		t := p.take()
		r, err := p.path()
		if err != nil {
			return nil, err
		}
		for _, x := range []node{l, r} {
			switch x.(type) {
			case *numberLit, *stringLit:
				return nil, p.fail(t.off, "'|' joins nodes, not numbers or strings")
			}
		}
		l = &binaryOp{at(t.off), "|", l, r}
	}
	return l, nil
}

// path parses a location path or a filter expression with steps behind it.
func (p *parser) path() (node, error) {
	t := p.peek()
	switch {
	case t.kind == tokOp && t.text == "/":
		p.pos++
		x := &path{at: at(t.off), root: true}
		if !p.startsStep() {
			return x, nil
		}
		return x, p.steps(x)
	case t.kind == tokOp && t.text == "//":
		p.pos++
		x := &path{at: at(t.off), root: true, steps: []*step{descend()}}
		return x, p.steps(x)
	case p.startsStep():
		x := &path{at: at(t.off)}
		return x, p.steps(x)
	}
	return p.filterExpr()
}

func descend() *step { return &step{axis: AxisDescendantOrSelf, kind: testNode} }

func (p *parser) startsStep() bool {
	switch t := p.peek(); t.kind {
	case tokName, tokNodeType, tokAxis:
		return true
	case tokOp:
		return t.text == "." || t.text == ".." || t.text == "@"
	}
	return false
}

// filterExpr parses a primary expression, its predicates, and steps from it.
func (p *parser) filterExpr() (node, error) {
	x, err := p.primary()
	if err != nil {
		return nil, err
	}
	off := x.offset()
	if p.isOp("[") {
		preds, err := p.predicates()
		if err != nil {
			return nil, err
		}
		x = &filtered{at(off), x, preds}
	}
	if !p.isOp("/") && !p.isOp("//") {
		return x, nil
	}
	pa := &path{at: at(off), filter: x}
	if p.take().text == "//" {
		pa.steps = append(pa.steps, descend())
	}
	return pa, p.steps(pa)
}

func (p *parser) steps(x *path) error {
	for {
		s, err := p.step()
		if err != nil {
			return err
		}
		x.steps = append(x.steps, s)
		if len(x.steps) > maxSteps {
			return p.fail(x.offset(), "the path has more than %d steps", maxSteps)
		}
		if p.accept("//") {
			x.steps = append(x.steps, descend())
		} else if !p.accept("/") {
			return nil
		}
	}
}

func (p *parser) step() (*step, error) {
	s := &step{axis: AxisChild}
	t := p.take()
	switch {
	case t.kind == tokOp && t.text == ".":
		s.axis, s.kind = AxisSelf, testNode
		return s, nil // an abbreviated step takes no predicates
	case t.kind == tokOp && t.text == "..":
		s.axis, s.kind = AxisParent, testNode
		return s, nil
	case t.kind == tokOp && t.text == "@":
		s.axis = AxisAttribute
		t = p.take()
	case t.kind == tokAxis:
		i := 0
		for i < len(axisNames) && axisNames[i] != t.text {
			i++
		}
		if i == len(axisNames) {
			return nil, p.fail(t.off, "there is no axis %q", t.text)
		}
		s.axis = Axis(i)
		t = p.take()
	}
	if err := p.nodeTest(s, t); err != nil {
		return nil, err
	}
	var err error
	s.preds, err = p.predicates()
	return s, err
}

func (p *parser) nodeTest(s *step, t token) error {
	switch t.kind {
	case tokName:
		return p.nameTest(s, t)
	case tokNodeType:
		switch t.text {
		case "node":
			s.kind = testNode
		case "text":
			s.kind = testText
		case "comment":
			s.kind = testComment
		default:
			s.kind, s.any = testPI, true
		}
		p.pos++ // the lexer saw "("
		if a := p.peek(); s.kind == testPI && a.kind == tokString {
			s.any, s.name.Local = false, a.text
			p.pos++
		}
		return p.expect(")")
	}
	return p.unexpected(t)
}

func (p *parser) nameTest(s *step, t token) error {
	s.src = t.text
	prefix, local := splitName(t.text)
	s.name.Local, s.any = local, local == "*"
	if prefix == "" {
		// Attributes without prefix are in no namespace, in any reading.
		s.loose = s.any || s.axis != AxisAttribute && !p.opt.StrictNames && p.opt.DefaultSpace == ""
		if s.axis != AxisAttribute && s.axis != AxisNamespace {
			s.name.Space = p.opt.DefaultSpace
		}
		return nil
	}
	uri, ok := p.opt.lookup(prefix)
	if !ok {
		return p.fail(t.off, "namespace prefix %q is not declared", prefix)
	}
	s.name.Space = uri
	return nil
}

func (p *parser) predicates() ([]node, error) {
	var preds []node
	for p.accept("[") {
		x, err := p.expr()
		if err != nil {
			return nil, err
		}
		if err := p.expect("]"); err != nil {
			return nil, err
		}
		preds = append(preds, x)
	}
	return preds, nil
}

func (p *parser) primary() (node, error) {
	t := p.take()
	switch t.kind {
	case tokNumber:
		f, err := strconv.ParseFloat(strings.TrimSuffix(t.text, "."), 64)
		if err != nil && f == 0 {
			return nil, p.fail(t.off, "%q is not a number", t.text)
		}
		return &numberLit{at(t.off), f}, nil
	case tokString:
		return &stringLit{at(t.off), t.text}, nil
	case tokVar:
		return &varRef{at(t.off), t.text}, nil
	case tokFunc:
		return p.call(t)
	case tokOp:
		if t.text == "(" {
			x, err := p.expr()
			if err != nil {
				return nil, err
			}
			return x, p.expect(")")
		}
	}
	return nil, p.unexpected(t)
}

func (p *parser) call(t token) (node, error) {
	key, err := p.canonical(t)
	if err != nil {
		return nil, err
	}
	c := &call{at: at(t.off), name: t.text, key: key}
	p.pos++ // the lexer saw "("
	if p.accept(")") {
		return c, nil
	}
	for {
		x, err := p.expr()
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, x)
		if p.accept(",") {
			continue
		}
		return c, p.expect(")")
	}
}

// canonical gives functions of the JavaRosa namespace the prefix jr, whatever
// the form calls it; other prefixed names stay as written.
func (p *parser) canonical(t token) (string, error) {
	prefix, local := splitName(t.text)
	if prefix == "" {
		return local, nil
	}
	if local == "*" {
		return "", p.unexpected(t)
	}
	if _, host := p.opt.Funcs[t.text]; host {
		return t.text, nil
	}
	uri, ok := p.opt.lookup(prefix)
	switch {
	case !ok:
		return "", p.fail(t.off, "namespace prefix %q is not declared", prefix)
	case uri == javarosaSpace:
		return "jr:" + local, nil
	case prefix == "jr": // bound to something else: not the function it looks like
		return "{" + uri + "}" + local, nil
	}
	return t.text, nil
}

const javarosaSpace = "http://openrosa.org/javarosa"

// usual are the prefixes known when Options.Namespaces is nil.
var usual = map[string]string{
	"jr":       javarosaSpace,
	"odk":      "http://www.opendatakit.org/xforms",
	"orx":      "http://openrosa.org/xforms",
	"h":        "http://www.w3.org/1999/xhtml",
	"xsd":      "http://www.w3.org/2001/XMLSchema",
	"ev":       "http://www.w3.org/2001/xml-events",
	"entities": "http://www.opendatakit.org/xforms/entities",
}

func (o *Options) lookup(prefix string) (string, bool) {
	if prefix == "xml" {
		return xmlSpace, true
	}
	if o.Namespaces == nil {
		uri, ok := usual[prefix]
		return uri, ok
	}
	uri, ok := o.Namespaces[prefix]
	return uri, ok
}
