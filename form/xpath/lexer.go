package xpath

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd      tokenKind = iota
	tokNumber             // text = digits as written
	tokString             // text = contents
	tokName               // a QName, "*", or "p:*" as written
	tokFunc               // a QName before "("
	tokNodeType           // node, text, comment, processing-instruction before "("
	tokAxis               // an axis name before "::", which is swallowed
	tokVar                // $name
	tokOp                 // everything else, text = the operator or punctuation
)

type token struct {
	kind tokenKind
	text string
	off  int
}

// maxTokens bounds the work that one expression can cause; the largest real
// ones have a few hundred.
const maxTokens = 50_000

// lex cuts an expression into tokens with the disambiguation rules of XPath 1.0
// §3.7: "*" and the names and, or, mod, div are operators after an operand.
func lex(src string) ([]token, error) {
	l := &lexer{src: src, toks: make([]token, 0, len(src)/3+2)}
	for {
		l.space()
		if l.pos >= len(src) {
			l.add(tokEnd, "", l.pos)
			return l.toks, nil
		}
		if err := l.next(); err != nil {
			return nil, err
		}
		if len(l.toks) > maxTokens {
			return nil, &SyntaxError{Expr: src, Offset: l.pos, Msg: "the expression is too long"}
		}
	}
}

type lexer struct {
	src  string
	pos  int
	toks []token
}

func (l *lexer) add(k tokenKind, text string, off int) {
	l.toks = append(l.toks, token{k, text, off})
}

func (l *lexer) space() {
	for l.pos < len(l.src) && isSpace(l.src[l.pos]) {
		l.pos++
	}
}

// afterOperand tells whether the token before completes an operand.
func (l *lexer) afterOperand() bool {
	if len(l.toks) == 0 {
		return false
	}
	switch t := l.toks[len(l.toks)-1]; t.kind {
	case tokNumber, tokString, tokName, tokVar:
		return true
	case tokOp:
		return t.text == ")" || t.text == "]" || t.text == "." || t.text == ".."
	}
	return false
}

func (l *lexer) fail(off int, format string, args ...any) error {
	return &SyntaxError{Expr: l.src, Offset: off, Msg: fmt.Sprintf(format, args...)}
}

func (l *lexer) next() error {
	start, rest := l.pos, l.src[l.pos:]
	switch c := rest[0]; c {
	case '(', ')', '[', ']', '@', ',', '|', '+', '-', '=':
		l.op(1)
		return nil
	case '/', '<', '>', '!', ':':
		two := len(rest) > 1 && (c == '/' && rest[1] == '/' || c != '/' && c != ':' && rest[1] == '=')
		switch {
		case two:
			l.op(2)
		case c == '!' || c == ':':
			return l.fail(start, "%q is not expected here", string(c))
		default:
			l.op(1)
		}
		return nil
	case '*':
		if l.afterOperand() {
			l.op(1)
		} else {
			l.pos++
			l.add(tokName, "*", start)
		}
		return nil
	case '"', '\'':
		end := strings.IndexByte(rest[1:], c)
		if end < 0 {
			return l.fail(start, "the string is not closed")
		}
		l.pos += end + 2
		l.add(tokString, rest[1:end+1], start)
		return nil
	case '.':
		if len(rest) > 1 && rest[1] == '.' {
			l.op(2)
			return nil
		}
		if len(rest) < 2 || rest[1] < '0' || rest[1] > '9' {
			l.op(1)
			return nil
		}
		l.number()
		return nil
	case '$':
		l.pos++
		l.space()
		name := l.qname()
		if name == "" || strings.HasSuffix(name, "*") {
			return l.fail(start, "a variable name is expected after '$'")
		}
		l.add(tokVar, name, start)
		return nil
	}
	if rest[0] >= '0' && rest[0] <= '9' {
		l.number()
		return nil
	}
	return l.nameToken()
}

func (l *lexer) op(n int) {
	l.add(tokOp, l.src[l.pos:l.pos+n], l.pos)
	l.pos += n
}

func (l *lexer) number() {
	start := l.pos
	for l.digit() {
		l.pos++
	}
	if l.pos < len(l.src) && l.src[l.pos] == '.' {
		l.pos++
		for l.digit() {
			l.pos++
		}
	}
	l.add(tokNumber, l.src[start:l.pos], start)
}

func (l *lexer) digit() bool {
	return l.pos < len(l.src) && l.src[l.pos] >= '0' && l.src[l.pos] <= '9'
}

func (l *lexer) ncname() string {
	start := l.pos
	for l.pos < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[l.pos:])
		if l.pos == start && !isNameStart(r) || !isNameRune(r) || strings.ContainsRune(fullWidth, r) {
			break
		}
		l.pos += n
	}
	return l.src[start:l.pos]
}

// qname reads name, prefix:name or prefix:*; "" if there is none.
func (l *lexer) qname() string {
	start := l.pos
	if l.ncname() == "" {
		return ""
	}
	if rest := l.src[l.pos:]; len(rest) > 1 && rest[0] == ':' && rest[1] != ':' {
		l.pos++
		if rest[1] == '*' {
			l.pos++
		} else if l.ncname() == "" {
			l.pos = start
			return ""
		}
	}
	return l.src[start:l.pos]
}

func (l *lexer) nameToken() error {
	start := l.pos
	if l.afterOperand() {
		name := l.ncname()
		for _, op := range [...]string{"and", "or", "mod", "div"} {
			// "6andpath" is read as "6 and path", as the peers read it.
			if strings.HasPrefix(name, op) {
				l.pos = start
				l.op(len(op))
				return nil
			}
		}
		if name == "" {
			return l.unexpected(start)
		}
		return l.fail(start, "an operator is expected before %q", name)
	}
	name := l.qname()
	if name == "" {
		return l.unexpected(start)
	}
	end := l.pos
	l.space()
	rest := l.src[l.pos:]
	switch {
	case strings.HasPrefix(rest, "::"):
		l.pos += 2
		l.add(tokAxis, name, start)
		return nil
	case strings.HasPrefix(rest, "("):
		switch name {
		case "node", "text", "comment", "processing-instruction":
			l.add(tokNodeType, name, start)
		default:
			l.add(tokFunc, name, start)
		}
		return nil
	}
	l.pos = end
	l.add(tokName, name, start)
	return nil
}

// fullWidth are characters that a Chinese keyboard gives for operators. XML
// allows them in names, but nobody means that.
const fullWidth = "（），＝＞＜！＋－＊／［］｜．＂＇"

func (l *lexer) unexpected(off int) error {
	r, _ := utf8.DecodeRuneInString(l.src[off:])
	switch {
	case strings.ContainsRune("“”‘’", r):
		return l.fail(off, "%q is a typographic quotation mark; write ' or \"", r)
	case strings.ContainsRune(fullWidth, r):
		return l.fail(off, "%q is a full-width character; write it half-width", r)
	}
	return l.fail(off, "%q is not expected here", r)
}
