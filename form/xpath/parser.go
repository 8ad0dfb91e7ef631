package xpath

import (
	"fmt"
	"strconv"
	"strings"
)

// maxDepth bounds nesting, so that no expression can exhaust the stack.
const maxDepth = 400

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
