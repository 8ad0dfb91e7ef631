package xpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const xmlBlanks = " \t\r\n"

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *xmlParser) skipSpace() bool {
	start := p.pos
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
	return p.pos > start
}

// declaration reads <?xml version=… encoding=…?>.
func (p *xmlParser) declaration() error {
	end := strings.Index(p.src, "?>")
	if end < 0 {
		return p.fail("XML declaration is not closed")
	}
	decl := p.src[:end]
	if _, after, ok := strings.Cut(decl, "encoding"); ok {
		v := strings.ToLower(strings.Trim(after, " \t\r\n=\"'"))
		if !strings.HasPrefix(v, "utf-8") && !strings.HasPrefix(v, "utf8") && !strings.HasPrefix(v, "us-ascii") {
			return p.fail("encoding must be UTF-8")
		}
	}
	p.pos = end + 2
	return nil
}

// text reads character data and CDATA sections up to the next tag as one node.
// Where comments are dropped, text goes on behind them.
func (p *xmlParser) text(parent *Node) error {
	start := p.pos
	p.frag = p.frag[:0]
	for p.pos < len(p.src) {
		rest := p.src[p.pos:]
		if strings.HasPrefix(rest, "<![CDATA[") {
			if p.lim.SplitCDATA && p.pos > start {
				break
			}
			end := strings.Index(rest, "]]>")
			if end < 0 {
				return p.fail("CDATA section is not closed")
			}
			if err := p.checkChars(rest[9:end]); err != nil {
				return err
			}
			p.frag = append(p.frag, newlines(rest[9:end]))
			p.pos += end + 3
			if p.lim.SplitCDATA {
				break
			}
			continue
		}
		end := strings.IndexByte(rest, '<')
		if end == 0 {
			if !p.lim.DataOnly || parent.Kind == KindDocument {
				break
			}
			open, shut := "<!--", "-->"
			if strings.HasPrefix(rest, "<?") {
				open, shut = "<?", "?>"
			} else if !strings.HasPrefix(rest, open) {
				break
			}
			if err := p.delimited(parent, kindOf(open), open, shut); err != nil {
				return err
			}
			continue
		}
		if end < 0 {
			end = len(rest)
		}
		if strings.Contains(rest[:end], "]]>") {
			return p.fail("']]>' is not allowed in text")
		}
		if err := p.unescape(rest[:end], false); err != nil {
			return err
		}
		p.pos += end
	}
	if parent.Kind == KindDocument {
		if strings.Trim(p.src[start:p.pos], xmlBlanks) != "" {
			p.pos = start
			return p.fail("text outside the root element")
		}
		return nil
	}
	s := p.joined()
	if s == "" {
		return nil
	}
	if len(parent.Children) == 0 && strings.HasPrefix(p.src[p.pos:], "</") {
		parent.Text = s // the text of a leaf needs no node
		p.count++
		return nil
	}
	n := p.newNode(KindText)
	n.Parent, n.Text = parent, s
	parent.Children = append(parent.Children, n)
	return nil
}

func kindOf(open string) Kind {
	if open == "<?" {
		return KindPI
	}
	return KindComment
}

// joined joins the pieces, mostly one, into a string of its own, so that a tree
// does not keep the whole source alive.
func (p *xmlParser) joined() string {
	if len(p.frag) != 1 {
		return strings.Join(p.frag, "")
	}
	if p.lim.KeepSource {
		return p.frag[0]
	}
	return strings.Clone(p.frag[0])
}

func (p *xmlParser) delimited(parent *Node, k Kind, open, end string) error {
	rest := p.src[p.pos+len(open):]
	i := strings.Index(rest, end)
	if i < 0 {
		return p.fail("%q is not closed", open)
	}
	body := rest[:i]
	if err := p.checkChars(body); err != nil {
		return err
	}
	var n Node
	n.Text = strings.Clone(newlines(body))
	if k == KindComment && strings.Contains(body, "--") {
		return p.fail("'--' is not allowed in a comment")
	}
	if k == KindPI {
		sub := &xmlParser{src: body, names: p.names}
		target, err := sub.name()
		if err != nil || strings.EqualFold(target, "xml") || strings.Contains(target, ":") {
			return p.fail("processing instruction without a proper name")
		}
		if sub.pos < len(body) && !sub.skipSpace() {
			return p.fail("white space expected after %s", target)
		}
		n.Name.Local, n.Text = target, strings.Clone(newlines(body[sub.pos:]))
	}
	p.pos += len(open) + i + len(end)
	if !p.lim.DataOnly {
		kept := p.newNode(k)
		*kept = n
		kept.Kind, kept.Parent = k, parent
		parent.Children = append(parent.Children, kept)
	}
	return nil
}

// name reads a QName as written.
func (p *xmlParser) name() (string, error) {
	start, colons := p.pos, 0
	for p.pos < len(p.src) {
		r, n := rune(p.src[p.pos]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(p.src[p.pos:])
		}
		if r == ':' {
			colons++
			if colons > 1 || p.pos == start {
				return "", p.fail("a name with misplaced ':'")
			}
			p.pos++
			if p.pos >= len(p.src) {
				return "", p.fail("a name is expected after ':'")
			}
			r, n = utf8.DecodeRuneInString(p.src[p.pos:])
			if !isNameStart(r) {
				return "", p.fail("a name is expected after ':'")
			}
		} else if p.pos == start && !isNameStart(r) || !isNameRune(r) {
			break
		}
		p.pos += n
	}
	if p.pos == start {
		return "", p.fail("a name is expected here")
	}
	return p.intern(p.src[start:p.pos]), nil
}

func (p *xmlParser) intern(s string) string {
	if t, ok := p.names[s]; ok {
		return t
	}
	s = strings.Clone(s)
	p.names[s] = s
	return s
}

func splitName(s string) (prefix, local string) {
	if i := strings.IndexByte(s, ':'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

func isNameStart(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
		return true
	case r < 0xc0 || r == 0xd7 || r == 0xf7 || r == 0x37e || r == utf8.RuneError:
		return false
	case r < 0x300, r >= 0x370 && r < 0x2000, r == 0x200c, r == 0x200d,
		r >= 0x2070 && r < 0x2190, r >= 0x2c00 && r < 0x2ff0, r >= 0x3001 && r < 0xd800,
		r >= 0xf900 && r < 0xfdd0, r >= 0xfdf0 && r < 0xfffe, r >= 0x10000 && r < 0xf0000:
		return true
	}
	return false
}

func isNameRune(r rune) bool {
	return isNameStart(r) || r == '-' || r == '.' || r >= '0' && r <= '9' || r == 0xb7 ||
		r >= 0x300 && r < 0x370 || r == 0x203f || r == 0x2040
}

func (p *xmlParser) quoted(name string) (string, error) {
	if p.pos >= len(p.src) || p.src[p.pos] != '"' && p.src[p.pos] != '\'' {
		return "", p.fail("value of attribute %s must be in quotes", name)
	}
	rest := p.src[p.pos+1:]
	end := strings.IndexByte(rest, p.src[p.pos])
	if end < 0 {
		return "", p.fail("value of attribute %s is not closed", name)
	}
	if strings.IndexByte(rest[:end], '<') >= 0 {
		return "", p.fail("'<' is not allowed in attribute %s", name)
	}
	p.frag = p.frag[:0]
	if err := p.unescape(rest[:end], true); err != nil {
		return "", err
	}
	p.pos += end + 2
	return p.joined(), nil
}

// unescape appends s to p.frag with references resolved and line ends (in
// attributes: white space) normalised.
func (p *xmlParser) unescape(s string, attr bool) error {
	if err := p.checkChars(s); err != nil {
		return err
	}
	for s != "" {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			piece := newlines(s[:i])
			if attr && strings.ContainsAny(piece, "\t\n") {
				piece = strings.NewReplacer("\t", " ", "\n", " ").Replace(piece)
			}
			p.frag = append(p.frag, piece)
			s = s[i:]
			continue
		}
		end := strings.IndexByte(s, ';')
		if end < 0 {
			return p.fail("'&' must be written &amp;")
		}
		t, ok := reference(s[1:end])
		if !ok {
			return p.fail("reference &%s; is not known", clip(s[1:end]))
		}
		p.frag = append(p.frag, t)
		s = s[end+1:]
	}
	return nil
}

func reference(name string) (string, bool) {
	switch name {
	case "amp":
		return "&", true
	case "lt":
		return "<", true
	case "gt":
		return ">", true
	case "quot":
		return `"`, true
	case "apos":
		return "'", true
	}
	num, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", false
	}
	base := 10
	if h, hex := strings.CutPrefix(num, "x"); hex {
		num, base = h, 16
	}
	if num == "" || num[0] == '+' || num[0] == '-' {
		return "", false
	}
	c, err := strconv.ParseUint(num, base, 32)
	if err != nil || !isXMLChar(rune(c)) || c > unicode.MaxRune {
		return "", false
	}
	return string(rune(c)), true
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r < 0xd800 || r >= 0xe000 && r < 0xfffe || r >= 0x10000
}

func (p *xmlParser) checkChars(s string) error {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x20 && !isSpace(c) || c == 0xef && (strings.HasPrefix(s[i:], "\ufffe") || strings.HasPrefix(s[i:], "\uffff")) {
			return p.fail("control character %#x is not allowed", c)
		}
	}
	return nil
}

// newlines turns CR LF and CR into LF.
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func clip(s string) string {
	if len(s) > 20 {
		return strings.ToValidUTF8(s[:20], "") + "…"
	}
	return s
}

func (p *xmlParser) fail(format string, args ...any) error {
	done := p.src[:min(p.pos, len(p.src))]
	return &XMLError{
		Line:   1 + strings.Count(done, "\n"),
		Column: len(done) - strings.LastIndexByte(done, '\n'),
		Msg:    fmt.Sprintf(format, args...),
	}
}

func (p *xmlParser) tooLarge(format string, limit int) error {
	err := p.fail(format, limit).(*XMLError)
	err.TooLarge = true
	return err
}
